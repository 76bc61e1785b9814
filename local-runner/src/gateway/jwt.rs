mod claims;
mod verified;

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, crypto,
    jwk::{AlgorithmParameters, Jwk, JwkSet, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde::Serialize;

pub(super) use self::claims::Claims;
pub(crate) use self::verified::Verified;
use super::refusal::Refusal;

/// A user pool as a JWT authorizer sees it.
#[derive(Clone)]
pub(crate) struct Issuer {
    /// Its name in the manifest.
    pub(crate) pool: String,
    /// What `iss` has to be.
    pub(crate) issuer: String,
    /// One of which `aud`, or where there is none `client_id`, has to be.
    pub(crate) audience: Vec<String>,
    /// The keys that it signs with; asked for with each token, since keys change.
    pub(crate) keys: Arc<dyn Fn() -> JwkSet + Send + Sync>,
    /// What they were seen to have signed.
    pub(crate) verified: Verified,
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").field("pool", &self.pool).field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// `requestContext.authorizer` behind a JWT authorizer.
#[derive(Debug, Serialize)]
pub(super) struct Authorized {
    jwt: Jwt,
}

#[derive(Debug, Serialize)]
struct Jwt {
    claims: BTreeMap<String, String>,
    /// All of the token's, but only on a route that asks for some.
    scopes: Option<Vec<String>>,
}

/// What is wrong with a token, in API Gateway's words where they are known: those on segments, the signing method, the
/// audience and the expiry were recorded from it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Invalid {
    #[error("token contains an invalid number of segments")]
    Segments,
    #[error("the token cannot be decoded")]
    Encoding,
    #[error("signing method {0} is invalid")]
    SigningMethod(String),
    #[error("the token is not signed with a key of the issuer")]
    UnknownKey,
    #[error("the token's signature is invalid")]
    Signature,
    #[error("the token's claims are invalid")]
    Claims,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token does not have a valid issuer")]
    Issuer,
    #[error("the token does not have a valid audience")]
    Audience,
    #[error("the token does not have a valid use")]
    Use,
}

/// Decides like a JWT authorizer of an HTTP API with the identity source `$request.header.Authorization`.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>
pub(super) fn authorize(
    issuer: &Issuer,
    scopes: &[String],
    authorization: Option<&str>,
    now: Duration,
) -> Result<Authorized, Refusal> {
    let token = authorization.map(without_scheme).filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| Refusal::Unauthorized(Some("Bearer".into())))?;
    let claims = verify(issuer, token, now).map_err(|invalid| {
        let challenge =
            format!(r#"Bearer scope="{}" error="invalid_token" error_description="{invalid}""#, scopes.join(" "));
        Refusal::Unauthorized(Some(challenge))
    })?;
    let scopes = granted(&claims, scopes)?;
    Ok(Authorized { jwt: Jwt { claims: claims.to_strings(), scopes } })
}

/// "The identity source can include only the token, or the token prefixed with `Bearer `."
pub(super) fn without_scheme(value: &str) -> &str {
    let is_scheme = value.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer "));
    if is_scheme { value[7..].trim() } else { value.trim() }
}

/// The token's scopes where the route names some, of which the token has to have one.
fn granted(claims: &Claims, wanted: &[String]) -> Result<Option<Vec<String>>, Refusal> {
    if wanted.is_empty() {
        return Ok(None);
    }
    let scopes = claims.scopes();
    if scopes.iter().any(|scope| wanted.contains(scope)) {
        return Ok(Some(scopes));
    }
    let wanted = wanted.join(" ");
    let challenge = format!(
        r#"Bearer scope="{wanted}" error="insufficient_scope" error_description="expected scopes: [{wanted}]""#
    );
    Err(Refusal::Forbidden(Some(challenge)))
}

pub(super) fn verify(issuer: &Issuer, token: &str, now: Duration) -> Result<Claims, Invalid> {
    let claims = Claims::read(&signed_payload(issuer, token)?).ok_or(Invalid::Claims)?;
    check(issuer, &claims, now)?;
    Ok(claims)
}

/// What a key of the issuer signed.
fn signed_payload(issuer: &Issuer, token: &str) -> Result<Vec<u8>, Invalid> {
    let [header, payload, signature]: [&str; 3] =
        token.split('.').collect::<Vec<_>>().try_into().map_err(|_| Invalid::Segments)?;
    let key = key(issuer, header)?;
    let signed = &token[..header.len() + 1 + payload.len()];
    issuer.verified.check(token, &key, || {
        let key = DecodingKey::from_jwk(&key).map_err(|_| Invalid::UnknownKey)?;
        let valid = crypto::verify(signature, signed.as_bytes(), &key, Algorithm::RS256);
        valid.unwrap_or(false).then_some(()).ok_or(Invalid::Signature)
    })?;
    URL_SAFE_NO_PAD.decode(payload).map_err(|_| Invalid::Encoding)
}

/// The issuer's key that the header names. Whatever key the header brings along itself is not looked at.
fn key(issuer: &Issuer, header: &str) -> Result<Jwk, Invalid> {
    let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| Invalid::Encoding)?;
    let header = Claims::read(&header).ok_or(Invalid::Encoding)?;
    let algorithm = header.text("alg").ok_or(Invalid::Encoding)?;
    if algorithm != "RS256" {
        let plain: String = algorithm.chars().filter(char::is_ascii_alphanumeric).take(16).collect(); // goes into a header
        return Err(Invalid::SigningMethod(plain));
    }
    if header.has("crit") {
        return Err(Invalid::Encoding); // RFC 7515, 4.1.11: what has to be understood and is not makes it invalid
    }
    let keys = (issuer.keys)();
    let jwk = header.text("kid").and_then(|kid| keys.find(&kid).filter(|jwk| is_for_signatures(jwk)).cloned());
    jwk.ok_or(Invalid::UnknownKey)
}

