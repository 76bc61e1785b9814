use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use super::logins::{self, Login};
use crate::{
    cognito_identity::{Around, CognitoIdentities, Error, LIFE, Wanted, pool::Pool},
    signed::CognitoIdentity,
};

/// What Cognito names the session.
const SESSION: &str = "CognitoIdentityCredentials";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    identity_id: String,
    logins: Option<BTreeMap<String, String>>,
    custom_role_arn: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    identity_id: String,
    credentials: Keys,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Keys {
    access_key_id: String,
    secret_key: String,
    session_token: String,
    expiration: f64,
}

/// The enhanced flow: Cognito itself assumes the role that the caller's token, or its absence, leads to.
pub(super) fn get_credentials_for_identity(
    pools: &CognitoIdentities,
    around: &dyn Around,
    input: Input,
) -> Result<Output, Error> {
    let (pool, logins) = caller(pools, around, &input.identity_id, input.logins.as_ref())?;
    let identity_id = logins::own_identity(pools, &pool, &input.identity_id, &logins)?;
    let role = role(&pool, &logins)?;
    if input.custom_role_arn.is_some_and(|arn| arn.rsplit('/').next() != Some(&*role)) {
        return Err(Error::InvalidParameter("Requested role is not one of the roles in the token".into()));
    }
    let identity =
        CognitoIdentity { identity_id: identity_id.clone(), pool_id: pool.id.clone(), amr: logins::amr(&logins) };
    let wanted = Wanted { role, session: SESSION.into(), life: LIFE, limit: None, identity };
    let made = around.assume(wanted);
    let credentials = Keys {
        access_key_id: made.access_key_id,
        secret_key: made.secret_access_key,
        session_token: made.session_token,
        expiration: seconds(made.expires),
    };
    Ok(Output { identity_id, credentials })
}

/// The pool of an identity, and the tokens that the caller brings.
pub(super) fn caller(
    pools: &CognitoIdentities,
    around: &dyn Around,
    identity_id: &str,
    given: Option<&BTreeMap<String, String>>,
) -> Result<(Pool, Vec<Login>), Error> {
    let identity = pools.identities().get(identity_id).cloned();
    let identity = identity.ok_or_else(|| Error::IdentityNotFound(identity_id.to_owned()))?;
    let pool = pools.pool(&identity.pool)?;
    let logins = logins::verified(&pool, around, given)?;
    Ok((pool, logins))
}

fn role(pool: &Pool, logins: &[Login]) -> Result<String, Error> {
    logins.first().map_or_else(|| Ok(pool.guest_role()), |login| pool.role_of(&login.claims))
}

pub(super) fn seconds(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64().floor()
}
