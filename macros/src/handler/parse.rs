//! The syntax of `#[handler(…)]`; what it may mean is decided in `model`.

use proc_macro2::{Span, TokenStream};
use skyloom_manifest::rules;
use syn::{
    Attribute, Ident, Lit, LitStr, Signature, Token, Type, Visibility,
    ext::IdentExt,
    parse::{Parse, ParseStream},
    token,
};

use super::options;
use crate::{setting::Setting, settings::suggest};

/// `GET "/orders/{id}", auth = Shopper`
pub(super) struct Args {
    pub(super) trigger: Trigger,
    pub(super) settings: Vec<Setting>,
}

/// What makes the handler run, with the word that says so.
pub(super) enum Trigger {
    Http { method: Ident, path: LitStr },
    Stream { table: Type },
    Schedule { expression: LitStr },
    Authorizer,
    Invoke,
    Hook,
    Url,
    WebSocket { route: LitStr },
    UserPool { pool: Type },
}

pub(super) const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ANY"];
const TRIGGERS: [&str; 8] = ["stream", "schedule", "authorizer", "invoke", "hook", "url", "websocket", "user_pool"];
/// What the design has and this version has not.
const LATER: [&str; 5] = ["queue", "topic", "bucket", "event", "edge"];
const CHOICES: &str = "say first what makes this handler run: `GET \"/path\"`, `stream = Table`, \
                       `schedule = \"rate(1 hour)\"`, `authorizer`, `invoke`, `hook`, `url`, `websocket = \"route\"` or \
                       `user_pool = Pool`";

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let trigger = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        Ok(Self { trigger, settings: Setting::parse_list(input)? })
    }
}

impl Parse for Trigger {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(syn::Error::new(Span::call_site(), CHOICES));
        }
        if input.peek(LitStr) {
            return Err(input.error("name the method before the path: `GET \"/path\"`"));
        }
        if !input.peek(Ident::peek_any) {
            return Err(input.error(CHOICES));
        }
        let word = input.call(Ident::parse_any)?;
        match word.to_string().as_str() {
            method if METHODS.contains(&method) => Ok(Self::Http { path: path(input, &word)?, method: word }),
            "stream" => Ok(Self::Stream { table: table(input)? }),
            "schedule" => Ok(Self::Schedule { expression: expression(input)? }),
            "authorizer" => Ok(Self::Authorizer),
            "invoke" => Ok(Self::Invoke),
            "hook" => Ok(Self::Hook),
            "url" => Ok(Self::Url),
            "websocket" => Ok(Self::WebSocket { route: route(input)? }),
            "user_pool" => Ok(Self::UserPool { pool: pool(input)? }),
            other => Err(syn::Error::new_spanned(&word, unknown(other, input))),
        }
    }
}

fn path(input: ParseStream<'_>, method: &Ident) -> syn::Result<LitStr> {
    if input.peek(LitStr) {
        return input.parse();
    }
    let message = format!("the path follows the method: write `{method} \"/path\"`");
    Err(if input.is_empty() { syn::Error::new_spanned(method, message) } else { input.error(message) })
}

fn table(input: ParseStream<'_>) -> syn::Result<Type> {
    named_type(input, "a stream handler names its table's type: write `stream = Order`")
}

fn pool(input: ParseStream<'_>) -> syn::Result<Type> {
    named_type(
        input,
        "a handler that Cognito asks names its pool's type: write `user_pool = Shopper, on = \"pre-sign-up\"`",
    )
}

/// `= Order`
fn named_type(input: ParseStream<'_>, message: &str) -> syn::Result<Type> {
    if !input.peek(Token![=]) || input.peek2(Lit) {
        return Err(input.error(message));
    }
    input.parse::<Token![=]>()?;
    Type::without_plus(input).map_err(|error| syn::Error::new(error.span(), message))
}

fn expression(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let message = "a schedule is a string: write `schedule = \"rate(1 hour)\"`";
    if input.peek(Token![=]) && input.peek2(LitStr) {
        input.parse::<Token![=]>()?;
        return input.parse();
    }
    Err(input.error(message))
}

fn route(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let message = "a route of a WebSocket API is a string: write `websocket = \"$connect\"`, or what its messages say, \
                   `websocket = \"sendMessage\"`";
    if input.peek(Token![=]) && input.peek2(LitStr) {
        input.parse::<Token![=]>()?;
        return input.parse();
    }
    Err(input.error(message))
}

/// Why this word is no trigger.
fn unknown(word: &str, input: ParseStream<'_>) -> String {
    let upper = word.to_ascii_uppercase();
    if LATER.contains(&word) {
        return format!("this version of Skyloom has no `{word}` handlers yet: {CHOICES}");
    }
    if METHODS.contains(&upper.as_str()) {
        return format!("a method is written in capitals: `{upper}`");
    }
    if input.peek(LitStr) {
        return suggest(&format!("`{word}` is no method of a route"), &upper, METHODS.into_iter());
    }
    if options::exists(word) {
        return format!("the trigger comes before the options: {CHOICES}");
    }
    match rules::nearest(word, TRIGGERS.into_iter().chain(METHODS)) {
        Some(near) => format!("`{word}` is no trigger: did you mean `{near}`?"),
        None => format!("`{word}` is no trigger: {CHOICES}"),
    }
}

/// The function as far as the macro looks at it. Its body is not parsed, so that a half-written one does not hide the
/// rest from an editor.
pub(super) struct Function {
    pub(super) attributes: Vec<Attribute>,
    pub(super) signature: Signature,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        if !starts_a_function(input) {
            return Err(input.error("`#[handler]` goes on a function: `async fn name(…)`"));
        }
        let signature = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(Self { attributes, signature })
    }
}

fn starts_a_function(input: ParseStream<'_>) -> bool {
    let qualified = input.peek(Token![const]) || input.peek(Token![unsafe]) || input.peek(Token![extern]);
    input.peek(Token![async])
        || input.peek(Token![fn])
        || (qualified && !input.peek2(Ident) && !input.peek2(token::Brace) && !input.peek2(Token![impl]))
}
