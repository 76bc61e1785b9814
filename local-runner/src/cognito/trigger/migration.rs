use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use skyloom_manifest::PoolTrigger;

use super::{
    Refusal,
    event::{Asks, Question, Source},
};
use crate::cognito::{Context, error::Error, pool::Pool};

/// A user of another directory, whom a function wants to be taken over.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cognito) struct Migrated {
    pub(in crate::cognito) user_attributes: BTreeMap<String, String>,
    #[serde(default)]
    final_user_status: Option<String>,
}

impl Migrated {
    /// Whether the user keeps the password with which they sign in.
    pub(in crate::cognito) fn keeps_password(&self) -> Result<bool, Error> {
        match self.final_user_status.as_deref() {
            None | Some("CONFIRMED") => Ok(true),
            Some("RESET_REQUIRED") => Ok(false),
            Some(_) => Err(Error::Trigger(Refusal::Unrecognizable)),
        }
    }
}

/// Asks whether there is a user of that name elsewhere, with that password if one is given.
///
/// # Errors
/// The function fails. Its words are not told: the client is to know no more than that there is no such user.
pub(in crate::cognito) fn migrated(
    pool: &Pool,
    context: &Context<'_>,
    (name, password): (&str, Option<&str>),
    why: &'static str,
) -> Result<Option<Migrated>, Error> {
    let Some(asked) = pool.triggers.0.get(&PoolTrigger::MigrateUser) else { return Ok(None) };
    let mut request = Map::new();
    request.insert("password".into(), json!(password));
    context.caller.add_validation_data(&mut request);
    context.caller.add_metadata(&mut request);
    let response = json!({
        "userAttributes": null, "forceAliasCreation": null, "finalUserStatus": null, "messageAction": null,
        "desiredDeliveryMediums": null,
    });
    let asks = Asks { username: name, request, response };
    let answer = match context.ask(Question::new(pool, asked, context.caller, Source::UserMigration(why), asks)) {
        Err(Error::Trigger(_)) => return Err(Error::MigrationFailed(pool.client_id.clone())),
        answer => answer?,
    };
    match answer.get("userAttributes") {
        None | Some(Value::Null) => Ok(None),
        Some(_) => serde_json::from_value(Value::Object(answer))
            .map(Some)
            .map_err(|_| Error::MigrationFailed(pool.client_id.clone())),
    }
}
