use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Map, Value};
use skyloom_manifest::{AmbiguousRoleResolution, IdentityPool, Manifest, MatchType, RuledRole};

use super::error::Error;
use crate::site::Site;

/// An identity pool as the manifest has it.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    /// `us-east-1:…`, the same in every run.
    pub(super) id: String,
    pub(super) declared: IdentityPool,
    application: String,
}

/// The pools of an application.
pub(super) fn of(manifest: &Manifest, site: &Site) -> Vec<Pool> {
    let pool = |declared: &IdentityPool| Pool {
        id: uuid_of(&site.region, &["identity pool", &site.application, &declared.name]),
        declared: declared.clone(),
        application: site.application.clone(),
    };
    manifest.identity_pools.iter().map(pool).collect()
}

/// The name of a role of a pool.
pub(crate) fn role_name(application: &str, pool: &str, role: &str) -> String {
    format!("{application}-{pool}-{role}")
}

impl Pool {
    /// The name of the role of whoever has a token with these claims: the first whose rule fits, or else the one of all, if the pool
    /// is content with that.
    pub(super) fn role_of(&self, claims: &Map<String, Value>) -> Result<String, Error> {
        let IdentityPool { roles, ambiguous_role_resolution, .. } = &self.declared;
        let ruled = roles.iter().find(|role| fits(role, claims));
        match (ruled, ambiguous_role_resolution) {
            (Some(role), _) => Ok(self.role_name(&role.name)),
            (None, AmbiguousRoleResolution::Deny) if !roles.is_empty() => Err(Error::AmbiguousRole),
            (None, _) => Ok(self.role_name(IdentityPool::AUTHENTICATED)),
        }
    }

    pub(super) fn guest_role(&self) -> String {
        self.role_name(IdentityPool::UNAUTHENTICATED)
    }

    pub(super) fn has_guests(&self) -> bool {
        self.declared.unauthenticated.is_some()
    }

    /// Whether a name is that of a role that the pool gives to such callers.
    pub(super) fn gives(&self, role: &str, to_guests: bool) -> bool {
        let all = self.declared.all_roles().filter(|(name, _)| (*name == IdentityPool::UNAUTHENTICATED) == to_guests);
        all.map(|(name, _)| self.role_name(name)).any(|name| name == role)
    }

    pub(super) fn role_name(&self, role: &str) -> String {
        role_name(&self.application, &self.declared.name, role)
    }
}

/// A claim that is not there fits no rule. A list contains what is an item of it, and not what is a part of one: how Cognito compares
/// them is not documented, so that the manifest has no groups that would make a difference.
fn fits(role: &RuledRole, claims: &Map<String, Value>) -> bool {
    let texts: Vec<String> = match claims.get(&role.claim) {
        None | Some(Value::Null) => return false,
        Some(Value::Array(items)) => items.iter().map(text).collect(),
        Some(value) => vec![text(value)],
    };
    let is_list = claims.get(&role.claim).is_some_and(Value::is_array);
    match role.match_type {
        MatchType::Equals => texts == [role.value.as_str()],
        MatchType::NotEqual => texts != [role.value.as_str()],
        MatchType::StartsWith => texts.first().is_some_and(|text| text.starts_with(&role.value)),
        MatchType::Contains if is_list => texts.contains(&role.value),
        MatchType::Contains => texts.iter().any(|text| text.contains(&role.value)),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `us-east-1:12345678-…`, which follows from the parts.
pub(super) fn uuid_of(region: &str, parts: &[&str]) -> String {
    let digest = digest(&SHA256, parts.join("/").as_bytes());
    let hex: String = digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{region}:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..32])
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use skyloom_manifest::Grants;

    use super::*;

    fn check(match_type: MatchType, value: &str, claims: Value) -> bool {
        let grants = Grants::default();
        let role = RuledRole { name: "r".into(), claim: "c".into(), match_type, value: value.into(), grants };
        fits(&role, claims.as_object().unwrap())
    }

    #[test]
    fn a_rule_is_on_a_claim_that_is_there() {
        assert!(check(MatchType::Equals, "gold", json!({ "c": "gold" })));
        assert!(!check(MatchType::Equals, "gold", json!({ "c": "golden" })));
        assert!(check(MatchType::StartsWith, "gold", json!({ "c": "golden" })));
        assert!(check(MatchType::NotEqual, "gold", json!({ "c": "tin" })));
        assert!(!check(MatchType::NotEqual, "gold", json!({})));
        assert!(check(MatchType::Contains, "staff", json!({ "c": ["users", "staff"] })));
        assert!(!check(MatchType::Contains, "staff", json!({ "c": ["users"] })));
        assert!(!check(MatchType::Contains, "staff", json!({ "c": ["ex-staff", "non-staff"] })));
        assert!(check(MatchType::Contains, "old", json!({ "c": "golden" })));
        assert!(check(MatchType::Equals, "true", json!({ "c": true })));
    }
}
