//! Cognito identity pools: whoever has a token of a user pool, or none, gets an identity and credentials of AWS.
//!
//! Nothing here knows user pools or IAM: tokens are judged and credentials made by who is passed in.

mod error;
mod operations;
mod pool;
#[cfg(test)]
mod tests;
mod wire;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};
use skyloom_manifest::Manifest;

use self::pool::Pool;
pub(crate) use self::{
    error::Error,
    operations::{StsError, WithToken},
    pool::role_name,
};
use crate::{clock::Clock, policy::Policy, random::Random, signed::CognitoIdentity, site::Site};

/// What `X-Amz-Target` begins with.
pub(crate) const TARGET: &str = "AWSCognitoIdentityService.";
/// What tokens of identity pools have as their `iss`, and providers that users came by.
pub(crate) const ISSUER: &str = "https://cognito-identity.amazonaws.com";
/// How long credentials work.
const LIFE: Duration = Duration::from_secs(3_600);
/// How long an OpenID token works.
const TOKEN_LIFE: Duration = Duration::from_secs(600);

/// All identity pools of an account, with their identities.
#[derive(Debug)]
pub(crate) struct CognitoIdentities {
    site: Site,
    clock: Clock,
    random: Random,
    pools: RwLock<Vec<Pool>>,
    identities: Mutex<BTreeMap<String, Identity>>,
}

/// Somebody whom a pool knows.
#[derive(Clone, Debug, PartialEq)]
struct Identity {
    pool: String,
    /// The user by the provider that they came by; none of a guest.
    logins: BTreeMap<String, String>,
    /// Whether its last user was taken from it: it is nobody's then, and no guest's either.
    is_orphan: bool,
    created: SystemTime,
    modified: SystemTime,
}

/// What the rest of the account does for identity pools.
pub(crate) trait Around {
    /// The claims of an ID token, if it is the provider's; `cognito-idp.us-east-1.amazonaws.com/us-east-1_…`.
    fn claims(&self, provider: &str, token: &str) -> Result<Map<String, Value>, String>;
    /// The client of a user pool of the manifest whose tokens count.
    fn client(&self, user_pool: &str) -> Option<String>;
    /// The provider that stands for a user pool of the manifest.
    fn provider(&self, user_pool: &str) -> Option<String>;
    /// Begins a session of a role.
    fn assume(&self, wanted: Wanted) -> Credentials;
    /// Signs a token of an identity pool.
    fn sign(&self, claims: &Value) -> String;
    /// The claims of a token of an identity pool, if it was signed here.
    fn opened(&self, token: &str) -> Option<Map<String, Value>>;
}

/// A session that somebody is to have.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) role: String,
    pub(crate) session: String,
    pub(crate) life: Duration,
    pub(crate) limit: Option<Policy>,
    pub(crate) identity: CognitoIdentity,
}

/// What a session is signed with.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: String,
    pub(crate) expires: SystemTime,
    /// `AROA…:CognitoIdentityCredentials`
    pub(crate) role_id: String,
    pub(crate) arn: String,
}

/// An identity pool, for who wants to name it.
#[derive(Clone, Debug)]
pub(crate) struct PoolSummary {
    pub(crate) name: String,
    pub(crate) id: String,
}

impl CognitoIdentities {
    pub(crate) fn new(manifest: &Manifest, site: Site, clock: Clock, random: Random) -> Self {
        let pools = RwLock::new(pool::of(manifest, &site));
        Self { site, clock, random, pools, identities: Mutex::default() }
    }

    /// The pools of a new version of the application; identities stay.
    pub(crate) fn adopt(&self, manifest: &Manifest) {
        *self.pools.write().unwrap_or_else(PoisonError::into_inner) = pool::of(manifest, &self.site);
    }

    pub(crate) fn summaries(&self) -> Vec<PoolSummary> {
        let summary = |pool: &Pool| PoolSummary { name: pool.declared.name.clone(), id: pool.id.clone() };
        self.pools().iter().map(summary).collect()
    }

    /// What a call needs to be allowed; nothing where whoever has a token, or is a guest, calls.
    pub(crate) fn required_access(&self, target: &str, body: &[u8]) -> Option<(String, String)> {
        let operation = target.strip_prefix(TARGET)?;
        if operations::PUBLIC.contains(&operation) {
            return None;
        }
        let pool = serde_json::from_slice::<Value>(body)
            .ok()
            .and_then(|body| Some(body["IdentityPoolId"].as_str()?.to_owned()));
        let resource =
            pool.map_or_else(|| "*".to_owned(), |id| self.site.arn("cognito-identity", &format!("identitypool/{id}")));
        Some((format!("cognito-identity:{operation}"), resource))
    }

    /// Answers `X-Amz-Target: AWSCognitoIdentityService.{operation}`.
    pub(crate) fn handle(&self, target: &str, body: &[u8], around: &dyn Around) -> Response<Bytes> {
        let operation = target.strip_prefix(TARGET).unwrap_or(target);
        wire::answer(operations::run(operation, self, around, body), &self.random.uuid())
    }

    /// What STS has to know of a token that somebody brings it.
    pub(crate) fn assume_with_token(
        &self,
        around: &dyn Around,
        request: WithToken<'_>,
    ) -> Result<(Credentials, CognitoIdentity), StsError> {
        operations::assume_role_with_web_identity(self, around, request)
    }

    fn pools(&self) -> Vec<Pool> {
        self.pools.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn pool(&self, id: &str) -> Result<Pool, Error> {
        self.pools().into_iter().find(|pool| pool.id == id).ok_or_else(|| Error::PoolNotFound(id.to_owned()))
    }

    fn identities(&self) -> MutexGuard<'_, BTreeMap<String, Identity>> {
        self.identities.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
