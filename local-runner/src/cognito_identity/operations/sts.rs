use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::{
    cognito_identity::{Around, CognitoIdentities, Credentials, Error, ISSUER, Wanted},
    policy::Policy,
    signed::CognitoIdentity,
};

/// The parameters of `AssumeRoleWithWebIdentity`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WithToken<'a> {
    pub(crate) role_arn: &'a str,
    pub(crate) session: &'a str,
    pub(crate) token: &'a str,
    pub(crate) policy: Option<&'a str>,
    pub(crate) seconds: Option<&'a str>,
}

/// An error of STS, in its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StsError {
    #[error("Token is expired")]
    Expired,
    #[error(
        "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements"
    )]
    InvalidToken,
    #[error("Not authorized to perform sts:AssumeRoleWithWebIdentity")]
    AccessDenied,
    #[error("{0}")]
    Validation(String),
    #[error("{0}")]
    MalformedPolicy(String),
}

impl StsError {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Expired => "ExpiredTokenException",
            Self::InvalidToken => "InvalidIdentityToken",
            Self::AccessDenied => "AccessDenied",
            Self::Validation(_) => "ValidationError",
            Self::MalformedPolicy(_) => "MalformedPolicyDocument",
        }
    }
}

/// The roles trust tokens of their own pool, of callers of their own kind: the conditions on `aud` and `amr`.
pub(crate) fn assume_role_with_web_identity(
    pools: &CognitoIdentities,
    around: &dyn Around,
    request: WithToken<'_>,
) -> Result<(Credentials, CognitoIdentity), StsError> {
    let claims = around.opened(request.token).ok_or(StsError::InvalidToken)?;
    let identity = identity(pools, &claims)?;
    let pool = pools.pool(&identity.pool_id).map_err(|_: Error| StsError::AccessDenied)?;
    let prefix = format!("arn:aws:iam::{}:role/", pools.site.account);
    let role = request.role_arn.strip_prefix(&prefix).ok_or(StsError::AccessDenied)?;
    if !pool.declared.classic_flow || !pool.gives(role, identity.kind() == "unauthenticated") {
        return Err(StsError::AccessDenied);
    }
    let limit = request.policy.map(Policy::parse).transpose();
    let limit = limit.map_err(|error| StsError::MalformedPolicy(error.to_string()))?;
    let life = life(request.seconds)?;
    let session = session_name(request.session)?;
    let wanted = Wanted { role: role.to_owned(), session, life, limit, identity: identity.clone() };
    Ok((around.assume(wanted), identity))
}

fn identity(pools: &CognitoIdentities, claims: &Map<String, Value>) -> Result<CognitoIdentity, StsError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned).ok_or(StsError::InvalidToken);
    let now = pools.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if text("iss")? != ISSUER {
        return Err(StsError::InvalidToken);
    }
    if claims.get("exp").and_then(Value::as_u64).is_none_or(|exp| exp <= now) {
        return Err(StsError::Expired);
    }
    let amr = claims.get("amr").and_then(Value::as_array).ok_or(StsError::InvalidToken)?;
    let amr = amr.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(CognitoIdentity { identity_id: text("sub")?, pool_id: text("aud")?, amr })
}

/// Fifteen minutes to an hour, which roles allow unless they say otherwise.
fn life(seconds: Option<&str>) -> Result<Duration, StsError> {
    let seconds = seconds.map_or(Ok(3_600), str::parse::<u64>);
    match seconds {
        Ok(seconds @ 900..=3_600) => Ok(Duration::from_secs(seconds)),
        Ok(3_601..) => {
            Err(StsError::Validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.".into()))
        }
        _ => Err(StsError::Validation(
            "1 validation error detected: Value at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900".into(),
        )),
    }
}

fn session_name(name: &str) -> Result<String, StsError> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if (2..=64).contains(&name.len()) && name.chars().all(is_name) {
        return Ok(name.to_owned());
    }
    Err(StsError::Validation(
        "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*".into(),
    ))
}
