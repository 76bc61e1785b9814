//! The syntax of `#[route(GET "/docs/{page}", auth = Public, http = "…")]`.

use syn::{
    DeriveInput, Ident, LitStr, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream},
};

use crate::{setting::Setting, settings::suggest};

/// What the attribute says.
pub(super) struct Args {
    pub(super) method: Ident,
    pub(super) path: LitStr,
    pub(super) settings: Vec<Setting>,
}

const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ANY"];
const EXAMPLE: &str = "`#[route(GET \"/docs/{page}\", auth = Public, http = \"https://example.org/{page}\")]`";

/// The one attribute of the type.
pub(super) fn args(input: &DeriveInput) -> syn::Result<Args> {
    let mut attributes = input.attrs.iter().filter(|attribute| attribute.path().is_ident("route"));
    let Some(first) = attributes.next() else {
        return Err(syn::Error::new_spanned(&input.ident, format!("say which requests it takes: write {EXAMPLE}")));
    };
    if let Some(second) = attributes.next() {
        return Err(syn::Error::new_spanned(second, "a type is one route: derive another type for this one"));
    }
    first.parse_args()
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error(format!("say first which requests it takes: write {EXAMPLE}")));
        }
        let method = input.call(Ident::parse_any)?;
        let word = method.to_string();
        if !METHODS.contains(&word.as_str()) {
            let what = format!("`{word}` is no method of a route");
            return Err(syn::Error::new_spanned(
                &method,
                suggest(&what, &word.to_ascii_uppercase(), METHODS.into_iter()),
            ));
        }
        if !input.peek(LitStr) {
            let message = format!("the path follows the method: write `{word} \"/path\"`");
            return Err(if input.is_empty() {
                syn::Error::new_spanned(&method, message)
            } else {
                input.error(message)
            });
        }
        let path = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        Ok(Self { method, path, settings: Setting::parse_list(input)? })
    }
}
