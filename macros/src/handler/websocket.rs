//! The rules of `websocket = "route"` handlers.

use skyloom_manifest::rules;
use syn::{LitStr, ReturnType, Type};

use super::expand::has_no_name;
use crate::{
    errors::Errors,
    principal,
    settings::Settings,
    throttle::{self, Throttle},
    types,
};

/// A route of a WebSocket API.
pub(super) struct Socket {
    pub(super) route: LitStr,
    pub(super) api: Type,
    pub(super) kind: Kind,
    pub(super) throttle: Option<Throttle>,
}

/// What happens on the connection.
pub(super) enum Kind {
    /// It begins, and who may let it begin.
    Connect(Box<Type>),
    /// It has ended.
    Disconnect,
    /// Something was sent.
    Message,
}

const BODIES: [&str; 3] = ["Json", "Bytes", "String"];

pub(super) fn new(
    route: LitStr,
    settings: &Settings,
    arguments: &[Type],
    output: &ReturnType,
    errors: &mut Errors,
) -> Option<Socket> {
    let key = route.value();
    rules::check_route_key(&key).unwrap_or_else(|message| errors.push(&route, message));
    let is_message = !matches!(key.as_str(), "$connect" | "$disconnect");
    check_bodies(&key, is_message, arguments, errors);
    if !is_message {
        check_connection(&key, arguments, errors);
    }
    if let ReturnType::Type(_, ty) = output
        && has_no_name(ty)
    {
        errors.push(ty, "whether a route replies is known by the type: write it in place of the `impl`");
    }
    let api = match settings.find("api") {
        Some(setting) => errors.keep(setting.ty("Chat")).cloned(),
        None => {
            errors.push(&route, "name the API: write `api = Chat`, with a type that has `#[api(websocket)]`");
            None
        }
    };
    let kind = kind(&key, &route, settings, errors);
    let throttle = throttle(&key, settings, errors);
    Some(Socket { route, api: api?, kind: kind?, throttle })
}

fn throttle(key: &str, settings: &Settings, errors: &mut Errors) -> Option<Throttle> {
    let setting = settings.find("throttle")?;
    if key == "$disconnect" {
        errors.push(&setting.name, "the end of a connection cannot be refused: leave `throttle` out");
    }
    throttle::read(setting, errors)
}

/// Who may connect is asked once, at the beginning.
fn kind(key: &str, route: &LitStr, settings: &Settings, errors: &mut Errors) -> Option<Kind> {
    const NEEDED: &str = "name who may connect: `auth = Public` for everyone, `auth = Iam`, or the principal that an \
                          authorizer makes";
    match (key, settings.find("auth")) {
        ("$connect", _) => {
            let auth = principal::read(settings.needed("auth", errors, route, NEEDED)?, errors)?;
            Some(Kind::Connect(Box::new(auth.clone())))
        }
        (_, Some(setting)) => {
            let message = "who may connect is said at `$connect`, and what comes later comes from them: leave `auth` out; the \
                           principal can be an argument here as well";
            errors.push(&setting.name, message);
            None
        }
        ("$disconnect", None) => Some(Kind::Disconnect),
        (_, None) => Some(Kind::Message),
    }
}

/// A message has one body, and what is no message has none.
fn check_bodies(key: &str, is_message: bool, arguments: &[Type], errors: &mut Errors) {
    let body = |ty: &Type| BODIES.into_iter().find(|name| types::is_named(types::unwrapped(ty), name));
    let mut first = None;
    for (argument, name) in arguments.iter().filter_map(|ty| body(ty).map(|name| (ty, name))) {
        if !is_message {
            errors.push(argument, format!("`{key}` comes without a message: remove this argument"));
        } else if let Some(first) = first {
            errors
                .push(argument, format!("a message has one body, and `{first}` takes it already: remove one of them"));
        } else {
            first = Some(name);
        }
    }
}

/// Nothing can be sent before `$connect` has answered, nor after the end.
fn check_connection(key: &str, arguments: &[Type], errors: &mut Errors) {
    for argument in arguments.iter().filter(|ty| types::is_named(types::unwrapped(ty), "Connection")) {
        let when = if key == "$connect" { "is not open yet" } else { "has ended" };
        let message = format!(
            "in `{key}` the connection {when}, so that nothing can be sent on it: take `ConnectionContext`, which has its id"
        );
        errors.push(argument, message);
    }
}
