//! `#[handler(TRIGGER, options…)]`

mod allow;
mod authorizer;
mod cache;
mod deployment;
mod destination;
mod event_invoke;
mod expand;
mod filter;
mod function;
mod http;
mod http_options;
mod identity;
mod model;
mod options;
mod parse;
mod pool;
mod signature;
mod stream;
#[cfg(test)]
mod tests;
mod url;
mod websocket;

use proc_macro2::TokenStream;
use quote::quote;

/// The function as it was, and its registration or what is wrong with it.
pub(crate) fn handler(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let registration = read(attribute, item.clone())
        .map_or_else(|errors| errors.into_compile_error(), |handler| expand::expand(&handler));
    quote! { #item #registration }
}

fn read(attribute: TokenStream, item: TokenStream) -> syn::Result<model::Handler> {
    let function = syn::parse2(item)?;
    model::new(syn::parse2(attribute)?, function)
}
