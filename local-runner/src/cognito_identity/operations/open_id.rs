use std::{collections::BTreeMap, time::UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{credentials, logins};
use crate::cognito_identity::{Around, CognitoIdentities, Error, ISSUER, TOKEN_LIFE};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    identity_id: String,
    logins: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    identity_id: String,
    token: String,
}

/// The classic flow: a token with which the caller itself goes to STS.
pub(super) fn get_open_id_token(pools: &CognitoIdentities, around: &dyn Around, input: Input) -> Result<Output, Error> {
    let (pool, logins) = credentials::caller(pools, around, &input.identity_id, input.logins.as_ref())?;
    if !pool.declared.classic_flow {
        return Err(Error::ClassicFlow);
    }
    let identity_id = logins::own_identity(pools, &pool, &input.identity_id, &logins)?;
    let now = pools.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let token = around.sign(&json!({
        "sub": identity_id,
        "aud": pool.id,
        "amr": logins::amr(&logins),
        "iss": ISSUER,
        "iat": now,
        "exp": now + TOKEN_LIFE.as_secs(),
    }));
    Ok(Output { identity_id, token })
}
