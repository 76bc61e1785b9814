//! Users of another directory, whom a function of the pool knows, are taken over when they come.

use std::collections::BTreeMap;

use crate::cognito::{
    Context,
    attributes::{Attribute, Writer},
    error::Error,
    pool::{Pool, fold},
    registration::new_user,
    schema::Occasion,
    trigger::{self, Migrated},
    user::Status,
};

/// Of somebody who signs in. The password need not keep to the pool's policy.
pub(super) fn with_password(pool: &mut Pool, context: &Context<'_>, name: &str, password: &str) -> Result<(), Error> {
    let Some(migrated) = trigger::migrated(pool, context, (name, Some(password)), "Authentication")? else {
        return Ok(());
    };
    let keeps_password = migrated.keeps_password()?;
    let username = take_over(pool, context, name, migrated)?;
    if !keeps_password {
        return Err(Error::PasswordResetRequired);
    }
    let kept = pool.kept(&username, password, context.random);
    pool.user(&username)?.set_password(kept, None, context.now);
    Ok(())
}

/// Of somebody who has forgotten the password.
pub(super) fn without_password(pool: &mut Pool, context: &Context<'_>, name: &str) -> Result<(), Error> {
    match trigger::migrated(pool, context, (name, None), "ForgotPassword")? {
        Some(migrated) => take_over(pool, context, name, migrated).map(drop),
        None => Ok(()),
    }
}

/// Makes the user, who has no password yet, and returns the username.
fn take_over(pool: &mut Pool, context: &Context<'_>, name: &str, migrated: Migrated) -> Result<String, Error> {
    let own = ["sub", "username"]; // which Cognito chooses, and which was asked for
    let attributes: BTreeMap<_, _> = migrated.user_attributes;
    let attributes = attributes.into_iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let attributes = attributes.map(|(name, value)| Attribute { name, value }).collect();
    let user = new_user(pool, context, name, attributes, Writer::Administrator, Status::ResetRequired);
    let user = user.and_then(|user| pool.schema.check_complete(&user.attributes, Occasion::Creation).map(|()| user));
    let user = user.map_err(|_| Error::MigrationFailed(pool.client_id.clone()))?;
    let username = user.username.clone();
    pool.users.insert(fold(&username), user);
    Ok(username)
}
