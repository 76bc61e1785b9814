use std::collections::BTreeMap;

use serde_json::json;
use skyloom_manifest::PoolTrigger;

use super::event::{Asks, Question, Source, about, known};
use crate::cognito::{Context, error::Error, pool::Pool, user::User};

/// Asks whether a sign-in may begin. Of a name that is nobody's it is asked too, so that both look the same.
pub(in crate::cognito) fn pre_authentication(
    pool: &Pool,
    context: &Context<'_>,
    name: &str,
    user: Option<&User>,
) -> Result<(), Error> {
    let Some(asked) = pool.triggers.0.get(&PoolTrigger::PreAuthentication) else { return Ok(()) };
    let mut request = about(&user.map_or_else(BTreeMap::new, known));
    context.caller.add_validation_data(&mut request);
    request.insert("userNotFound".into(), user.is_none().into());
    let asks = Asks { username: user.map_or(name, |user| &user.username), request, response: json!({}) };
    context.ask(Question::new(pool, asked, context.caller, Source::PreAuthentication, asks)).map(drop)
}

/// Asks of a user who has proven who they are, before there are tokens.
pub(in crate::cognito) fn post_authentication(
    pool: &Pool,
    context: &Context<'_>,
    (key, on_new_device): (&str, bool),
) -> Result<(), Error> {
    let asked = pool.triggers.0.get(&PoolTrigger::PostAuthentication).zip(pool.users.get(key));
    let Some((asked, user)) = asked else { return Ok(()) };
    let mut request = about(&known(user));
    request.insert("newDeviceUsed".into(), on_new_device.into());
    context.caller.add_metadata(&mut request);
    let asks = Asks { username: &user.username, request, response: json!({}) };
    context.ask(Question::new(pool, asked, context.caller, Source::PostAuthentication, asks)).map(drop)
}
