//! `#[derive(Table)]`

pub(crate) mod described;
pub(crate) mod expand;
mod index;
mod key;
pub(crate) mod model;
mod options;
pub(crate) mod parse;
mod projected;
mod projection;
mod shared;
pub(crate) mod side;
mod template;
#[cfg(test)]
mod tests;
pub(crate) mod version;

use proc_macro2::TokenStream;
use syn::{Data, DataStruct, DeriveInput, Fields};

/// The implementations and the registration of a table, or what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input).and_then(expansion).unwrap_or_else(|errors| errors.into_compile_error())
}

/// A struct without fields is a table that entities share.
fn expansion(input: DeriveInput) -> syn::Result<TokenStream> {
    if matches!(&input.data, Data::Struct(DataStruct { fields: Fields::Unit, .. })) {
        return shared::new(&input).map(|table| table.expand());
    }
    parse::read(input).and_then(model::new).map(|table| expand::expand(&table))
}
