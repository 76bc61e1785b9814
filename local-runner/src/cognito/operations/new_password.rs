//! `NEW_PASSWORD_REQUIRED`: an administrator chose the password, and the user replaces it.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    authentication::{Output, Who, asks, required},
    respond::Answer,
    second_factor,
};
use crate::cognito::{
    Context,
    attributes::{self, Attribute, Writer},
    challenge::Asked,
    constraint,
    error::Error,
    password,
    pool::Pool,
};

pub(super) fn ask(pool: &mut Pool, context: &Context<'_>, who: Who<'_>) -> Output {
    let known = pool.users.get(who.key).map_or_else(Default::default, |user| {
        let known: BTreeMap<_, _> = user.attributes.iter().filter(|(name, _)| *name != "sub").collect();
        json!(known).to_string()
    });
    let (session, username) = asks(pool, context, who, Asked::NewPassword);
    let parameters = [("USER_ID_FOR_SRP", username), ("requiredAttributes", "[]".into()), ("userAttributes", known)];
    Output::challenge("NEW_PASSWORD_REQUIRED", session, parameters)
}

/// Takes the password, and what else the user says of themselves.
pub(super) fn answer(pool: &mut Pool, context: &Context<'_>, answer: &Answer<'_>) -> Result<Output, Error> {
    let new_password = required(answer.responses, "NEW_PASSWORD")?;
    constraint::password("newPassword", new_password)?;
    password::check_policy(&pool.password, new_password)?;
    let written = answer.responses.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("userAttributes.")?;
        Some(Attribute { name: name.into(), value: value.clone() })
    });
    let written = attributes::checked(written.collect(), Writer::Client)?;
    let username = pool.users.get(answer.key).ok_or(Error::InvalidSession)?.username.clone();
    let kept = pool.kept(&username, new_password, context.random);
    let user = pool.users.get_mut(answer.key).ok_or(Error::InvalidSession)?;
    user.write(written);
    user.set_password(kept, None, context.now);
    pool.answered(answer.session);
    second_factor::ask(pool, context, answer.who())
}
