//! What the manifest says of the attributes of an item, so that a change of them is seen before stored items cannot be read.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use super::model::{Attribute, Fields};
use crate::{spans::gathered, types};

/// `.with_item(…)` of an entry, unless the struct is not stored as its fields.
pub(crate) fn with_item(fields: &Fields) -> Option<TokenStream> {
    let attributes = fields.attributes.iter().map(attribute);
    let open = fields.open;
    fields.are_stored.then(|| {
        quote! {
            .with_item({
                #[allow(unused_imports)]
                use ::skyloom::__private::UnknownType as _;
                ::skyloom::__private::ItemEntry { attributes: &[#(#attributes),*], open: #open }
            })
        }
    })
}

fn attribute(Attribute { ty, stored, .. }: &Attribute) -> TokenStream {
    let name = &stored.name;
    let kind = if stored.altered.is_some() {
        quote! { ::skyloom::__private::FieldType::UNKNOWN }
    } else {
        kind(ty)
    };
    let optional = stored.defaulted.then(|| quote! { .optional() });
    let aliases = (!stored.aliases.is_empty()).then(|| {
        let aliases = &stored.aliases;
        quote! { .read_as(&[#(#aliases),*]) }
    });
    quote! { ::skyloom::__private::AttributeEntry::of(#name, #kind)#optional #aliases }
}

/// What the compiler finds of the type: a constant of its own where it is known, and otherwise one that every type has.
fn kind(ty: &Type) -> TokenStream {
    match (types::option_of(ty), types::box_of(ty)) {
        (Some(inner), _) => {
            let inner = kind(inner);
            quote! { #inner.optional() }
        }
        (None, Some(inner)) => kind(inner),
        (None, None) => {
            let (ty, place) = gathered(ty);
            quote_spanned! {place=> ::skyloom::__private::TypeOf::<#ty>::STORED }
        }
    }
}
