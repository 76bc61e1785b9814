use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use skyloom_manifest::Manifest;

use super::{
    Cognito,
    keys::{Keys, SigningKey},
    oauth,
    pool::Pools,
    timestamp::Timestamp,
};

/// The users and the key, to be kept from run to run. It has hashes of passwords, but the key itself: it is private.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    pools: Pools,
    /// PEM, if a key was needed so far.
    key: Option<String>,
}

impl Cognito {
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot { pools: self.lock().clone(), key: self.keys.kept().map(str::to_owned) }
    }

    /// Goes on where an earlier run ended. Pools that the manifest no longer has are dropped, and a key that cannot be
    /// read is replaced, which only makes earlier tokens invalid.
    pub(crate) fn restore(&mut self, snapshot: Snapshot) {
        self.lock().adopt(snapshot.pools);
        let key = snapshot.key.and_then(|pem| SigningKey::from_pem(pem).ok());
        if let (Keys::Own(keys), Some(key)) = (&mut self.keys, key) {
            *keys = Arc::new(OnceLock::from(key));
        }
    }

    /// Makes the pools of a new version of the application; those that were there keep their users.
    pub(crate) fn adopt(&mut self, manifest: &Manifest) {
        let mut pools = Pools::new(manifest, &self.site, Timestamp::since_epoch(self.clock.since_epoch()));
        oauth::register_here(&mut pools, &self.site.region, self.settings.endpoint.as_deref());
        pools.adopt(self.lock().clone());
        *self.lock() = pools;
        self.publish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::{Error, Issuer, Settings, Wanted, testing};
    use crate::{random::Random, site::Site};

    fn cognito() -> Cognito {
        let settings = Settings { issuer: Issuer::Aws, endpoint: None, random: Random::system() };
        let keys = Keys::Own(Arc::default());
        Cognito::new(&testing::manifest(), Site::new("orders", "us-east-1"), testing::clock(), keys, settings)
    }

    fn ann() -> Wanted {
        Wanted { groups: vec!["staff".into()], ..Wanted::new("Shopper", "ann@example.com") }
    }

    fn get_user(cognito: &Cognito, token: &str) -> String {
        let body = serde_json::json!({ "AccessToken": token }).to_string();
        String::from_utf8_lossy(cognito.handle("A.GetUser", body.as_bytes()).body()).into_owned()
    }

    #[test]
    fn users_sessions_and_the_key_outlive_the_process() {
        let first = cognito();
        let token = first.tokens(&ann(), None).unwrap().access;
        let kept = serde_json::to_string(&first.snapshot()).unwrap();
        let mut second = cognito();
        assert!(get_user(&second, &token).contains("Invalid Access Token"));
        second.restore(serde_json::from_str(&kept).unwrap());
        assert_eq!(get_user(&second, &token), get_user(&first, &token));
        assert!(get_user(&second, &token).contains("ann@example.com"));
    }

    #[test]
    fn what_the_manifest_no_longer_has_is_dropped() {
        let first = cognito();
        first.tokens(&ann(), None).unwrap();
        let mut kept = serde_json::to_value(first.snapshot()).unwrap();
        kept["pools"]["pools"][2]["users"]
            .as_object_mut()
            .unwrap()
            .values_mut()
            .for_each(|user| user["groups"] = serde_json::json!(["staff", "gone"]));
        kept["pools"]["pools"][1]["id"] = "us-east-1_gone".into();
        let mut second = cognito();
        second.restore(serde_json::from_value(kept).unwrap());
        let groups =
            second.lock().by_id("us-east-1_RjhHZltqo").unwrap().user("ann@example.com").unwrap().groups.clone();
        assert_eq!(groups.into_iter().collect::<Vec<_>>(), ["staff"]);
        let gone = Error::PoolNotFound("us-east-1_gone".into());
        assert_eq!(second.lock().by_id("us-east-1_gone").map(|_| ()), Err(gone));
    }

    #[test]
    fn attributes_that_are_declared_no_longer_are_not_shown_and_there_when_they_are_declared_again() {
        let manifest = testing::with_attributes();
        let with_attributes = || {
            let settings = Settings { issuer: Issuer::Aws, endpoint: None, random: Random::seeded(1) };
            Cognito::new(&manifest, Site::new("orders", "us-east-1"), testing::clock(), Keys::Shared, settings)
        };
        let first = with_attributes();
        let attributes = [("custom:plan".to_owned(), "gold".to_owned()), ("nickname".to_owned(), "A".to_owned())];
        first.tokens(&Wanted { attributes: attributes.into(), ..ann() }, None).unwrap();
        let mut second = cognito();
        second.restore(first.snapshot());
        let token = second.tokens(&ann(), None).unwrap().access;
        let shown = get_user(&second, &token);
        assert!(shown.contains("nickname") && !shown.contains("custom:plan"), "{shown}");
        let mut third = with_attributes();
        third.restore(second.snapshot());
        let token = third.tokens(&ann(), None).unwrap().access;
        assert!(get_user(&third, &token).contains("gold"));
    }
}
