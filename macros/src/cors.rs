//! `cors(…)`: the pages of which origins may call.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use crate::{
    errors::Errors,
    registration::option,
    setting::Setting,
    settings::{Settings, suggest},
};

#[derive(Default)]
pub(crate) struct Cors {
    pub(crate) origins: Vec<LitStr>,
    pub(crate) methods: Vec<LitStr>,
    pub(crate) headers: Vec<LitStr>,
    pub(crate) expose: Vec<LitStr>,
    pub(crate) credentials: bool,
    /// Seconds.
    pub(crate) max_age: Option<u32>,
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "*"];
/// <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html>
const MAX_AGE: std::ops::RangeInclusive<u64> = 0..=86_400;

pub(crate) fn new(setting: &Setting, errors: &mut Errors) -> Option<Cors> {
    let nested = errors.keep(setting.nested("origins = [\"https://example.com\"]"))?;
    let known = ["origins", "methods", "headers", "expose", "credentials", "max_age"];
    let settings = Settings::of(nested, "cors(…)", &known, errors);
    let mut list = |name, example| settings.read(name, errors, |it| it.texts(example));
    let origins = list("origins", "https://example.com");
    let methods = list("methods", "GET").unwrap_or_default();
    let headers = list("headers", "content-type").unwrap_or_default();
    let expose = list("expose", "etag").unwrap_or_default();
    if settings.lacks("origins") {
        errors.push(&setting.name, "say which origins may call: write `origins = [\"https://example.com\"]`");
    }
    let origins = origins.unwrap_or_default();
    origins.iter().for_each(|origin| check_origin(origin, errors));
    methods.iter().for_each(|method| check_method(method, errors));
    let credentials = settings.read("credentials", errors, Setting::flag).unwrap_or(false);
    if let (true, Some(any)) = (credentials, origins.iter().find(|origin| origin.value() == "*")) {
        errors.push(
            any,
            "browsers send no credentials to an API that takes any origin: name the origins, or remove `credentials`",
        );
    }
    let max_age = settings.read("max_age", errors, |it| it.seconds(&MAX_AGE));
    Some(Cors { origins, methods, headers, expose, credentials, max_age })
}

/// `https://example.com`, as browsers send it: without path or trailing slash.
fn check_origin(origin: &LitStr, errors: &mut Errors) {
    let text = origin.value();
    let host = text.split_once("://").map(|(_, host)| host);
    let valid = text == "*" || host.is_some_and(|host| !host.is_empty() && !host.contains(['/', ' ', '?', '#']));
    if !valid {
        let scheme = if text.contains("://") { "" } else { "https://" };
        let end = text.find("://").map_or(0, |at| at + 3);
        let host = text[end..].split(['/', '?', '#', ' ']).next().unwrap_or_default();
        let host = if host.is_empty() { "example.com" } else { host };
        errors.push(origin, format!("an origin is a scheme and a host: write `{scheme}{}{host}`", &text[..end]));
    }
}

fn check_method(method: &LitStr, errors: &mut Errors) {
    let text = method.value();
    if !METHODS.contains(&text.as_str()) {
        let upper = text.to_ascii_uppercase();
        errors.push(method, suggest(&format!("`{text}` is no method"), &upper, METHODS.into_iter()));
    }
}

pub(crate) fn expand(cors: &Cors) -> TokenStream {
    let Cors { origins, methods, headers, expose, credentials, max_age } = cors;
    let max_age = option(*max_age);
    quote! {
        ::skyloom::__private::CorsEntry {
            origins: &[#(#origins),*],
            methods: &[#(#methods),*],
            headers: &[#(#headers),*],
            expose: &[#(#expose),*],
            credentials: #credentials,
            max_age: #max_age,
        }
    }
}
