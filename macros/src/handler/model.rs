//! A handler that exists is valid.

use skyloom_manifest::rules;
use syn::{Attribute, Ident, LitStr, ReturnType, Type};

use super::{
    authorizer::{self, Authorizer},
    http::{self, Http},
    options::{Common, Kind},
    parse::{self, Args, Function},
    pool::{self, Pool},
    signature,
    stream::{self, Stream},
    url::{self, Url},
    websocket::{self, Socket},
};
use crate::{docs, errors::Errors, types};

/// All that the expansion needs.
pub(super) struct Handler {
    pub(super) name: Ident,
    pub(super) description: String,
    /// The registration is there only where the function is.
    pub(super) conditions: Vec<Attribute>,
    pub(super) trigger: Trigger,
    pub(super) common: Common,
    pub(super) arguments: Vec<Type>,
    pub(super) output: ReturnType,
}

pub(super) enum Trigger {
    Http(Box<Http>),
    Stream(Box<Stream>),
    Schedule(LitStr),
    Authorizer(Box<Authorizer>),
    Invoke,
    Hook,
    Url(Box<Url>),
    WebSocket(Box<Socket>),
    UserPool(Box<Pool>),
}

pub(super) fn new(args: Args, function: Function) -> syn::Result<Handler> {
    let Function { attributes, signature } = function;
    let mut errors = Errors::default();
    let arguments = signature::check(&signature, &mut errors);
    let kind = Kind::of(&args.trigger);
    let settings = kind.settings(args.settings, &mut errors);
    let streams =
        matches!(&signature.output, ReturnType::Type(_, ty) if types::is_named(types::unwrapped(ty), "Streamed"));
    let common = Common::new((kind, streams), &signature.ident, &settings, &mut errors);
    let trigger = match args.trigger {
        parse::Trigger::Http { method, path } => {
            let route = http::new(method, path, &settings, &arguments, &mut errors);
            if let Some(cache) = route.as_ref().and_then(|route| route.cache.as_ref()).filter(|_| streams) {
                errors.push(&cache.name, rules::CACHE_OF_STREAM);
            }
            route.map(|route| Trigger::Http(Box::new(if streams { route.unhurried() } else { route })))
        }
        parse::Trigger::Stream { table } => {
            Some(Trigger::Stream(Box::new(stream::new(&signature.ident, table, &settings, &arguments, &mut errors))))
        }
        parse::Trigger::Schedule { expression } => schedule(expression, &mut errors),
        parse::Trigger::Authorizer => {
            authorizer::new(&signature, &arguments, &settings, &mut errors).map(|it| Trigger::Authorizer(Box::new(it)))
        }
        parse::Trigger::Invoke => Some(Trigger::Invoke),
        parse::Trigger::Hook => Some(Trigger::Hook),
        parse::Trigger::Url => {
            url::new(&signature.ident, &settings, &arguments, &mut errors).map(|url| Trigger::Url(Box::new(url)))
        }
        parse::Trigger::WebSocket { route } => {
            websocket::new(route, &settings, &arguments, &signature.output, &mut errors)
                .map(|it| Trigger::WebSocket(Box::new(it)))
        }
        parse::Trigger::UserPool { pool } => {
            pool::new(pool, &signature, &settings, &mut errors).map(|pool| Trigger::UserPool(Box::new(pool)))
        }
    };
    errors.finish()?;
    Ok(Handler {
        description: docs::text(&attributes),
        conditions: attributes.into_iter().filter(|attribute| attribute.path().is_ident("cfg")).collect(),
        // A trigger that is missing has left its error.
        trigger: trigger.ok_or_else(|| syn::Error::new_spanned(&signature.ident, "this handler has no trigger"))?,
        name: signature.ident,
        common,
        arguments,
        output: signature.output,
    })
}

fn schedule(expression: LitStr, errors: &mut Errors) -> Option<Trigger> {
    match rules::check_schedule(&expression.value()) {
        Ok(()) => Some(Trigger::Schedule(expression)),
        Err(message) => {
            errors.push(&expression, message);
            None
        }
    }
}
