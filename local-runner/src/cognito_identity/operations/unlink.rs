use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::credentials;
use crate::cognito_identity::{Around, CognitoIdentities, Error};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    identity_id: String,
    logins: BTreeMap<String, String>,
    logins_to_remove: Vec<String>,
}

/// Takes users from an identity, of whom the caller is one. Who comes back is somebody new, and an identity without any is lost.
pub(super) fn unlink_identity(pools: &CognitoIdentities, around: &dyn Around, input: Input) -> Result<Value, Error> {
    let (_, logins) = credentials::caller(pools, around, &input.identity_id, Some(&input.logins))?;
    let mut identities = pools.identities();
    let identity = identities.get_mut(&input.identity_id).ok_or(Error::IdentityNotFound(input.identity_id))?;
    if !logins.iter().any(|login| identity.logins.get(&login.provider) == Some(&login.user)) {
        return Err(Error::LoginsDoNotMatch);
    }
    identity.logins.retain(|provider, _| !input.logins_to_remove.contains(provider));
    identity.is_orphan = identity.logins.is_empty();
    identity.modified = pools.clock.now();
    Ok(json!({}))
}
