use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Call, limit::is_readable, reply};
use crate::cognito::{
    Context,
    pool::{Pool, Pools, fold},
};

/// What the endpoint asks of a token.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    username: Option<String>,
    origin_jti: Option<String>,
    token_use: String,
    scope: String,
    exp: u64,
}

const NOT_VALID: &str = "Access token is expired, disabled, or deleted, or the user has globally signed out.";

/// `GET /oauth2/userInfo`
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html>
pub(super) fn user_info(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Response<Bytes> {
    let told = call.address.pool(pools).map_err(|_| NOT_VALID).and_then(|pool| attributes(pool, context, call));
    match told {
        Ok(attributes) => reply::json(StatusCode::OK, &Value::Object(attributes)),
        Err(description) => refuse(description),
    }
}

fn attributes(pool: &Pool, context: &Context<'_>, call: &Call<'_>) -> Result<Map<String, Value>, &'static str> {
    let header = call.request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token =
        header.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let (_, token) = token.ok_or(NOT_VALID)?;
    let key = context.keys.key();
    let is_of_pool = jsonwebtoken::decode_header(token).is_ok_and(|it| it.kid.as_deref() == Some(&key.id(&pool.id)));
    let claims: Claims = key.verify(token).filter(|_| is_of_pool).ok_or(NOT_VALID)?;
    let is_current =
        claims.token_use == "access" && claims.iss == context.issuer.of(pool) && context.now.seconds() < claims.exp;
    let session = claims.origin_jti.as_deref().filter(|_| is_current).ok_or(NOT_VALID)?;
    pool.sessions.get(session).filter(|session| !session.revoked).ok_or(NOT_VALID)?;
    if !claims.scope.split(' ').any(|scope| scope == "openid") {
        return Err("Access token does not contain openid scope");
    }
    let grant = pool.oauth.kept.grant(session).ok_or(NOT_VALID)?;
    let user = claims.username.and_then(|name| pool.users.get(&fold(&name))).filter(|user| user.enabled);
    let user = user.ok_or(NOT_VALID)?;
    let readable = user.attributes.iter().filter(|(name, _)| is_readable(grant, name));
    let mut told: Map<String, Value> = readable.map(|(name, value)| (name.clone(), value.clone().into())).collect();
    told.insert("username".into(), user.username.clone().into());
    Ok(told)
}

fn refuse(description: &str) -> Response<Bytes> {
    let body = json!({ "error": "invalid_token", "error_description": description });
    let mut response = reply::json(StatusCode::UNAUTHORIZED, &body);
    let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{description}\"");
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
