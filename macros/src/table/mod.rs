//! `#[derive(Table)]`

mod expand;
mod index;
mod model;
mod options;
mod parse;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

/// The implementations and the registration of a table, or what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(parse::read)
        .and_then(model::new)
        .map_or_else(|errors| errors.into_compile_error(), |table| expand::expand(&table))
}
