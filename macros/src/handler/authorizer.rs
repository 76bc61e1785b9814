//! The rules of `authorizer` handlers.

use skyloom_manifest::rules;
use syn::{Ident, LitStr, ReturnType, Signature, Type};

use super::{
    http_options::PAYLOADS,
    identity::{self, Identity},
};
use crate::{errors::Errors, names, settings::Settings, types};

/// Types that are nobody's own, so that traits cannot be implemented for them.
const NO_PRINCIPALS: [&str; 15] = [
    "String", "bool", "char", "i32", "i64", "u32", "u64", "u128", "usize", "Vec", "Option", "Box", "HashMap",
    "BTreeMap", "Json",
];

/// A function that says who a caller is.
pub(super) struct Authorizer {
    /// What it makes of a caller that it lets in.
    pub(super) principal: Type,
    pub(super) principal_name: Ident,
    /// Seconds.
    pub(super) cache: u32,
    /// What of the request says who calls, where it is not the bearer token alone.
    pub(super) identity: Option<Identity>,
    /// The regular expression of a token.
    pub(super) validation: Option<LitStr>,
    /// Whether it answers with a policy of its own.
    pub(super) policy: bool,
    /// The header that has the token, if it is not `Authorization`.
    pub(super) token_header: Option<LitStr>,
    /// The variant of `PayloadFormat` in which an HTTP API asks.
    pub(super) payload: &'static str,
}

pub(super) fn new(
    signature: &Signature,
    arguments: &[Type],
    settings: &Settings,
    errors: &mut Errors,
) -> Option<Authorizer> {
    let cache = settings.read("cache", errors, |it| it.seconds(&rules::AUTHORIZER_CACHE)).unwrap_or(0);
    let token_header = token_header(settings, errors);
    let identity = identity::read(arguments, cache, token_header.as_ref(), settings, errors);
    let validation = validation(identity.as_ref(), settings, errors);
    let payload = settings.read("payload", errors, |it| it.choice(&PAYLOADS)).unwrap_or("Two");
    let message = "an authorizer says who the caller is: write `-> Result<Partner, Unauthorized>`, \
                   with a struct of yours as `Partner`";
    let output = match &signature.output {
        ReturnType::Type(_, output) => output,
        ReturnType::Default => {
            errors.push(&signature.ident, message);
            return None;
        }
    };
    let returned = types::arguments(output).into_iter().next().filter(|_| types::is_named(output, "Result"));
    let policy = returned.is_some_and(|ty| types::is_named(ty, "Policy"));
    let principal = if policy { returned.and_then(|ty| types::arguments(ty).into_iter().next()) } else { returned };
    match principal.and_then(|ty| Some((ty, types::name(ty)?))) {
        Some((principal, name)) if NO_PRINCIPALS.iter().any(|it| name == it) => {
            errors.push(principal, message);
            None
        }
        Some((principal, name)) => {
            names::check_ascii(name, errors);
            let (principal, principal_name) = (principal.clone(), name.clone());
            Some(Authorizer { principal, principal_name, cache, identity, validation, policy, token_header, payload })
        }
        None => {
            errors.push(output, message);
            None
        }
    }
}

fn token_header(settings: &Settings, errors: &mut Errors) -> Option<LitStr> {
    let setting = settings.find("token_header")?;
    let text = errors.keep(setting.text("X-Token"))?;
    rules::check_header_name(&text.value()).unwrap_or_else(|message| errors.push(text, message));
    Some(text.clone())
}

fn validation(identity: Option<&Identity>, settings: &Settings, errors: &mut Errors) -> Option<LitStr> {
    let setting = settings.find("validation")?;
    let text = errors.keep(setting.text("^Bearer [A-Za-z0-9._-]+$"))?;
    rules::check_expression(&text.value()).unwrap_or_else(|message| errors.push(text, message));
    if identity.is_some() {
        errors.push(
            &setting.name,
            "`validation` is of an authorizer that is asked about a token alone: leave it out, or `identity` and the \
             arguments that read the request",
        );
    }
    Some(text.clone())
}
