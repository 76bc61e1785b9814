use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, header};
use percent_encoding::percent_decode_str;
use skyloom_manifest::{OAuthClient, OAuthFlow};

use super::parameters::Parameters;
use crate::cognito::pool::Pool;

/// A client of a pool that uses its domain.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: Option<String>,
    /// How long its access tokens work.
    pub(super) life: Duration,
    pub(super) declared: OAuthClient,
}

impl Client {
    pub(super) fn by_id(pool: &Pool, id: &str) -> Option<Self> {
        all(pool).find(|client| client.id == id)
    }

    pub(super) fn may(&self, flow: OAuthFlow) -> bool {
        self.declared.flows.contains(&flow)
    }

    /// Those of a space-separated list, if it may ask for all of them; without a list, all that it may ask for.
    pub(super) fn scopes(&self, asked: Option<&str>) -> Option<Vec<String>> {
        let Some(asked) = asked else { return Some(self.declared.scopes.clone()) };
        let mut scopes: Vec<String> = Vec::new();
        for scope in asked.split(' ').filter(|scope| !scope.is_empty()) {
            if !self.declared.scopes.iter().any(|it| it == scope) {
                return None;
            }
            if !scopes.iter().any(|it| it == scope) {
                scopes.push(scope.to_owned());
            }
        }
        (!scopes.is_empty()).then_some(scopes)
    }
}

pub(super) fn all(pool: &Pool) -> impl Iterator<Item = Client> {
    pool.clients().filter_map(|client| {
        let life = Duration::from_secs(client.settings.access_token.into());
        Some(Client { secret: client.secret(), id: client.id, life, declared: client.oauth? })
    })
}

/// The ids of all clients of a pool: what the `aud` or `client_id` of its tokens can be.
pub(in crate::cognito) fn audience(pool: &Pool) -> Vec<String> {
    pool.clients().map(|client| client.id).collect()
}

/// The client of a request to an endpoint that clients call themselves: by `client_secret_basic` or `client_secret_post`, or by its
/// id alone if it has no secret. Otherwise the error of RFC 6749.
pub(super) fn authenticated(pool: &Pool, request: &Request<Bytes>, form: &Parameters) -> Result<Client, &'static str> {
    let basic = match request.headers().get_all(header::AUTHORIZATION).into_iter().collect::<Vec<_>>()[..] {
        [] => None,
        [one] => Some(one.to_str().ok().and_then(basic).ok_or("invalid_client")?),
        _ => return Err("invalid_request"),
    };
    if ["client_id", "client_secret"].iter().any(|name| form.is_repeated(name)) {
        return Err("invalid_request");
    }
    let (id, secret) = match (&basic, form.get("client_id"), form.get("client_secret")) {
        (Some(_), _, Some(_)) => return Err("invalid_request"), // two ways at once (RFC 6749, 2.3)
        (Some((id, _)), Some(other), None) if id != other => return Err("invalid_client"),
        (Some((id, secret)), _, None) => (id.as_str(), Some(secret.as_str())),
        (None, Some(id), secret) => (id, secret),
        (None, None, _) => return Err("invalid_request"),
    };
    let client = Client::by_id(pool, id).ok_or("invalid_client")?;
    match (&client.secret, secret) {
        (None, None) => Ok(client),
        (Some(own), Some(given)) if verify_slices_are_equal(own.as_bytes(), given.as_bytes()).is_ok() => Ok(client),
        _ => Err("invalid_client"),
    }
}

/// The id of the client that a request names in its header, be it that client or not.
pub(super) fn in_header(request: &Request<Bytes>) -> Option<String> {
    let header = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    basic(header).map(|(id, _)| id)
}

/// Both parts are form-encoded before they are joined (RFC 6749, 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, value) = header.split_once(' ')?;
    let text = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((decode(id), decode(secret)))
}
