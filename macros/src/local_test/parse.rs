//! `orders, seeds = 200, faults(throttle = 0.2)`: syntax only.

use syn::{
    Ident, Token,
    ext::IdentExt as _,
    parse::{Parse, ParseStream},
    token,
};

use crate::{main_macro::parse::Library, setting::Setting};

pub(super) struct Arguments {
    pub(super) library: Library,
    pub(super) options: Vec<Setting>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() || begins_with_option(input) {
            return Ok(Self { library: Library::This, options: Setting::parse_list(input)? });
        }
        let library = Library::parse_name(input)?;
        if !input.is_empty() && input.parse::<Option<Token![,]>>()?.is_none() {
            return Err(input.error("a comma comes after the name of the library: `orders, seeds = 200`"));
        }
        Ok(Self { library, options: Setting::parse_list(input)? })
    }
}

/// A library's name has nothing behind it but a comma.
fn begins_with_option(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.call(Ident::parse_any).is_ok() && (ahead.peek(Token![=]) || ahead.peek(token::Paren))
}
