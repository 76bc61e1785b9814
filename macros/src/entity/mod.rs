//! `#[derive(Entity)]`

mod expand;
mod model;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

/// The implementations and the registration of an entity, or what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(model::new)
        .map_or_else(|errors| errors.into_compile_error(), |entity| expand::expand(&entity))
}
