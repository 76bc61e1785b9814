//! An OpenID Connect provider over HTTP.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use jsonwebtoken::jwk::JwkSet;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use skyloom_manifest::bridge::BoxFuture;

use super::{parameters::query, reply};

/// Sends a request to another server, and says why there is no answer.
pub(crate) type Fetch =
    Arc<dyn Fn(Request<Bytes>) -> BoxFuture<'static, Result<Response<Bytes>, String>> + Send + Sync>;

/// What a provider says of itself.
#[derive(Debug, Deserialize)]
pub(super) struct Configuration {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
}

/// What a provider gives for a code.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: String,
    pub(super) access_token: Option<String>,
}

impl Configuration {
    /// The URL of the provider's sign-in page. A browser is sent to a web page and to nothing else.
    pub(super) fn sign_in_url<'a>(
        &self,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<String, String> {
        let endpoint = &self.authorization_endpoint;
        if !endpoint.starts_with("https://") && !endpoint.starts_with("http://") {
            return Err("its authorization_endpoint is no web page".into());
        }
        Ok(reply::with_query(endpoint, &query(pairs)))
    }
}

/// A provider that says that it is another one is not believed (OpenID Connect Discovery, 4.3).
pub(super) async fn discover(fetch: &Fetch, issuer: &str) -> Result<Configuration, String> {
    let configuration: Configuration = get(fetch, &format!("{issuer}/.well-known/openid-configuration")).await?;
    if configuration.issuer != issuer {
        return Err(format!("it is declared as {issuer}, and says that it is another issuer"));
    }
    Ok(configuration)
}

pub(super) async fn keys(fetch: &Fetch, configuration: &Configuration) -> Result<JwkSet, String> {
    get(fetch, &configuration.jwks_uri).await
}

/// Exchanges a code, as a client with a secret.
pub(super) async fn exchange(
    fetch: &Fetch,
    configuration: &Configuration,
    (client_id, secret): (&str, &str),
    (code, redirect_uri, verifier): (&str, &str, &str),
) -> Result<Tokens, String> {
    let form = query([
        ("grant_type", "authorization_code"),
        ("client_id", client_id),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("code_verifier", verifier),
    ]);
    let request = Request::builder()
        .method(Method::POST)
        .uri(&configuration.token_endpoint)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(format!("{client_id}:{secret}"))));
    send(fetch, request.body(Bytes::from(form)).map_err(|error| error.to_string())?).await
}

/// What the provider tells beside the ID token; nothing is not worth failing for.
pub(super) async fn user_info(
    fetch: &Fetch,
    configuration: &Configuration,
    access_token: Option<&str>,
) -> Option<Map<String, Value>> {
    let request = Request::get(configuration.userinfo_endpoint.as_deref()?)
        .header(header::AUTHORIZATION, format!("Bearer {}", access_token?))
        .body(Bytes::new());
    send(fetch, request.ok()?).await.ok()
}

async fn get<T: DeserializeOwned>(fetch: &Fetch, url: &str) -> Result<T, String> {
    send(fetch, Request::get(url).body(Bytes::new()).map_err(|error| format!("{url}: {error}"))?).await
}

async fn send<T: DeserializeOwned>(fetch: &Fetch, request: Request<Bytes>) -> Result<T, String> {
    let url = request.uri().to_string();
    let response = fetch(request).await.map_err(|error| format!("{url}: {error}"))?;
    if response.status() != StatusCode::OK {
        return Err(format!("{url} answered {}", response.status().as_u16()));
    }
    serde_json::from_slice(response.body()).map_err(|error| format!("{url} answered something else: {error}"))
}