/// A key says what it may be used for; one that says nothing of it may be used for signatures.
fn is_for_signatures(jwk: &Jwk) -> bool {
    let common = &jwk.common;
    let may_verify = |operations: &Vec<KeyOperations>| operations.contains(&KeyOperations::Verify);
    matches!(jwk.algorithm, AlgorithmParameters::RSA(_))
        && matches!(common.public_key_use, None | Some(PublicKeyUse::Signature))
        && matches!(common.key_algorithm, None | Some(KeyAlgorithm::RS256))
        && common.key_operations.as_ref().is_none_or(may_verify)
}

/// AWS documents no leeway, so there is none.
fn check(issuer: &Issuer, claims: &Claims, now: Duration) -> Result<(), Invalid> {
    let now = now.as_secs_f64();
    let expires = claims.time("exp").ok_or(Invalid::Claims)?.ok_or(Invalid::Claims)?;
    if expires <= now {
        return Err(Invalid::Expired);
    }
    for name in ["iat", "nbf"] {
        if claims.time(name).ok_or(Invalid::Claims)?.is_some_and(|time| time > now) {
            return Err(Invalid::NotYetValid);
        }
    }
    if claims.text("iss").as_deref() != Some(issuer.issuer.as_str()) {
        return Err(Invalid::Issuer);
    }
    let audience = if claims.has("aud") { claims.texts("aud") } else { claims.texts("client_id") };
    if !audience.iter().any(|one| issuer.audience.contains(one)) {
        return Err(Invalid::Audience);
    }
    // AWS does not look at `token_use`; a Cognito pool issues no other that has an audience.
    match claims.text("token_use").as_deref() {
        Some("id" | "access") => Ok(()),
        _ => Err(Invalid::Use),
    }
}

#[cfg(test)]
pub(super) mod tests;
#[cfg(test)]
mod wycheproof;
