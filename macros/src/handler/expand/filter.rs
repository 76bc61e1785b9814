//! A filter as the framework registers it. That its fields are there, and of a type that can be compared so, are
//! errors of the expansion at the user's own words.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;

use crate::{
    handler::filter::{Attribute, Comparison, Image, Term, Test},
    names,
    spans::at,
};

/// All terms of a filter.
pub(super) fn expand(table: &Type, terms: &[Term]) -> TokenStream {
    let terms = terms.iter().map(|it| term(table, it));
    quote! { &[#(#terms),*] }
}

/// Whether a term has a range of numbers, which the function judges itself.
pub(super) fn has_range(term: &Term) -> bool {
    match term {
        Term::Event(_) => false,
        Term::Attribute(attribute) => matches!(attribute.test, Test::Numeric(_)),
        Term::Any(of) => of.iter().flatten().any(has_range),
    }
}

fn term(table: &Type, term: &Term) -> TokenStream {
    match term {
        Term::Event(events) => quote! { ::skyloom::__private::FilterTerm::Event(&[#(#events),*]) },
        Term::Any(of) => {
            let of = of.iter().map(|terms| expand(table, terms));
            quote! { ::skyloom::__private::FilterTerm::Any(&[#(#of),*]) }
        }
        Term::Attribute(it) => attribute(table, it),
    }
}

fn attribute(table: &Type, attribute: &Attribute) -> TokenStream {
    let Attribute { image, within, test, .. } = attribute;
    let image = match image {
        Image::New => format_ident!("New"),
        Image::Old => format_ident!("Old"),
        Image::Key => format_ident!("Key"),
    };
    let subject = subject(table, attribute);
    let names = within.iter().map(names::text);
    let test = self::test(test);
    quote! {
        ::skyloom::__private::FilterTerm::Attribute {
            image: ::skyloom::__private::Image::#image,
            subject: #subject,
            within: &[#(#names),*],
            test: ::skyloom::__private::FilterTest::#test,
        }
    }
}

/// The field's name and type, which have to fit what it is compared with. All of it is at the user's word.
fn subject(table: &Type, attribute: &Attribute) -> TokenStream {
    let Attribute { image, field, within, test } = attribute;
    let constant = names::constant(field, field.span());
    let attribute = quote_spanned! {field.span()=> <#table>::#constant };
    let operand = format_ident!("{}", operand(test));
    let operand = quote! { ::skyloom::__private::filter::Operand::#operand };
    if let [way @ .., last] = &within[..] {
        let (steps, place) = (way.iter().map(step), at(last.span()));
        let end = quote_spanned! {place=> |it| &it.#last };
        return quote_spanned! {place=> {
            use ::skyloom::__private::filter::{OptionPart as _, PlainPart as _};
            ::skyloom::__private::filter::nested(#attribute, |it| it.part()#(#steps)*.map(#end), #operand)
        } };
    }
    let function = if *image == Image::Key { "key_attribute" } else { "attribute" };
    let function = format_ident!("{function}");
    quote_spanned! {at(field.span())=> ::skyloom::__private::filter::#function(#attribute, #operand) }
}

/// Into a field that is a struct, or an option of one.
fn step(field: &Ident) -> TokenStream {
    quote_spanned! {at(field.span())=> .and_then(|it| (&it.#field).part()) }
}

fn operand(test: &Test) -> &'static str {
    match test {
        Test::Strings(_) | Test::Prefix(_) | Test::Suffix(_) | Test::EqualsIgnoreCase(_) => "String",
        Test::Numbers(_) | Test::Numeric(_) => "Number",
        Test::Bool(_) => "Bool",
        Test::AnythingBut(test) => operand(test),
        Test::Exists | Test::NotExists => "Any",
    }
}

fn test(test: &Test) -> TokenStream {
    match test {
        Test::Strings(values) => quote! { String(&[#(#values),*]) },
        Test::Numbers(values) => quote! { Number(&[#(#values),*]) },
        Test::Bool(value) => quote! { Bool(#value) },
        Test::Prefix(values) => quote! { Prefix(&[#(#values),*]) },
        Test::Suffix(values) => quote! { Suffix(&[#(#values),*]) },
        Test::EqualsIgnoreCase(values) => quote! { EqualsIgnoreCase(&[#(#values),*]) },
        Test::AnythingBut(inner) => {
            let inner = self::test(inner);
            quote! { AnythingBut(&::skyloom::__private::FilterTest::#inner) }
        }
        Test::Numeric(bounds) => {
            let bounds = bounds.iter().map(|(comparison, bound)| {
                let comparison = comparison_name(*comparison);
                quote! { (::skyloom::__private::Comparison::#comparison, #bound) }
            });
            quote! { Numeric(&[#(#bounds),*]) }
        }
        Test::Exists => quote! { Exists },
        Test::NotExists => quote! { NotExists },
    }
}

fn comparison_name(comparison: Comparison) -> Ident {
    // The framework's variants have the same names.
    format_ident!("{comparison:?}")
}
