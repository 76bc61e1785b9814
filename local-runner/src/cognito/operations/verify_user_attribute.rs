use serde::Deserialize;

use super::{get_user_attribute_verification_code::medium_of, shapes::Empty};
use crate::cognito::{Context, attempts::Action, code::Code, constraint, error::Error, pool::Pools, token};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: String,
    attribute_name: String,
    code: String,
}

pub(super) fn verify_user_attribute(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    constraint::confirmation_code(&input.code)?;
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    let medium = medium_of(&input.attribute_name)?;
    let user = pool.users.get_mut(&key).ok_or(Error::UserNotFound)?;
    user.attempts.count(Action::VerifyUserAttribute, context.now)?;
    Code::check(user.verifications.get(medium.attribute()), &input.code, context.now)?;
    user.verifications.remove(medium.attribute());
    user.attributes.insert(medium.verified_attribute().into(), "true".into());
    user.modified = context.now;
    Ok(Empty {})
}
