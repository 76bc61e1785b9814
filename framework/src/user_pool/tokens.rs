use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use skyloom_manifest::PoolEventVersion;

use super::{on, reply::PoolReply};
use crate::Error;

/// Changes of the ID token's claims; a handler that also changes the access token's returns a [`TokensReply`].
///
/// ```
/// # use skyloom::user_pool::IdTokenReply;
/// let reply = IdTokenReply::new().claim("tenant", "blue").suppress("phone_number").groups(["staff"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IdTokenReply {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    claims_to_add_or_override: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims_to_suppress: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_override_details: Option<Groups>,
}

/// Groups in place of the user's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Groups {
    groups_to_override: Vec<String>,
}

impl Groups {
    fn of<G: Into<String>>(groups: impl IntoIterator<Item = G>) -> Self {
        Self { groups_to_override: groups.into_iter().map(Into::into).collect() }
    }
}

impl IdTokenReply {
    /// No change.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a claim, or replaces it. Cognito's own, such as `sub` and `iss`, stay as they are.
    #[must_use]
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.claims_to_add_or_override.insert(name.into(), value.into());
        self
    }

    /// Leaves a claim out.
    #[must_use]
    pub fn suppress(mut self, name: impl Into<String>) -> Self {
        self.claims_to_suppress.push(name.into());
        self
    }

    /// Names these groups in both tokens, in place of the user's own.
    #[must_use]
    pub fn groups<G: Into<String>>(mut self, groups: impl IntoIterator<Item = G>) -> Self {
        self.group_override_details = Some(Groups::of(groups));
        self
    }
}

impl PoolReply<on::PreTokenGeneration> for IdTokenReply {
    fn response(self) -> Result<Value, Error> {
        serde_json::to_value(self).map(|details| json!({"claimsOverrideDetails": details})).map_err(Error::internal)
    }
}

/// Changes of the ID token and of the access token, whose claims may be any JSON and which has scopes as well.
///
/// A pool of Cognito's Lite plan has no such event; Essentials is what a new pool has.
///
/// ```
/// # use skyloom::user_pool::TokensReply;
/// let reply = TokensReply::new()
///     .id_claim("tenant", "blue")
///     .access_claim("limits", serde_json::json!({"orders": 5}))
///     .add_scope("orders/write");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokensReply {
    id_token_generation: Changes,
    access_token_generation: Changes,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_override_details: Option<Groups>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Changes {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    claims_to_add_or_override: BTreeMap<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims_to_suppress: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes_to_add: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes_to_suppress: Vec<String>,
}

impl TokensReply {
    /// No change.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a claim to the ID token, or replaces it.
    #[must_use]
    pub fn id_claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.id_token_generation.claims_to_add_or_override.insert(name.into(), value.into());
        self
    }

    /// Adds a claim to the access token, or replaces it.
    #[must_use]
    pub fn access_claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.access_token_generation.claims_to_add_or_override.insert(name.into(), value.into());
        self
    }

    /// Leaves a claim out of the ID token.
    #[must_use]
    pub fn suppress_id(mut self, name: impl Into<String>) -> Self {
        self.id_token_generation.claims_to_suppress.push(name.into());
        self
    }

    /// Leaves a claim out of the access token.
    #[must_use]
    pub fn suppress_access(mut self, name: impl Into<String>) -> Self {
        self.access_token_generation.claims_to_suppress.push(name.into());
        self
    }

    /// Gives the access token a scope.
    #[must_use]
    pub fn add_scope(mut self, scope: impl Into<String>) -> Self {
        self.access_token_generation.scopes_to_add.push(scope.into());
        self
    }

    /// Takes a scope from the access token.
    #[must_use]
    pub fn suppress_scope(mut self, scope: impl Into<String>) -> Self {
        self.access_token_generation.scopes_to_suppress.push(scope.into());
        self
    }

    /// Names these groups in both tokens, in place of the user's own.
    #[must_use]
    pub fn groups<G: Into<String>>(mut self, groups: impl IntoIterator<Item = G>) -> Self {
        self.group_override_details = Some(Groups::of(groups));
        self
    }
}

impl PoolReply<on::PreTokenGeneration> for TokensReply {
    const VERSION: PoolEventVersion = PoolEventVersion::V2;

    fn response(self) -> Result<Value, Error> {
        let details = serde_json::to_value(self).map_err(Error::internal)?;
        Ok(json!({"claimsAndScopeOverrideDetails": details}))
    }
}
