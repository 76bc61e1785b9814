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

const MESSAGE: &str =
    "name the library that has the handlers, as `use` would: `orders`, or `my_app` for the package `my-app`";

impl Parse for Library {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let library = Self::parse_name(input)?;
        if input.is_empty() { Ok(library) } else { Err(input.error(MESSAGE)) }
    }
}

impl Library {
    /// The name alone, whatever follows.
    pub(crate) fn parse_name(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![crate]) {
            input.parse::<Token![crate]>()?;
            return Ok(Self::This);
        }
        input.parse::<Option<Token![::]>>()?;
        if !input.peek(Ident) {
            return Err(input.error(MESSAGE));
        }
        Ok(Self::Extern(input.parse()?))
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
