//! What one would write by hand: an `axum` server that holds tokens to the issuer's keys, and does the function's work itself.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    extract::{FromRequestParts, State},
    http::{StatusCode, header, request::Parts},
    response::IntoResponse,
    routing::{get, post},
};
use jsonwebtoken::{DecodingKey, TokenData, Validation, decode, decode_header, jwk::JwkSet};
use serde::Deserialize;
use skyloom_benches::NewOrder;
use tokio::{net::TcpListener, runtime::Runtime};

use crate::guard::Guard;

pub struct BareAxum {
    address: SocketAddr,
    /// Ends with this.
    _runtime: Runtime,
}

impl BareAxum {
    pub fn start(guard: &Guard) -> Self {
        let runtime = Runtime::new().expect("tokio starts");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        let app = Router::new()
            .route("/health", get(async || "ok"))
            .route("/orders", post(place_order))
            .with_state(Arc::new(Verifier::new(guard)));
        runtime.spawn(async { axum::serve(listener, app).await });
        Self { address, _runtime: runtime }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn place_order(shopper: Shopper, Json(order): Json<NewOrder>) -> impl IntoResponse {
    (StatusCode::CREATED, Json(order.place(shopper.sub, shopper.email)))
}

#[derive(Deserialize)]
struct Shopper {
    sub: String,
    email: String,
}

struct Verifier {
    keys: Vec<(String, DecodingKey)>,
    validation: Validation,
}

impl Verifier {
    fn new(guard: &Guard) -> Self {
        let keys: JwkSet = serde_json::from_str(&guard.keys).expect("a set of keys");
        let key = |jwk| DecodingKey::from_jwk(jwk).expect("an RSA key");
        let id = |jwk: &jsonwebtoken::jwk::Jwk| jwk.common.key_id.clone().expect("a key with an id");
        let mut validation = Validation::new(jsonwebtoken::Algorithm::RS256);
        validation.set_issuer(&[&guard.issuer]);
        validation.set_audience(&[&guard.audience]);
        Self { keys: keys.keys.iter().map(|jwk| (id(jwk), key(jwk))).collect(), validation }
    }

    fn verify(&self, token: &str) -> Option<Shopper> {
        let id = decode_header(token).ok()?.kid?;
        let (_, key) = self.keys.iter().find(|(known, _)| *known == id)?;
        decode(token, key, &self.validation).ok().map(|token: TokenData<Shopper>| token.claims)
    }
}

impl FromRequestParts<Arc<Verifier>> for Shopper {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<Verifier>) -> Result<Self, StatusCode> {
        let State(verifier) = State::<Arc<Verifier>>::from_request_parts(parts, state).await.expect("the state");
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or(StatusCode::UNAUTHORIZED)?;
        verifier.verify(token).ok_or(StatusCode::UNAUTHORIZED)
    }
}
