//! What only a route of an HTTP API says: the form of its events, and what is changed of requests and replies.

use skyloom_manifest::rules::{self, Change};
use syn::{Ident, LitStr};

use crate::{
    errors::Errors,
    pairs::{self, Pair},
    settings::Settings,
};

#[derive(Default)]
pub(super) struct HttpOptions {
    /// The variant of `PayloadFormat`.
    pub(super) payload: Option<&'static str>,
    pub(super) request: Vec<Pair>,
    /// A status, what is changed, and to what.
    pub(super) response: Vec<(u16, String, LitStr)>,
    /// The first option that a REST API does not have.
    pub(super) wrong_for_rest: Option<Ident>,
}

pub(super) const PAYLOADS: [(&str, &str); 2] = [("2.0", "Two"), ("1.0", "One")];

impl HttpOptions {
    pub(super) fn new(settings: &Settings, errors: &mut Errors) -> Self {
        let named = ["payload", "request", "response"].into_iter().filter_map(|name| settings.find(name));
        Self {
            wrong_for_rest: named.into_iter().next().map(|setting| setting.name.clone()),
            payload: settings.read("payload", errors, |it| it.choice(&PAYLOADS)),
            request: request(settings, errors),
            response: response(settings, errors),
        }
    }
}

/// `request("append:header.x-tenant" = "$context.domainName")`
fn request(settings: &Settings, errors: &mut Errors) -> Vec<Pair> {
    let example = "\"append:header.x-tenant\" = \"$context.domainName\"";
    let changes = settings.read("request", errors, |it| pairs::read(it, example)).unwrap_or_default();
    for Pair { name, value } in &changes {
        if let Err(message) = Change::of_request(&name.value(), &value.value()) {
            errors.push(name, message);
        }
    }
    changes
}

/// `response("404 overwrite:statuscode" = "403")`
fn response(settings: &Settings, errors: &mut Errors) -> Vec<(u16, String, LitStr)> {
    let example = "\"404 overwrite:statuscode\" = \"403\"";
    let changes = settings.read("response", errors, |it| pairs::read(it, example)).unwrap_or_default();
    let mut read = |Pair { name, value }: Pair| {
        let text = name.value();
        let split = rules::split_status(&text)
            .and_then(|(status, key)| Change::of_response(key, &value.value()).map(|_| (status, key.to_owned())));
        match split {
            Ok((status, key)) => Some((status, key, value)),
            Err(message) => {
                errors.push(&name, message);
                None
            }
        }
    };
    changes.into_iter().filter_map(&mut read).collect()
}
