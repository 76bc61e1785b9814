//! `gateway_response(unauthorized, status = 401, header("www-authenticate", "Bearer"), body = "…")`

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use skyloom_manifest::rules;
use syn::{Ident, LitStr};

use crate::{
    errors::Errors,
    pairs::{self, Pair},
    registration::option,
    setting::{Setting, Value},
    settings::{Settings, suggest},
};

/// What an API answers in place of its own words.
pub(super) struct GatewayResponse {
    /// The variant of `ResponseType`.
    response: Ident,
    status: Option<u16>,
    headers: Vec<Pair>,
    body: Option<LitStr>,
    content_type: Option<LitStr>,
}

const EXAMPLE: &str = "unauthorized, status = 401, body = \"{}\"";
const OPTIONS: [&str; 4] = ["status", "header", "body", "content_type"];

pub(super) fn read_all(settings: &Settings, errors: &mut Errors) -> Vec<GatewayResponse> {
    let mut responses: Vec<GatewayResponse> = Vec::new();
    for setting in settings.find_all("gateway_response") {
        let Some(response) = read(setting, errors) else { continue };
        if responses.iter().any(|other| other.response == response.response) {
            errors.push(&response.response, "there is a response of this name already: make them one");
        }
        responses.push(response);
    }
    responses
}

fn read(setting: &Setting, errors: &mut Errors) -> Option<GatewayResponse> {
    let mut nested = errors.keep(setting.nested(EXAMPLE))?;
    if nested.is_empty() || OPTIONS.iter().any(|option| nested[0].name == option) {
        errors.push(&setting.name, format!("say first which response it is: write `gateway_response({EXAMPLE})`"));
        return None;
    }
    let occasion = nested.remove(0);
    let explain = |name: &str| {
        let unknown = || suggest(&format!("`{name}` is no option of `gateway_response(…)`"), name, OPTIONS.into_iter());
        (!OPTIONS.contains(&name)).then(unknown)
    };
    let settings = Settings::new(nested, &["header"], explain, errors);
    let response = response(&occasion, errors);
    let status = settings.read("status", errors, |it| it.integer(&rules::GATEWAY_STATUS, ""));
    let headers =
        settings.find_all("header").filter_map(|it| errors.keep(pairs::read(it, "\"www-authenticate\", \"Bearer\"")));
    let headers: Vec<Pair> = headers.flatten().collect();
    let body = settings.read("body", errors, |it| it.text("{}")).cloned();
    let content_type = settings.read("content_type", errors, |it| it.text("application/problem+json")).cloned();
    check(&headers, body.as_ref(), content_type.as_ref(), errors);
    let status = status.and_then(|status| u16::try_from(status).ok());
    Some(GatewayResponse { response: response?, status, headers, body, content_type })
}

/// `unauthorized` → `Unauthorized`
fn response(occasion: &Setting, errors: &mut Errors) -> Option<Ident> {
    let word = occasion.name.to_string();
    let words = rules::GATEWAY_RESPONSES.map(str::to_ascii_lowercase);
    if !matches!(occasion.value, Value::Flag) || !words.contains(&word) {
        let what = format!("`{word}` is no response that an API gives by itself");
        errors.push(&occasion.name, suggest(&what, &word, words.iter().map(String::as_str)));
        return None;
    }
    let capitalised = word.split('_').map(|part| part[..1].to_ascii_uppercase() + &part[1..]);
    Some(Ident::new(&capitalised.collect::<String>(), occasion.name.span()))
}

fn check(headers: &[Pair], body: Option<&LitStr>, content_type: Option<&LitStr>, errors: &mut Errors) {
    for Pair { name, value } in headers {
        rules::check_response_header(&name.value(), &value.value())
            .unwrap_or_else(|message| errors.push(value, message));
    }
    if let Some(body) = body {
        let parts = rules::template_parts(&body.value()).map(drop);
        parts.unwrap_or_else(|message| errors.push(body, message));
    }
    if let Some(text) = content_type {
        rules::check_media_type(&text.value()).unwrap_or_else(|message| errors.push(text, message));
        if body.is_none() {
            errors.push(text, "`content_type` is that of a `body`, and there is none: write one, or leave it out");
        }
    }
}

pub(super) fn expand(responses: &[GatewayResponse]) -> TokenStream {
    let entries = responses.iter().map(|response| {
        let GatewayResponse { response, status, headers, body, content_type } = response;
        let response = format_ident!("{response}");
        let [body, content_type] = [body, content_type].map(|text| option(text.as_ref()));
        let status = option(*status);
        let headers = headers.iter().map(|Pair { name, value }| quote! { (#name, #value) });
        quote! {
            ::skyloom::__private::GatewayResponseEntry {
                response: ::skyloom::__private::ResponseType::#response,
                status: #status,
                headers: &[#(#headers),*],
                body: #body,
                content_type: #content_type,
            }
        }
    });
    quote! { &[#(#entries),*] }
}
