//! A pool as the provider of another one.

use std::sync::Arc;

use http::Response;
use serde_json::{Map, Value, json};

use super::{super::verify, Browser, CALLBACK, PASSWORD, SHOP, decoded, location, parameter};
use crate::cognito::{Cognito, Keys, SigningKey, ids};

pub(super) const MEMBERS: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_yYY6e3yaj";

pub(super) fn client_of_members() -> String {
    ids::other_client_id(&ids::pool_id("us-east-1", "orders", "Member"), "Acme")
}

pub(super) fn secret_of(cognito: &Arc<Cognito>) -> String {
    cognito.other_clients("Member")[0].2.clone().unwrap()
}

/// A member of the other pool, who is not known to the shop.
fn with_eve() -> Browser {
    let browser = Browser::with_ann();
    let client = browser.cognito.issuers()[1].client_id.clone();
    let attributes = json!([{ "Name": "email", "Value": "eve@example.com" }, { "Name": "given_name", "Value": "Eve" }]);
    browser.operation(
        "SignUp",
        &json!({ "ClientId": client, "Username": "eve", "Password": PASSWORD, "UserAttributes": attributes }),
    );
    let code = browser.last_code();
    browser.operation("ConfirmSignUp", &json!({ "ClientId": client, "Username": "eve", "ConfirmationCode": code }));
    browser
}

/// Goes to the provider and signs in there; returns the URL with which the browser comes back.
fn visit(browser: &mut Browser) -> String {
    let asked = browser.asked(&[("identity_provider", "Members")]);
    let there = location(&browser.get(&format!("{SHOP}/oauth2/authorize?{asked}")));
    assert!(there.starts_with("https://members.auth.us-east-1.amazoncognito.com/oauth2/authorize?"), "{there}");
    let login = location(&browser.get(&there));
    let page = browser.get(&login);
    let back = location(&browser.fill(&login, &page, &[("username", "eve"), ("password", PASSWORD)]));
    assert!(back.starts_with(&format!("{SHOP}/oauth2/idpresponse?code=")), "{back}");
    back
}

fn status(response: &Response<bytes::Bytes>) -> u16 {
    response.status().as_u16()
}

