//! The rules of `url` handlers.

use syn::{Ident, Type};

use super::http::check_bodies;
use crate::{
    cors::{self, Cors},
    errors::Errors,
    settings::Settings,
    types,
};

/// A function's own URL.
pub(super) struct Url {
    pub(super) auth: Type,
    pub(super) cors: Option<Cors>,
}

pub(super) fn new(handler: &Ident, settings: &Settings, arguments: &[Type], errors: &mut Errors) -> Option<Url> {
    for argument in arguments.iter().filter(|ty| types::is_named(types::unwrapped(ty), "Path")) {
        errors.push(
            argument,
            "a URL has no route whose path could have parameters: take `RequestContext`, which has the path",
        );
    }
    check_bodies(None, arguments, errors);
    let cors = settings.find("cors").and_then(|setting| cors::new(setting, errors));
    Some(Url { auth: auth(handler, settings, errors)?, cors })
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>
fn auth(handler: &Ident, settings: &Settings, errors: &mut Errors) -> Option<Type> {
    const NEEDED: &str =
        "name who may call: `auth = Iam` for those who sign their requests, or `auth = Public` for everyone";
    let setting = settings.needed("auth", errors, handler, NEEDED)?;
    let auth = errors.keep(setting.ty("Iam"))?;
    if !["Public", "Iam"].iter().any(|known| types::is_named(auth, known)) {
        let message = "Lambda itself knows `Iam` and `Public` at a function's URL: for other callers write a route of an \
                       API, `GET \"/path\"`";
        errors.push(auth, message);
        return None;
    }
    Some(auth.clone())
}
