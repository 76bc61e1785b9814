//! Tokens as attackers make them.

use aws_lc_rs::{encoding::AsDer, signature::RsaPublicKeyComponents};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, crypto, jwk::AlgorithmParameters};
use serde_json::Value;

use crate::gateway::jwt::tests::{FORGER, POOL, id_claims, jwk, token as signed, with};

/// A token with any header and payload. What an HMAC is made with is the guess that a verifier takes the public key for a secret.
pub(super) fn token(signer: &str, header: &[u8], payload: &[u8]) -> String {
    let message = format!("{}.{}", encoded(header), encoded(payload));
    let sign = |key: &EncodingKey, algorithm| crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    let signature = match signer {
        "nobody" => String::new(),
        "pool" => sign(&POOL, Algorithm::RS256),
        "pool by RS384" => sign(&POOL, Algorithm::RS384),
        "pool by RS512" => sign(&POOL, Algorithm::RS512),
        "pool by PS256" => sign(&POOL, Algorithm::PS256),
        "forger" => sign(&FORGER, Algorithm::RS256),
        "another token" => valid(&id_claims()).rsplit('.').next().unwrap().to_owned(),
        "zeros" => encoded(&[0; 256]),
        other => {
            let (algorithm, secret) = other.split_once(" of ").unwrap();
            let algorithm = match algorithm {
                "hmac" => Algorithm::HS256,
                "hmac384" => Algorithm::HS384,
                "hmac512" => Algorithm::HS512,
                _ => panic!("nobody is called `{other}`"),
            };
            sign(&EncodingKey::from_secret(&guessed(secret)), algorithm)
        }
    };
    format!("{message}.{signature}")
}

/// A part of a token.
fn encoded(part: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

fn guessed(secret: &str) -> Vec<u8> {
    let AlgorithmParameters::RSA(public) = jwk(&POOL, "pool-key").algorithm else { panic!("an RSA key") };
    let [n, e] = [&public.n, &public.e].map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let der = || RsaPublicKeyComponents { n: n.clone(), e }.as_der().unwrap().as_ref().to_vec();
    let pem = |der: &[u8]| {
        let text = STANDARD.encode(der);
        let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    };
    match secret {
        "the PEM" => pem(&der()).into(),
        "the trimmed PEM" => pem(&der()).trim().into(),
        "the DER" => der(),
        "the modulus" => n,
        "n" => public.n.into(),
        "the JWK" => serde_json::to_vec(&jwk(&POOL, "pool-key")).unwrap(),
        "nothing" => Vec::new(),
        "secret" => b"secret".to_vec(),
        other => panic!("no secret is called `{other}`"),
    }
}

/// What the lines of the corpus name.
pub(super) fn words() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let claims = id_claims().to_string();
    [
        ("RS256", br#""alg":"RS256","kid":"pool-key""#.to_vec()),
        ("FORGER", serde_json::to_vec(&jwk(&FORGER, "pool-key")).unwrap()),
        ("POOL", serde_json::to_vec(&jwk(&POOL, "pool-key")).unwrap()),
        ("DEFLATED", stored(claims.as_bytes())),
    ]
    .into_iter()
}

/// One stored block of DEFLATE.
fn stored(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&[1], &length.to_le_bytes()[..], &(!length).to_le_bytes(), data].concat()
}

/// A right token.
pub(super) fn valid(claims: &Value) -> String {
    signed(claims)
}

/// A right header.
pub(super) fn header() -> Vec<u8> {
    br#"{"alg":"RS256","kid":"pool-key"}"#.to_vec()
}

/// A right token that is made as the wrong ones are.
pub(super) fn again(claims: &Value) -> String {
    token("pool", &header(), claims.to_string().as_bytes())
}

/// A right token with the letters of the other alphabet, of which it has some.
pub(super) fn in_standard_base64(claims: &Value) -> String {
    let tokens = (0..).map(|number| valid(&with(claims.clone(), "jti", number)));
    let token = tokens.into_iter().find(|token| token.contains(['-', '_'])).unwrap();
    token.replace('-', "+").replace('_', "/")
}
