use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::logins;
use crate::cognito_identity::{Around, CognitoIdentities, Error, Identity};

/// More are not kept.
const GUESTS: usize = 10_000;

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
    let mut identities = pools.identities();
    make_room(&mut identities);
    identities.insert(identity_id.clone(), guest);
    Ok(Output { identity_id })
}

/// A guest shows nothing to be kept: where there are too many, the oldest goes.
fn make_room(identities: &mut BTreeMap<String, Identity>) {
    let is_guest = |identity: &Identity| identity.logins.is_empty() && !identity.is_orphan;
    let guests: Vec<_> = identities.iter().filter(|(_, identity)| is_guest(identity)).collect();
    if guests.len() >= GUESTS {
        let oldest = guests.into_iter().min_by_key(|(_, identity)| identity.created).map(|(id, _)| id.clone());
        oldest.and_then(|id| identities.remove(&id));
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn the_oldest_guest_goes_where_there_are_too_many_and_no_user() {
        let at = |second: usize| UNIX_EPOCH + Duration::from_secs(second.try_into().unwrap());
        let guest = |second| Identity {
            pool: "p".into(),
            logins: BTreeMap::new(),
            is_orphan: false,
            created: at(second),
            modified: at(second),
        };
        let mut identities: BTreeMap<_, _> = (1..GUESTS).map(|second| (format!("{second}"), guest(second))).collect();
        let user = Identity { logins: BTreeMap::from([("provider".into(), "ann".into())]), ..guest(0) };
        identities.insert("user".into(), user);
        make_room(&mut identities);
        assert_eq!(identities.len(), GUESTS, "there is room for one");
        identities.insert("last".into(), guest(GUESTS));
        make_room(&mut identities);
        assert!(identities.contains_key("user") && identities.contains_key("last") && !identities.contains_key("1"));
    }
}
