//! The name of the library that has the handlers.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Ident, Token,
    parse::{Parse, ParseStream},
};

pub(crate) enum Library {
    /// Another crate.
    Extern(Ident),
    /// The crate that it is written in.
    This,
}

impl Parse for Library {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let message =
            "name the library that has the handlers, as `use` would: `orders`, or `my_app` for the package `my-app`";
        if input.peek(Token![crate]) {
            input.parse::<Token![crate]>()?;
            return if input.is_empty() { Ok(Self::This) } else { Err(input.error(message)) };
        }
        input.parse::<Option<Token![::]>>()?;
        if !input.peek(Ident) {
            return Err(input.error(message));
        }
        let name = input.parse()?;
        if input.is_empty() { Ok(Self::Extern(name)) } else { Err(input.error(message)) }
    }
}

/// Names the library, so that the linker keeps what it registers.
impl ToTokens for Library {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if let Self::Extern(name) = self {
            tokens.extend(quote! { use ::#name as _; });
        }
    }
}
