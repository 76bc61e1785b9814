//! The rules of `user_pool = Pool, on = "…"` handlers.

use quote::format_ident;
use syn::{Ident, ReturnType, Signature, Type};

use crate::{errors::Errors, settings::Settings};

/// A function that Cognito asks of the users of a pool.
pub(super) struct Pool {
    pub(super) pool: Type,
    /// The variant of `PoolTrigger`, and the framework's name for what is asked.
    pub(super) on: Ident,
    /// The type of the answer, where it decides which event is sent.
    pub(super) answer: Option<Type>,
}

const ON: [(&str, &str); 10] = [
    ("pre-sign-up", "PreSignUp"),
    ("post-confirmation", "PostConfirmation"),
    ("pre-authentication", "PreAuthentication"),
    ("post-authentication", "PostAuthentication"),
    ("pre-token-generation", "PreTokenGeneration"),
    ("custom-message", "CustomMessage"),
    ("migrate-user", "MigrateUser"),
    ("define-auth-challenge", "DefineAuthChallenge"),
    ("create-auth-challenge", "CreateAuthChallenge"),
    ("verify-auth-challenge-response", "VerifyAuthChallengeResponse"),
];

pub(super) fn new(pool: Type, signature: &Signature, settings: &Settings, errors: &mut Errors) -> Option<Pool> {
    let all: Vec<_> = ON.iter().map(|(on, _)| format!("`{on}`")).collect();
    let needed = format!("say when Cognito asks: `on = \"pre-sign-up\"`; there are {}", all.join(", "));
    let setting = settings.needed("on", errors, &pool, &needed)?;
    let on = errors.keep(setting.choice(&ON))?;
    let answer = match &signature.output {
        ReturnType::Type(_, ty) if on == "PreTokenGeneration" => Some((**ty).clone()),
        _ => None,
    };
    Some(Pool { pool, on: format_ident!("{on}"), answer })
}
