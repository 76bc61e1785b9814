//! `#[derive(Collection)]`

mod expand;
mod model;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

/// The implementations of an item collection, or what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(model::new)
        .map_or_else(|errors| errors.into_compile_error(), |collection| expand::expand(&collection))
}
