use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{self, SHA256},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use skyloom_manifest::OAuthFlow;

use super::{
    Call,
    client::{Client, authenticated},
    grant,
    kept::{Code, Exchanged},
    parameters::Parameters,
    reply,
};
use crate::cognito::{
    Context,
    pool::{Pool, Pools},
};

/// `POST /oauth2/token`
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html>
pub(super) fn token(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Response<Bytes> {
    let answer = exchange(pools, context, call);
    answer.map_or_else(reply::refuse, |tokens| reply::json(StatusCode::OK, &tokens))
}

/// The tokens, or the error of RFC 6749, 5.2.
fn exchange(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Value, &'static str> {
    let form = Parameters::of_form(call.request).ok_or("invalid_request")?;
    let pool = call.address.pool(pools).map_err(|_| "invalid_client")?;
    let client = authenticated(pool, call.request, &form)?;
    if ["grant_type", "code", "redirect_uri", "code_verifier", "refresh_token", "scope"]
        .iter()
        .any(|it| form.is_repeated(it))
    {
        return Err("invalid_request");
    }
    match form.get("grant_type") {
        Some("authorization_code") => with_code(pool, context, &client, &form),
        Some("refresh_token") => with_refresh_token(pool, context, &client, &form),
        Some("client_credentials") => with_credentials(pool, context, &client, &form),
        Some(_) => Err("unsupported_grant_type"),
        None => Err("invalid_request"),
    }
}

fn with_code(
    pool: &mut Pool,
    context: &Context<'_>,
    client: &Client,
    form: &Parameters,
) -> Result<Value, &'static str> {
    if !client.may(OAuthFlow::Code) {
        return Err("unauthorized_client");
    }
    let text = form.get("code").ok_or("invalid_request")?;
    let redirect_uri = form.get("redirect_uri").ok_or("invalid_request")?;
    if !client.declared.callbacks.iter().any(|it| it == redirect_uri) {
        return Err("unauthorized_client"); // as Cognito has it for a URL that is not registered
    }
    let code = match pool.oauth.kept.code(text, context.now) {
        Exchanged::Now(code) => code,
        Exchanged::Before(session) => {
            end(pool, &session); // somebody else may have been first (RFC 6749, 4.1.2)
            return Err("invalid_grant");
        }
        Exchanged::Never => return Err("invalid_grant"),
    };
    if code.grant.client_id != client.id
        || code.redirect_uri != redirect_uri
        || !verified(&code, form.get("code_verifier"))
    {
        pool.oauth.kept.forget_code(text);
        return Err("invalid_grant");
    }
    let began = grant::begin(pool, context, (&code.user, code.grant.clone()), code.nonce.as_deref());
    let tokens = began.map_err(|_| "invalid_grant")?;
    pool.oauth.kept.use_code(text, &tokens.session);
    Ok(body(client, (&tokens.access, tokens.id.as_deref(), Some(&tokens.refresh))))
}

/// Whether the verifier is what the code's challenge is the hash of. One for a code without a challenge is refused, too: an attacker
/// may have taken the challenge away.
fn verified(code: &Code, verifier: Option<&str>) -> bool {
    match (&code.challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) if (43..=128).contains(&verifier.len()) => {
            let hash = URL_SAFE_NO_PAD.encode(digest::digest(&SHA256, verifier.as_bytes()));
            verify_slices_are_equal(hash.as_bytes(), challenge.as_bytes()).is_ok()
        }
        _ => false,
    }
}

fn with_refresh_token(
    pool: &mut Pool,
    context: &Context<'_>,
    client: &Client,
    form: &Parameters,
) -> Result<Value, &'static str> {
    let token = form.get("refresh_token").ok_or("invalid_request")?;
    let session = pool.refreshed(token, context.now).map(|(id, _)| id).map_err(|_| "invalid_grant")?;
    if client_of(pool, &session).as_ref() != Some(&client.id) {
        return Err("invalid_grant");
    }
    if pool.sessions.get(&session).is_some_and(|session| session.device_key.is_some()) {
        return Err("invalid_grant"); // nothing here says on which device
    }
    let (access, id) = grant::signed(pool, context, &session, None).map_err(|_| "invalid_grant")?;
    let refresh = pool.rotate(&session, context.random, context.now);
    Ok(body(client, (&access, id.as_deref(), refresh.as_deref())))
}

/// Whose tokens a session has.
pub(super) fn client_of(pool: &Pool, session: &str) -> Option<String> {
    pool.sessions.get(session).map(|session| pool.client_of(session).id)
}

/// A machine has no user: its token has its own id in place of one, and no `username`.
fn with_credentials(
    pool: &mut Pool,
    context: &Context<'_>,
    client: &Client,
    form: &Parameters,
) -> Result<Value, &'static str> {
    if !client.may(OAuthFlow::ClientCredentials) {
        return Err("unauthorized_client");
    }
    let scopes = client.scopes(form.get("scope")).ok_or("invalid_scope")?;
    Ok(body(client, (&machine_token(pool, context, client, &scopes), None, None)))
}

pub(super) fn machine_token(pool: &Pool, context: &Context<'_>, client: &Client, scopes: &[String]) -> String {
    let claims = json!({
        "sub": client.id,
        "token_use": "access",
        "scope": scopes.join(" "),
        "auth_time": context.now.seconds(),
        "iss": context.issuer.of(pool),
        "exp": context.now.after(client.life).seconds(),
        "iat": context.now.seconds(),
        "version": 2,
        "jti": context.random.uuid(),
        "client_id": client.id,
    });
    let key = context.keys.key();
    key.sign(key.id(&pool.id), &claims)
}

fn body(client: &Client, (access, id, refresh): (&str, Option<&str>, Option<&str>)) -> Value {
    let mut body = json!({ "access_token": access, "expires_in": client.life.as_secs(), "token_type": "Bearer" });
    for (name, token) in [("id_token", id), ("refresh_token", refresh)] {
        if let Some(token) = token {
            body[name] = token.into();
        }
    }
    body
}

/// Ends a session.
pub(super) fn end(pool: &mut Pool, session: &str) {
    if let Some(session) = pool.sessions.get_mut(session) {
        session.revoked = true;
    }
}