#[test]
fn a_user_of_another_pool_becomes_a_user_of_this_one() {
    let mut browser = with_eve();
    assert_eq!(browser.cognito.issuers()[1].issuer, MEMBERS);
    let back = visit(&mut browser);
    let done = location(&browser.get(&back));
    assert!(done.starts_with(CALLBACK) && parameter(&done, "state") == "a state", "{done}");
    let tokens = browser.exchange(&parameter(&done, "code"), &[]);
    let id = decoded(&tokens["id_token"]);
    let username = id["cognito:username"].as_str().unwrap();
    assert!(username.starts_with("Members_") && username.len() == "Members_".len() + 36);
    assert_eq!((&id["email"], &id["identities"][0]["providerName"]), (&json!("eve@example.com"), &json!("Members")));
    assert_ne!(id["sub"], username["Members_".len()..], "the pool has its own `sub`");
    let pool = browser.cognito.issuers()[2].pool_id.clone();
    assert_eq!(id["cognito:groups"], json!([format!("{pool}_Members")]));
    let user = browser.operation("AdminGetUser", &json!({ "UserPoolId": pool, "Username": username }));
    assert_eq!(user["UserStatus"], "EXTERNAL_PROVIDER");
    assert!(user["UserAttributes"].to_string().contains(r#"{"Name":"name","Value":"Eve"}"#));
}

#[test]
fn the_second_visit_finds_the_same_user_and_new_attributes() {
    let mut browser = with_eve();
    let mut sub = || {
        let back = visit(&mut browser);
        let done = location(&browser.get(&back));
        browser.cookies.clear();
        decoded(&browser.exchange(&parameter(&done, "code"), &[])["id_token"])["sub"].clone()
    };
    assert_eq!(sub(), sub());
}

#[test]
fn only_the_browser_that_began_comes_back_and_only_once() {
    let mut browser = with_eve();
    let back = visit(&mut browser);
    assert_eq!(status(&browser.other().get(&back)), 400, "a link that somebody else sent");
    let tampered = back.replace("state=", "state=0");
    assert_eq!(status(&browser.get(&tampered)), 400);
    assert_eq!(status(&browser.get(&back)), 302);
    assert_eq!(status(&browser.get(&back)), 400, "a second time");
}

#[test]
fn a_code_of_another_visit_and_an_error_of_the_provider_come_back_as_errors() {
    let mut browser = with_eve();
    let first = visit(&mut browser);
    browser.cookies.retain(|(host, _), _| !host.starts_with("members"));
    let second = visit(&mut browser);
    let mixed = second.replace(&parameter(&second, "code"), &parameter(&first, "code"));
    assert_eq!(parameter(&location(&browser.get(&mixed)), "error"), "invalid_request");
    browser.cookies.retain(|(host, _), _| !host.starts_with("members"));
    let third = visit(&mut browser);
    let state = parameter(&third, "state");
    let denied = browser.get(&format!("{SHOP}/oauth2/idpresponse?error=access_denied&state={state}"));
    let denied = location(&denied);
    assert!(denied.starts_with(CALLBACK) && parameter(&denied, "error_description") == "access_denied", "{denied}");
}

#[test]
fn the_address_of_somebody_elses_user_signs_nobody_in() {
    let mut browser = with_eve();
    let back = visit(&mut browser);
    browser.get(&back);
    let client = browser.id("Shopper");
    let parameters = json!({ "USERNAME": "eve@example.com", "PASSWORD": PASSWORD });
    let input = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    assert_eq!(browser.operation("InitiateAuth", &input)["message"], "Incorrect username or password.");
}

#[test]
fn a_cookie_and_a_code_of_a_deleted_user_are_not_the_next_ones_of_that_name() {
    let mut browser = with_eve();
    let back = visit(&mut browser);
    let members = browser.cognito.issuers()[1].pool_id.clone();
    let eve = json!({ "UserPoolId": members, "Username": "eve" });
    browser.operation("AdminDeleteUser", &eve);
    browser.operation("AdminCreateUser", &eve);
    assert_eq!(parameter(&location(&browser.get(&back)), "error"), "invalid_request", "the code is nobody's");
    let asked = browser.asked(&[("identity_provider", "Members")]);
    let there = location(&browser.get(&format!("{SHOP}/oauth2/authorize?{asked}")));
    let next = location(&browser.get(&there));
    assert!(next.starts_with("https://members.auth.us-east-1.amazoncognito.com/login?"), "{next}");
}

/// Comes in by the provider, and returns the username and an access token for operations.
fn comes_in(browser: &mut Browser) -> (String, Value) {
    let asked = browser.asked(&[("identity_provider", "Members"), ("scope", "openid aws.cognito.signin.user.admin")]);
    let there = location(&browser.get(&format!("{SHOP}/oauth2/authorize?{asked}")));
    let login = location(&browser.get(&there));
    let page = browser.get(&login);
    let back = location(&browser.fill(&login, &page, &[("username", "eve"), ("password", PASSWORD)]));
    let done = location(&browser.get(&back));
    browser.cookies.clear();
    let tokens = browser.exchange(&parameter(&done, "code"), &[]);
    (decoded(&tokens["id_token"])["cognito:username"].as_str().unwrap().to_owned(), tokens["access_token"].clone())
}

#[test]
fn who_comes_from_a_provider_has_a_password_only_from_an_administrator_and_comes_from_there_still() {
    let mut browser = with_eve();
    let (username, access) = comes_in(&mut browser);
    let client = browser.id("Shopper");
    let change = json!({ "AccessToken": access, "ProposedPassword": PASSWORD });
    let refused = "User password cannot be reset in the current state.";
    assert_eq!(browser.operation("ChangePassword", &change)["message"], refused);
    let forgot = json!({ "ClientId": client, "Username": username });
    assert_eq!(browser.operation("ForgotPassword", &forgot)["message"], refused);
    let pool = browser.cognito.issuers()[2].pool_id.clone();
    let set = json!({ "UserPoolId": pool, "Username": username, "Password": PASSWORD, "Permanent": true });
    assert_eq!(browser.operation("AdminSetUserPassword", &set), json!({}));
    assert_eq!(comes_in(&mut browser).0, username);
    let parameters = json!({ "USERNAME": username, "PASSWORD": PASSWORD });
    let sign_in = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    assert!(browser.operation("InitiateAuth", &sign_in)["AuthenticationResult"].is_object());
    let parameters = json!({ "USERNAME": "eve@example.com", "PASSWORD": PASSWORD });
    let sign_in = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    assert_eq!(browser.operation("InitiateAuth", &sign_in)["message"], "Incorrect username or password.");
}

#[test]
fn an_id_token_is_believed_only_if_all_of_it_is_right() {
    let key = Keys::Shared;
    let (own, other) = (key.key(), SigningKey::generate());
    let keys = own.published("pool");
    let expected = verify::Expected { issuer: "https://id.example", audience: "shop", nonce: "n", now: 1_000 };
    let right =
        json!({ "iss": "https://id.example", "aud": "shop", "nonce": "n", "exp": 1_001, "iat": 999, "sub": "7" });
    let check = |changes: Value, key: &SigningKey, id: &str| {
        let mut claims: Map<String, Value> = right.as_object().unwrap().clone();
        claims.extend(changes.as_object().unwrap().clone());
        claims.retain(|_, value| !value.is_null());
        verify::verify(&key.sign(id.into(), &claims), &keys, &expected).map(|_| ())
    };
    let id = own.id("pool");
    assert_eq!(check(json!({}), own, &id), Ok(()));
    assert_eq!(check(json!({ "aud": ["shop", "b"], "azp": "shop" }), own, &id), Ok(()));
    for wrong in [
        json!({ "iss": "https://id.example/" }),
        json!({ "iss": null }),
        json!({ "aud": "another" }),
        json!({ "aud": ["shop", "b"] }),
        json!({ "azp": "another" }),
        json!({ "exp": 1_000 }),
        json!({ "exp": null }),
        json!({ "exp": "9999" }),
        json!({ "iat": 2_000 }),
        json!({ "nbf": 2_000 }),
        json!({ "nonce": "m" }),
        json!({ "nonce": null }),
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": 7 }),
    ] {
        assert!(check(wrong.clone(), own, &id).is_err(), "{wrong}");
    }
    assert!(check(json!({}), &other, &id).is_err(), "another key under this id");
    assert!(check(json!({}), own, "another id").is_err());
    let token = own.sign(id, &right);
    let [_, payload, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"HS256"}"#, r#"{"alg":"RS512"}"#] {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let forged = format!("{}.{payload}.{signature}", URL_SAFE_NO_PAD.encode(header));
        assert!(verify::verify(&forged, &keys, &expected).is_err(), "{header}");
    }
}
