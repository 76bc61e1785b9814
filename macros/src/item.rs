//! What the derives of structs have in common.

use proc_macro2::TokenStream;
use syn::{Attribute, Data, DataStruct, DeriveInput, Field, Fields, Generics, Ident, Meta, Token, parse::ParseStream};

use crate::{errors::Errors, names, setting::Setting};

/// The named fields of a struct without parameters whose name AWS can have too; `what` is `Table`.
pub(crate) fn named_fields(input: &DeriveInput, what: &str, errors: &mut Errors) -> Vec<Field> {
    check_name_and_generics(input, what, errors);
    match &input.data {
        Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) => fields.named.iter().cloned().collect(),
        _ => {
            errors.push(
                &input.ident,
                format!("`{what}` is derived for structs with named fields: `struct {} {{ … }}`", input.ident),
            );
            Vec::new()
        }
    }
}

pub(crate) fn check_name_and_generics(input: &DeriveInput, what: &str, errors: &mut Errors) {
    names::check_ascii(&input.ident, errors);
    if !input.generics.params.is_empty() {
        errors.push(
            &input.generics.params,
            format!("`{what}` stands for one thing in the cloud: the type has no parameters"),
        );
    }
}

/// What is wrong with a type, and what others name it for all the same: otherwise each of them would be told that it is not derived.
pub(crate) fn stand_in(errors: &syn::Error, generics: &Generics, implementations: TokenStream) -> TokenStream {
    let mut tokens = errors.to_compile_error();
    if generics.params.is_empty() {
        tokens.extend(implementations);
    }
    tokens
}

/// The settings of all attributes of this name.
pub(crate) fn settings(attributes: &[Attribute], name: &str, errors: &mut Errors) -> Vec<Setting> {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident(name));
    lists.filter_map(|attribute| errors.keep(attribute.parse_args_with(Setting::parse_list))).flatten().collect()
}

/// `Name, a = 1, b`
pub(crate) fn named_settings(input: ParseStream<'_>) -> syn::Result<(Ident, Vec<Setting>)> {
    let name = input.parse()?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok((name, Setting::parse_list(input)?))
}

/// The attributes of this name, which take no value.
pub(crate) fn markers<'a>(attributes: &'a [Attribute], name: &str, errors: &mut Errors) -> Vec<&'a Attribute> {
    let found: Vec<&Attribute> = attributes.iter().filter(|attribute| attribute.path().is_ident(name)).collect();
    for attribute in &found {
        if !matches!(attribute.meta, Meta::Path(_)) {
            errors.push(attribute, format!("this takes no value: write `#[{name}]`"));
        }
    }
    found
}
