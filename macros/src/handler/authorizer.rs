//! The rules of `authorizer` handlers.

use skyloom_manifest::rules;
use syn::{Ident, ReturnType, Signature, Type};

use crate::{errors::Errors, names, settings::Settings, types};

/// A function that says who a caller is.
pub(super) struct Authorizer {
    /// What it makes of a caller that it lets in.
    pub(super) principal: Type,
    pub(super) principal_name: Ident,
    /// Seconds.
    pub(super) cache: u32,
}

pub(super) fn new(signature: &Signature, settings: &Settings, errors: &mut Errors) -> Option<Authorizer> {
    let cache = settings.read("cache", errors, |it| it.seconds(&rules::AUTHORIZER_CACHE)).unwrap_or(0);
    let message = "an authorizer says who the caller is: write `-> Result<Partner, Unauthorized>`, \
                   with a struct of yours as `Partner`";
    let output = match &signature.output {
        ReturnType::Type(_, output) => output,
        ReturnType::Default => {
            errors.push(&signature.ident, message);
            return None;
        }
    };
    let principal = types::arguments(output).into_iter().next().filter(|_| types::is_named(output, "Result"));
    match principal.and_then(|ty| Some((ty, types::name(ty)?))) {
        Some((principal, name)) => {
            names::check_ascii(name, errors);
            Some(Authorizer { principal: principal.clone(), principal_name: name.clone(), cache })
        }
        None => {
            errors.push(output, message);
            None
        }
    }
}
