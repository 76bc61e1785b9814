//! How a function is run, beside its size: the options that every handler has.

use skyloom_manifest::rules;
use syn::{Ident, Lit, LitStr, Token, parse::Parser, punctuated::Punctuated};

use super::{
    deployment::{self, Deployment},
    event_invoke::EventInvoke,
    http_options::HttpOptions,
    options::Kind,
};
use crate::{
    errors::Errors,
    pairs::{self, Pair},
    setting::{Setting, Value},
    settings::Settings,
    tags,
};

/// What a handler says of how its function is run; `None` is as usual.
pub(super) struct FunctionOptions {
    pub(super) ephemeral_storage: Option<u32>,
    /// The variant of `LogLevel`.
    pub(super) log_level: Option<&'static str>,
    pub(super) log_retention: Option<u32>,
    pub(super) environment: Vec<Pair>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) tracing: Option<bool>,
    pub(super) layers: Vec<LitStr>,
    pub(super) vpc: bool,
    pub(super) event_invoke: EventInvoke,
    pub(super) deployment: Option<Deployment>,
    pub(super) provisioned_concurrency: Option<u32>,
    pub(super) http: HttpOptions,
}

const LOG_LEVELS: [(&str, &str); 6] = [
    ("info", "Info"),
    ("trace", "Trace"),
    ("debug", "Debug"),
    ("warn", "Warn"),
    ("error", "Error"),
    ("fatal", "Fatal"),
];

impl FunctionOptions {
    /// The kind of the handler, and its reserved concurrency.
    pub(super) fn new(
        (kind, concurrency): (Kind, Option<u32>),
        handler: &Ident,
        settings: &Settings,
        errors: &mut Errors,
    ) -> Self {
        Self {
            ephemeral_storage: settings
                .read("ephemeral_storage", errors, |it| it.integer(&rules::EPHEMERAL_STORAGE, " MB")),
            log_level: settings.read("log_level", errors, |it| it.choice(&LOG_LEVELS)),
            log_retention: settings.read("log_retention", errors, |it| it.days(rules::check_log_retention)),
            environment: environment(settings, errors),
            tags: tags::read(settings.find_all("tags"), "a function", errors),
            tracing: settings.read("tracing", errors, Setting::flag_or_boolean),
            layers: layers(settings, errors),
            vpc: settings.read("vpc", errors, Setting::flag).unwrap_or(false),
            event_invoke: EventInvoke::new(kind, handler, settings, errors),
            deployment: settings.read("deployment", errors, deployment::read),
            provisioned_concurrency: settings
                .read("provisioned_concurrency", errors, |it| provisioned(it, concurrency)),
            // An authorizer has a `payload` too, which is its own.
            http: if kind == Kind::Authorizer { HttpOptions::default() } else { HttpOptions::new(settings, errors) },
        }
    }
}

/// What waits is part of what may run at all.
fn provisioned(setting: &Setting, reserved: Option<u32>) -> syn::Result<u32> {
    let count = setting.integer(&rules::PROVISIONED_CONCURRENCY, "")?;
    match reserved {
        Some(most) if most < count => {
            Err(setting.wrong(&format!("is {count}, but `concurrency` lets only {most} run at once: raise that")))
        }
        _ => Ok(count),
    }
}

/// `environment("CURRENCY", "EUR")`, as often as needed.
fn environment(settings: &Settings, errors: &mut Errors) -> Vec<Pair> {
    let example = "\"CURRENCY\", \"EUR\"";
    let all = settings.find_all("environment").filter_map(|it| errors.keep(pairs::read(it, example)));
    let mut variables: Vec<Pair> = Vec::new();
    for variable in all.flatten().collect::<Vec<_>>() {
        let name = variable.name.value();
        errors.keep(rules::check_variable(&name).map_err(|message| syn::Error::new_spanned(&variable.name, message)));
        if variables.iter().any(|other| other.name.value() == name) {
            errors.push(&variable.name, format!("the variable `{name}` is there twice: remove one of them"));
        }
        variables.push(variable);
    }
    check_size(&variables, errors);
    variables
}

/// What the framework adds shows in the whole application only; this much is too much by itself.
fn check_size(variables: &[Pair], errors: &mut Errors) {
    let texts: Vec<_> = variables.iter().map(|it| (it.name.value(), it.value.value())).collect();
    let checked = rules::check_environment_size(texts.iter().map(|(name, value)| (&**name, &**value)));
    let largest = variables.iter().max_by_key(|it| it.value.value().len());
    if let (Err(message), Some(largest)) = (checked, largest) {
        errors.push(&largest.value, message);
    }
}

/// `layers("arn:…", "arn:…")`
fn layers(settings: &Settings, errors: &mut Errors) -> Vec<LitStr> {
    let arns = settings.read("layers", errors, |setting| {
        let parser = Punctuated::<LitStr, Token![,]>::parse_terminated;
        let named = match &setting.value {
            Value::Group(_, tokens) => parser.parse2(tokens.clone()).ok().map(|arns| arns.into_iter().collect()),
            Value::List(_, items) => items.iter().map(text).collect(),
            _ => None,
        };
        named.filter(|arns: &Vec<LitStr>| !arns.is_empty()).ok_or_else(|| {
            let example = "arn:aws:lambda:eu-west-1:123456789012:layer:tools:3";
            setting.wrong(&format!("names versions of layers: write `layers(\"{example}\")`"))
        })
    });
    let arns = arns.unwrap_or_default();
    for (at, arn) in arns.iter().enumerate() {
        let before: Vec<_> = arns[..at].iter().map(LitStr::value).collect();
        let text = arn.value();
        // Only this one, so that what was wrong before is told once.
        let together = match rules::check_layers(before.iter().map(String::as_str)) {
            Ok(()) => rules::check_layers(before.iter().map(String::as_str).chain([text.as_str()])),
            Err(_) => Ok(()),
        };
        let checked = rules::check_layer(&text).and(together);
        errors.keep(checked.map_err(|message| syn::Error::new_spanned(arn, message)));
    }
    arns
}

fn text(literal: &Lit) -> Option<LitStr> {
    match literal {
        Lit::Str(text) => Some(text.clone()),
        _ => None,
    }
}
