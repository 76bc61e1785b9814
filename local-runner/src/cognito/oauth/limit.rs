//! What a client may know of a user.

use serde_json::Value;

use super::{Domain, grant::Grant};
use crate::cognito::{attributes::STANDARD, token::Claims};

impl Domain {
    /// Leaves in the tokens of a session what its client may know, for each way in which they are refreshed. A session that did not
    /// begin here is not touched.
    pub(in crate::cognito) fn limit(&self, claims: &mut Claims, session: &str) {
        if let Some(identities) = claims.id.get("identities").and_then(Value::as_str)
            && let Ok(identities) = serde_json::from_str(identities)
        {
            claims.id.insert("identities".into(), identities); // an attribute's text; in a token a list
        }
        let Some(grant) = self.kept.grant(session) else { return };
        claims.access.insert("scope".into(), grant.scopes.join(" ").into());
        claims.access.insert("version".into(), 2.into());
        claims.id.retain(|name, _| is_readable(grant, name));
    }
}

/// Whether a claim that is an attribute may be told; the other claims are about the token.
///
/// With `openid` alone all can be read. <https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html>
pub(super) fn is_readable(grant: &Grant, name: &str) -> bool {
    let is_attribute = STANDARD.contains(&name) || name.starts_with("custom:");
    if !is_attribute || name == "sub" {
        return true;
    }
    let narrowed = ["email", "phone", "profile"].iter().any(|scope| grant.has(scope));
    match name {
        _ if !narrowed => true,
        "email" | "email_verified" => grant.has("email"),
        "phone_number" | "phone_number_verified" => grant.has("phone"),
        _ => grant.has("profile"),
    }
}
