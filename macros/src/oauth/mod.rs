//! What user pools have of OAuth 2.0: options of `#[user_pool(…)]`, and `#[derive(UserPoolClient)]`.

mod client;
mod expand;
mod model;

use proc_macro2::TokenStream;

pub(crate) use self::{expand::entry, model::OAuth};

/// The registration of one more client of a pool, or what is wrong with it.
pub(crate) fn derive_client(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(client::new)
        .map_or_else(|errors| errors.into_compile_error(), |client| expand::client(&client))
}

#[cfg(test)]
mod tests;
