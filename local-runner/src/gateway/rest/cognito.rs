use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use crate::gateway::jwt::{self, Claims, Invalid, Issuer};

/// Decides like a `COGNITO_USER_POOLS` authorizer with the identity source `method.request.header.Authorization`, and gives the
/// `authorizer` member of the event.
///
/// A method without scopes takes ID tokens alone, one with scopes access tokens alone. Whatever is wrong is 401; only of an
/// expired token the caller is told so. An answer is not remembered: at AWS a token may go on being accepted for five minutes
/// after it has expired.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html>
pub(super) fn authorize(
    issuer: &Issuer,
    scopes: &[String],
    authorization: Option<&str>,
    now: Duration,
) -> Result<Value, Refusal> {
    let token = authorization.map(jwt::without_scheme).filter(|token| !token.is_empty());
    let claims = jwt::verify(issuer, token.ok_or(Refusal::Unauthorized)?, now).map_err(|invalid| match invalid {
        Invalid::Expired => Refusal::ExpiredToken,
        _ => Refusal::Unauthorized,
    })?;
    let wanted = if scopes.is_empty() { "id" } else { "access" };
    if claims.text("token_use").as_deref() != Some(wanted) {
        return Err(Refusal::Unauthorized);
    }
    if !scopes.is_empty() && !claims.scopes().iter().any(|scope| scopes.contains(scope)) {
        return Err(Refusal::Unauthorized);
    }
    Ok(json!({ "claims": texts(&claims) }))
}

/// The claims as the event has them: all are texts, lists with commas between their elements, and the times of the token as Java
/// prints a date. No document says so; it is in the events that people have published, as is `cognito:groups` with commas in the
/// code of Amplify's admin queries.
fn texts(claims: &Claims) -> Map<String, Value> {
    claims.entries().map(|(name, value, raw)| (name.to_owned(), Value::String(text(name, value, raw)))).collect()
}

fn text(name: &str, value: &Value, raw: &str) -> String {
    match value {
        Value::Number(seconds) if matches!(name, "exp" | "iat") => date(seconds.as_i64()).unwrap_or_else(|| raw.into()),
        Value::Number(_) => raw.into(),
        other => plain(other),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// `Fri Nov 06 23:21:28 UTC 2020`
fn date(seconds: Option<i64>) -> Option<String> {
    let time = Timestamp::from_second(seconds?).ok()?;
    Some(time.strftime("%a %b %d %H:%M:%S UTC %Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_written_as_a_rest_api_writes_them() {
        let claims = Claims::read(
            br#"{"sub":"ann","cognito:groups":["staff","auditors"],"email_verified":true,"auth_time":1604701288,
                "exp":1604704888,"iat":1604701288.5,"identities":[{"userId":"7"}],"none":null}"#,
        )
        .unwrap();
        let expected = json!({"sub": "ann", "cognito:groups": "staff,auditors", "email_verified": "true",
            "auth_time": "1604701288", "exp": "Fri Nov 06 23:21:28 UTC 2020", "iat": "1604701288.5",
            "identities": "{\"userId\":\"7\"}"});
        assert_eq!(Value::Object(texts(&claims)), expected);
    }
}
