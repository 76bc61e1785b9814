//! Whether an ID token of another provider is what was asked for (OpenID Connect Core, 3.1.3.7).

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::{Map, Value};

/// What the token has to say.
#[derive(Debug)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
    pub(super) nonce: &'a str,
    /// Seconds since the epoch.
    pub(super) now: u64,
}

/// The claims of a token that is valid, or what is wrong with it.
pub(super) fn verify(token: &str, keys: &JwkSet, expected: &Expected<'_>) -> Result<Map<String, Value>, String> {
    let claims = signed(token, keys)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let time = |name: &str| claims.get(name).and_then(Value::as_f64);
    if text("iss") != Some(expected.issuer) {
        return Err("its ID token has another issuer".into());
    }
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is_ours = audience.contains(&expected.audience);
    if !is_ours
        || text("azp").is_some_and(|party| party != expected.audience)
        || (audience.len() > 1 && text("azp").is_none())
    {
        return Err("its ID token is for another client".into());
    }
    let now = expected.now as f64;
    if time("exp").is_none_or(|expires| expires <= now) {
        return Err("its ID token has expired".into());
    }
    if ["iat", "nbf"].into_iter().filter_map(time).any(|time| time > now + LEEWAY) {
        return Err("its ID token is not valid yet".into());
    }
    if text("nonce") != Some(expected.nonce) {
        return Err("its ID token was made for another visit".into());
    }
    if text("sub").is_none_or(|sub| sub.is_empty() || sub.len() > 255) {
        return Err("its ID token names no user".into());
    }
    Ok(claims)
}

/// Seconds that clocks of two machines may differ.
const LEEWAY: f64 = 60.0;

/// Signed with a key that the provider publishes, by its id, with the algorithm of the key's kind. Whatever key the token brings along
/// is not looked at.
fn signed(token: &str, keys: &JwkSet) -> Result<Map<String, Value>, String> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| "its ID token cannot be read")?;
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256) {
        return Err(format!("its ID token is signed with {:?}, and only RS256 and ES256 are known here", header.alg));
    }
    let unknown = "its ID token is not signed with a key that it publishes";
    let jwk = match &header.kid {
        Some(kid) => keys.find(kid),
        None => keys.keys.first().filter(|_| keys.keys.len() == 1),
    };
    let key = DecodingKey::from_jwk(jwk.ok_or(unknown)?).map_err(|_| unknown)?;
    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    validation.validate_exp = false; // on the runner's clock, above
    validation.validate_aud = false;
    let decoded = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation);
    decoded.map(|token| token.claims).map_err(|_| unknown.into())
}
