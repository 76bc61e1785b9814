//! Google's and C2SP's Wycheproof: signatures that careless verifiers accept.
//!
//! `json_web_signature.json` has the groups of <https://github.com/C2SP/wycheproof> (`testvectors_v1/json_web_signature_test.json`,
//! Apache License 2.0) that have RSA keys, and those with other keys that a verifier of RS256 could be taken in by; without the private keys.

use serde_json::{Value, json};

use super::*;

/// A key and what it signed, or did not.
#[derive(serde::Deserialize)]
struct Group {
    key: Value,
    tests: Vec<Vector>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    tc_id: u32,
    comment: String,
    jws: String,
    result: String,
}

#[test]
fn what_rs256_did_not_sign_is_refused_and_what_it_did_is_not() {
    let groups: Vec<Group> = serde_json::from_str(include_str!("json_web_signature.json")).unwrap();
    let (mut accepted, mut refused) = (0, 0);
    for Group { key, tests } in groups {
        let issuer = issuer_with(key);
        for vector in tests {
            let is_accepted = signed_payload(&issuer, &vector.jws).is_ok();
            let expected = vector.result == "valid" && algorithm(&vector.jws) == "RS256";
            assert_eq!(is_accepted, expected, "{}: {}", vector.tc_id, vector.comment);
            *(if is_accepted { &mut accepted } else { &mut refused }) += 1;
        }
    }
    assert_eq!((accepted, refused), (8, 342));
}

fn issuer_with(key: Value) -> Issuer {
    let keys: JwkSet = serde_json::from_value(json!({ "keys": [key] })).unwrap();
    Issuer {
        pool: String::new(),
        issuer: String::new(),
        audience: Vec::new(),
        keys: Arc::new(move || keys.clone()),
        verified: Verified::default(),
    }
}

fn algorithm(jws: &str) -> String {
    let header = jws.split('.').next().and_then(|header| URL_SAFE_NO_PAD.decode(header).ok()).unwrap_or_default();
    Claims::read(&header).and_then(|header| header.text("alg")).unwrap_or_default()
}
