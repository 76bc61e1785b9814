use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};
use skyloom_manifest::Auth;

use super::*;
use crate::gateway::tests::{Bench, function, manifest, show};

const ISSUER: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Shoppers0";
const NOW: u64 = 1_584_039_838;

/// Making a key takes long, so that all tests share these: the pool's and a forger's.
pub(in crate::gateway) static POOL: LazyLock<EncodingKey> = LazyLock::new(new_key);
pub(in crate::gateway) static FORGER: LazyLock<EncodingKey> = LazyLock::new(new_key);

fn new_key() -> EncodingKey {
    let der: Pkcs8V1Der<'_> = KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()));
    EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()
}

pub(in crate::gateway) fn jwk(key: &EncodingKey, kid: &str) -> Jwk {
    let mut jwk = Jwk::from_encoding_key(key, Algorithm::RS256).unwrap();
    jwk.common.key_id = Some(kid.into());
    jwk
}

pub(in crate::gateway) fn issuer() -> Issuer {
    Issuer {
        pool: "Shopper".into(),
        issuer: ISSUER.into(),
        audience: vec!["client".into()],
        keys: Arc::new(|| JwkSet { keys: vec![jwk(&POOL, "pool-key")] }),
        verified: Verified::default(),
    }
}

/// An API with a route for the pool's users, which may ask for scopes.
fn bench(scopes: &[&str]) -> Bench {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let auth = Auth::UserPool { pool: "Shopper".into(), scopes, groups: vec![] };
    Bench::new(manifest(vec![function("me", "GET /me", auth)]), vec![issuer()], Box::new(|_, _| Ok("{}".into())))
}

pub(in crate::gateway) fn id_claims() -> Value {
    json!({"sub": "ann", "iss": ISSUER, "aud": "client", "token_use": "id", "iat": NOW, "exp": NOW + 3600,
        "cognito:groups": ["staff", "admin"], "email_verified": true})
}

pub(in crate::gateway) fn access_claims() -> Value {
    json!({"sub": "ann", "iss": ISSUER, "client_id": "client", "token_use": "access", "iat": NOW, "exp": NOW + 3600,
        "scope": "orders/read orders/write"})
}

pub(in crate::gateway) fn with(mut claims: Value, name: &str, value: impl Into<Value>) -> Value {
    claims[name] = value.into();
    claims
}

fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn sign(header: &Value, payload: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = [header.to_string().as_str(), payload].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    let signature = crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

pub(in crate::gateway) fn token(claims: &Value) -> String {
    sign(&json!({"alg": "RS256", "kid": "pool-key"}), &claims.to_string(), &POOL, Algorithm::RS256)
}

async fn get(bench: &Bench, authorization: &str) -> http::Response<bytes::Bytes> {
    bench.send(http::Request::get("/me").header("authorization", authorization), b"").await
}

async fn check_accepted(authorization: &str) {
    let bench = bench(&[]);
    let response = get(&bench, authorization).await;
    assert_eq!((response.status().as_u16(), bench.calls().len()), (200, 1), "{}", show(&response));
}

async fn check_refused(authorization: &str, description: &str) {
    let bench = bench(&[]);
    let response = get(&bench, authorization).await;
    assert_eq!((response.status().as_u16(), bench.calls().len()), (401, 0), "{authorization}");
    assert_eq!(response.body().as_ref(), br#"{"message":"Unauthorized"}"#);
    let challenge = format!(r#"Bearer scope="" error="invalid_token" error_description="{description}""#);
    assert_eq!(response.headers()["www-authenticate"], challenge.as_str());
}

#[tokio::test(start_paused = true)]
async fn an_id_token_and_an_access_token_are_accepted_with_and_without_the_scheme() {
    check_accepted(&token(&id_claims())).await;
    check_accepted(&format!("Bearer {}", token(&id_claims()))).await;
    check_accepted(&format!("bearer {}", token(&access_claims()))).await;
    check_accepted(&token(&with(id_claims(), "aud", json!(["other", "client"])))).await;
}

#[tokio::test(start_paused = true)]
async fn the_event_has_the_claims_as_strings() {
    let bench = bench(&[]);
    get(&bench, &token(&id_claims())).await;
    let event = bench.calls().pop().unwrap().1;
    let claims = json!({"sub": "ann", "iss": ISSUER, "aud": "client", "token_use": "id", "iat": "1584039838",
        "exp": "1584043438", "cognito:groups": "[staff admin]", "email_verified": "true"});
    assert_eq!(event["requestContext"]["authorizer"], json!({"jwt": {"claims": claims, "scopes": null}}));
}

#[tokio::test(start_paused = true)]
async fn a_missing_token_is_answered_with_the_scheme_alone() {
    let bench = bench(&[]);
    for request in [http::Request::get("/me"), http::Request::get("/me").header("authorization", "Bearer ")] {
        let response = bench.send(request, b"").await;
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
    }
    assert!(bench.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_none_is_refused() {
    check_refused("not-a-token", "token contains an invalid number of segments").await;
    check_refused("Basic YTpi", "token contains an invalid number of segments").await;
    check_refused("a.b.c.d", "token contains an invalid number of segments").await;
    check_refused("..", "the token cannot be decoded").await;
    check_refused(&"a".repeat(9_000), "token contains an invalid number of segments").await;
    let whole = token(&id_claims());
    check_refused(&whole[..whole.len() - 1], "the token's signature is invalid").await;
    check_refused(&whole[..whole.rfind('.').unwrap()], "token contains an invalid number of segments").await;
    check_refused(&whole[..=whole.rfind('.').unwrap()], "the token's signature is invalid").await;
}

#[tokio::test(start_paused = true)]
async fn another_algorithm_is_refused_whatever_it_is_signed_with() {
    let claims = id_claims().to_string();
    let [header, payload] = [r#"{"alg":"none","kid":"pool-key"}"#, &claims].map(|part| URL_SAFE_NO_PAD.encode(part));
    check_refused(&format!("{header}.{payload}."), "signing method none is invalid").await;

    let AlgorithmParameters::RSA(public) = jwk(&POOL, "pool-key").algorithm else { panic!("an RSA key") };
    let secret = EncodingKey::from_secret(&URL_SAFE_NO_PAD.decode(public.n).unwrap());
    let header = json!({"alg": "HS256", "kid": "pool-key"});
    check_refused(&sign(&header, &claims, &secret, Algorithm::HS256), "signing method HS256 is invalid").await;

    let header = json!({"alg": "RS384", "kid": "pool-key"});
    check_refused(&sign(&header, &claims, &POOL, Algorithm::RS384), "signing method RS384 is invalid").await;
}

#[tokio::test(start_paused = true)]
async fn a_forged_signature_is_refused_also_with_the_forgers_key_in_the_header() {
    let claims = id_claims().to_string();
    let forged = |header: Value| sign(&header, &claims, &FORGER, Algorithm::RS256);
    let invalid = "the token's signature is invalid";
    check_refused(&forged(json!({"alg": "RS256", "kid": "pool-key"})), invalid).await;
    let embedded = json!({"alg": "RS256", "kid": "pool-key", "jwk": jwk(&FORGER, "pool-key")});
    check_refused(&forged(embedded), invalid).await;
    let unknown = "the token is not signed with a key of the issuer";
    check_refused(&forged(json!({"alg": "RS256", "kid": "forgers-key", "jku": "https://evil.example"})), unknown).await;
    check_refused(&forged(json!({"alg": "RS256"})), unknown).await;
    let critical = json!({"alg": "RS256", "kid": "pool-key", "crit": ["b64"]});
    check_refused(&sign(&critical, &claims, &POOL, Algorithm::RS256), "the token cannot be decoded").await;
}

#[tokio::test(start_paused = true)]
async fn a_changed_payload_is_refused() {
    let whole = token(&id_claims());
    let parts: Vec<_> = whole.split('.').collect();
    let payload = URL_SAFE_NO_PAD.encode(with(id_claims(), "sub", "eve").to_string());
    check_refused(&format!("{}.{payload}.{}", parts[0], parts[2]), "the token's signature is invalid").await;
}

#[tokio::test(start_paused = true)]
async fn a_token_holds_from_its_issue_until_its_expiry() {
    check_refused(&token(&with(id_claims(), "exp", NOW)), "the token has expired").await;
    check_accepted(&token(&with(id_claims(), "exp", NOW + 1))).await;
    check_refused(&token(&without(id_claims(), "exp")), "the token's claims are invalid").await;
    check_refused(&token(&with(id_claims(), "exp", "never")), "the token's claims are invalid").await;
    check_refused(&token(&with(id_claims(), "iat", NOW + 1)), "the token is not valid yet").await;
    check_refused(&token(&with(id_claims(), "nbf", NOW + 1)), "the token is not valid yet").await;
    check_accepted(&token(&with(id_claims(), "nbf", NOW))).await;
}

#[tokio::test(start_paused = true)]
async fn a_token_expires_on_the_runners_clock() {
    let (bench, token) = (bench(&[]), token(&id_claims()));
    assert_eq!(get(&bench, &token).await.status(), 200);
    tokio::time::advance(Duration::from_secs(3600)).await;
    assert_eq!(get(&bench, &token).await.status(), 401);
}

#[tokio::test(start_paused = true)]
async fn a_token_of_another_pool_client_or_use_is_refused() {
    check_refused(&token(&with(id_claims(), "iss", "https://evil.example")), "the token does not have a valid issuer")
        .await;
    check_refused(&token(&with(id_claims(), "aud", "other")), "the token does not have a valid audience").await;
    check_refused(&token(&without(id_claims(), "aud")), "the token does not have a valid audience").await;
    let both = with(access_claims(), "aud", "other"); // `aud` goes before `client_id`
    check_refused(&token(&both), "the token does not have a valid audience").await;
    check_refused(&token(&with(id_claims(), "token_use", "refresh")), "the token does not have a valid use").await;
    check_refused(&token(&without(id_claims(), "token_use")), "the token does not have a valid use").await;
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_is_there_twice_is_refused() {
    let claims = id_claims().to_string().replacen('{', r#"{"sub":"eve","#, 1);
    let twice = sign(&json!({"alg": "RS256", "kid": "pool-key"}), &claims, &POOL, Algorithm::RS256);
    check_refused(&twice, "the token's claims are invalid").await;
}

#[tokio::test(start_paused = true)]
async fn a_scope_of_the_route_is_enough_and_none_is_forbidden() {
    let bench = bench(&["orders/admin", "orders/read"]);
    assert_eq!(get(&bench, &token(&access_claims())).await.status(), 200);
    let authorizer = &bench.calls()[0].1["requestContext"]["authorizer"];
    assert_eq!(authorizer["jwt"]["scopes"], json!(["orders/read", "orders/write"]));

    let response = get(&bench, &token(&with(access_claims(), "scope", "orders/write"))).await;
    expect_test::expect![[r#"
        403
        content-type: application/json
        www-authenticate: Bearer scope="orders/admin orders/read" error="insufficient_scope" error_description="expected scopes: [orders/admin orders/read]"
        content-length: 23
        apigw-requestid: jHZU7P17C2I7gD4=
        {"message":"Forbidden"}"#]]
    .assert_eq(&show(&response));
    assert_eq!(get(&bench, &token(&id_claims())).await.status(), 403);
    assert_eq!(bench.calls().len(), 1);
}

#[test]
fn tokens_are_made_as_the_library_makes_them() {
    let header = Header { kid: Some("pool-key".into()), ..Header::new(Algorithm::RS256) };
    let token = jsonwebtoken::encode(&header, &id_claims(), &POOL).unwrap();
    assert!(verify(&issuer(), &token, Duration::from_secs(NOW)).is_ok());
}

#[test]
fn a_token_that_was_right_is_right_only_as_it_was_until_it_expires_and_by_a_key_that_is_still_published() {
    let token = token(&id_claims());
    let mut issuer = issuer();
    let at = |issuer: &Issuer, token: &str, seconds| verify(issuer, token, Duration::from_secs(NOW + seconds)).err();
    for _ in 0..2 {
        assert!(at(&issuer, &token, 0).is_none());
    }
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let other = URL_SAFE_NO_PAD.encode(with(id_claims(), "sub", "eve").to_string());
    assert!(matches!(at(&issuer, &format!("{header}.{other}.{signature}"), 0), Some(Invalid::Signature)));
    assert!(matches!(at(&issuer, &format!("{signed}."), 0), Some(Invalid::Signature)));
    assert!(matches!(at(&issuer, &token, 3_600), Some(Invalid::Expired)));
    issuer.keys = Arc::new(|| JwkSet { keys: vec![jwk(&FORGER, "pool-key")] });
    assert!(matches!(at(&issuer, &token, 0), Some(Invalid::Signature)));
    issuer.keys = Arc::new(|| JwkSet { keys: vec![] });
    assert!(matches!(at(&issuer, &token, 0), Some(Invalid::UnknownKey)));
}
