use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::logins;
use crate::cognito_identity::{Around, CognitoIdentities, Error, Identity};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    identity_pool_id: String,
    logins: Option<BTreeMap<String, String>>,
    #[serde(rename = "AccountId")]
    _account_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    identity_id: String,
}

/// A guest is somebody new each time.
pub(super) fn get_id(pools: &CognitoIdentities, around: &dyn Around, input: Input) -> Result<Output, Error> {
    let pool = pools.pool(&input.identity_pool_id)?;
    let logins = logins::verified(&pool, around, input.logins.as_ref())?;
    if let Some(identity_id) = logins::identity_of(pools, &pool, &logins) {
        return Ok(Output { identity_id });
    }
    if !pool.has_guests() {
        return Err(Error::NoGuests);
    }
    let (identity_id, now) = (format!("{}:{}", pools.site.region, pools.random.uuid()), pools.clock.now());
    let guest = Identity { pool: pool.id, logins: BTreeMap::new(), is_orphan: false, created: now, modified: now };
    pools.identities().insert(identity_id.clone(), guest);
    Ok(Output { identity_id })
}
