//! What clients get, and what they are told.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::{ANN, Browser, CALLBACK, SHOP, basic, decoded, form, json, location, parameter};

#[test]
fn a_code_of_the_page_becomes_tokens_with_what_was_asked_for() {
    let mut browser = Browser::with_ann();
    let asked = browser.asked(&[]);
    let authorize = location(&browser.get(&format!("{SHOP}/oauth2/authorize?{asked}")));
    assert_eq!(authorize, format!("{SHOP}/login?{asked}"));
    let back = browser.sign_in(&asked);
    assert!(back.starts_with(&format!("{CALLBACK}?code=")) && parameter(&back, "state") == "a state", "{back}");
    let tokens = browser.exchange(&parameter(&back, "code"), &[]);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let (id, access) = (decoded(&tokens["id_token"]), decoded(&tokens["access_token"]));
    assert_eq!(
        (&id["aud"], &id["nonce"], &id["email"]),
        (&json!(browser.id("Shopper")), &json!("a nonce"), &json!(ANN))
    );
    assert_eq!(id.get("given_name"), None, "that would be `profile`");
    assert!(id["at_hash"].as_str().is_some_and(|hash| hash.len() == 22));
    assert_eq!((&access["scope"], &access["version"]), (&json!("openid email orders/read"), &json!(2)));
    assert_eq!((&access["client_id"], access.get("email")), (&json!(browser.id("Shopper")), None));
}

#[test]
fn a_browser_that_is_signed_in_comes_back_at_once_until_it_signs_out() {
    let mut browser = Browser::with_ann();
    browser.code(&[]);
    let asked = browser.asked(&[]);
    let authorize = format!("{SHOP}/oauth2/authorize?{asked}");
    assert!(location(&browser.get(&authorize)).starts_with(CALLBACK));
    assert!(location(&browser.get(&format!("{authorize}&prompt=login"))).contains("/login?"));
    let client = browser.id("Shopper");
    let out = browser.get(&format!("{SHOP}/logout?client_id={client}&logout_uri=http%3A%2F%2Flocalhost%3A3000%2Fbye"));
    assert_eq!(location(&out), "http://localhost:3000/bye");
    assert!(location(&browser.get(&authorize)).contains("/login?"));
    let quiet = location(&browser.get(&format!("{authorize}&prompt=none")));
    assert_eq!(parameter(&quiet, "error"), "login_required");
}

#[tokio::test(start_paused = true)]
async fn a_browser_stays_signed_in_for_an_hour() {
    let mut browser = Browser::with_ann();
    browser.code(&[]);
    let authorize = format!("{SHOP}/oauth2/authorize?{}", browser.asked(&[]));
    tokio::time::advance(Duration::from_secs(3_599)).await;
    assert!(location(&browser.get(&authorize)).starts_with(CALLBACK));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert!(location(&browser.get(&authorize)).contains("/login?"));
}

#[test]
fn an_implicit_client_gets_the_tokens_behind_the_hash_and_no_refresh_token() {
    let mut browser = Browser::with_ann();
    let asked = browser.asked(&[("response_type", "token"), ("code_challenge", ""), ("code_challenge_method", "")]);
    let back = browser.sign_in(&asked);
    assert!(back.starts_with(&format!("{CALLBACK}#")), "{back}");
    assert_eq!(decoded(&parameter(&back, "id_token").into())["nonce"], "a nonce");
    assert_eq!(decoded(&parameter(&back, "access_token").into())["scope"], "openid email orders/read");
    assert!(!back.contains("refresh"));
}

#[test]
fn without_openid_there_is_no_id_token() {
    let mut browser = Browser::with_ann();
    let code = browser.code(&[("scope", "orders/read")]);
    let tokens = browser.exchange(&code, &[]);
    assert_eq!(tokens.get("id_token"), None);
    assert_eq!(decoded(&tokens["access_token"])["scope"], "orders/read");
}

#[test]
fn a_refreshed_token_says_no_more_than_the_first_whichever_way_it_is_refreshed() {
    let mut browser = Browser::with_ann();
    let code = browser.code(&[]);
    let tokens = browser.exchange(&code, &[]);
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    let client = browser.id("Shopper");
    let fields = [("grant_type", "refresh_token"), ("client_id", client.as_str()), ("refresh_token", refresh.as_str())];
    let again = json(&browser.post(&format!("{SHOP}/oauth2/token"), &fields));
    assert_eq!((again.get("refresh_token"), again["expires_in"].as_u64()), (None, Some(3600)));
    let api = browser.operation(
        "InitiateAuth",
        &json!({ "ClientId": client, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": { "REFRESH_TOKEN": refresh } }),
    );
    for access in [&again["access_token"], &api["AuthenticationResult"]["AccessToken"]] {
        assert_eq!(decoded(access)["scope"], "openid email orders/read");
    }
    assert_eq!(decoded(&api["AuthenticationResult"]["IdToken"]).get("given_name"), None);
}

#[test]
fn a_machine_shows_its_secret_and_has_no_user() {
    let mut browser = Browser::new();
    let (id, secret) = (browser.id("Nightly"), browser.secret("Nightly"));
    let token = format!("{SHOP}/oauth2/token");
    let mut request = form(&token, &[("grant_type", "client_credentials"), ("scope", "orders/read")]);
    request.headers_mut().insert("authorization", basic(&id, &secret).parse().unwrap());
    let claims = decoded(&json(&browser.send(request))["access_token"]);
    assert_eq!(
        (&claims["sub"], &claims["client_id"], &claims["scope"]),
        (&json!(id), &json!(id), &json!("orders/read"))
    );
    assert_eq!(claims.get("username"), None);
    let posted = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
    let answer = json(&browser.post(&token, &posted));
    assert_eq!(decoded(&answer["access_token"])["scope"], "orders/read orders/write");
    assert_eq!((answer.get("id_token"), answer.get("refresh_token")), (None, None));
}

#[test]
fn a_client_is_told_what_is_wrong_with_its_request_for_tokens() {
    let mut browser = Browser::with_ann();
    let (id, secret) = (browser.id("Nightly"), browser.secret("Nightly"));
    let (own, office) = (browser.id("Shopper"), browser.id("Office"));
    let mut error =
        |fields: &[(&str, &str)]| json(&browser.post(&format!("{SHOP}/oauth2/token"), fields))["error"].clone();
    let machine = [("grant_type", "client_credentials"), ("client_id", id.as_str())];
    assert_eq!(error(&machine), "invalid_client");
    assert_eq!(error(&[machine[0], machine[1], ("client_secret", "wrong")]), "invalid_client");
    let scope = [machine[0], machine[1], ("client_secret", secret.as_str()), ("scope", "openid")];
    assert_eq!(error(&scope), "invalid_scope");
    assert_eq!(error(&[("grant_type", "client_credentials"), ("client_id", &own)]), "unauthorized_client");
    assert_eq!(
        error(&[("grant_type", "client_credentials"), ("client_id", &own), ("client_secret", "x")]),
        "invalid_client"
    );
    assert_eq!(error(&[("grant_type", "password"), ("client_id", &own)]), "unsupported_grant_type");
    assert_eq!(error(&[("client_id", &own)]), "invalid_request");
    assert_eq!(error(&[("grant_type", "refresh_token"), ("client_id", &own), ("refresh_token", "x")]), "invalid_grant");
    assert_eq!(error(&[("grant_type", "authorization_code"), ("client_id", &office)]), "invalid_client");
    assert_eq!(error(&[("grant_type", "authorization_code"), ("client_id", "nobody")]), "invalid_client");
}

#[test]
fn user_info_tells_what_the_scopes_let_it() {
    let mut browser = Browser::with_ann();
    let mut told = |scope: &str| {
        let asked = browser.asked(&[("scope", scope)]);
        browser.cookies.clear();
        let code = parameter(&browser.sign_in(&asked), "code");
        let tokens = browser.exchange(&code, &[]);
        let info = json(&browser.user_info(tokens["access_token"].as_str().unwrap()));
        let names: Vec<String> = info.as_object().unwrap().keys().cloned().collect();
        names.join(" ")
    };
    assert_eq!(told("openid"), "email email_verified given_name sub username");
    assert_eq!(told("openid email"), "email email_verified sub username");
    assert_eq!(told("openid profile"), "given_name sub username");
    assert_eq!(told("orders/read"), "error error_description");
}

#[test]
fn a_revoked_session_is_over_everywhere() {
    let mut browser = Browser::with_ann();
    let code = browser.code(&[("scope", "openid aws.cognito.signin.user.admin")]);
    let tokens = browser.exchange(&code, &[]);
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(browser.user_info(access).status(), 200);
    let (client, refresh) = (browser.id("Shopper"), tokens["refresh_token"].as_str().unwrap());
    let revoke = format!("{SHOP}/oauth2/revoke");
    assert_eq!(browser.post(&revoke, &[("client_id", &client), ("token", refresh)]).status(), 200);
    let refused = browser.user_info(access);
    assert_eq!((refused.status().as_u16(), json(&refused)["error"].clone()), (401, json!("invalid_token")));
    let fields = [("grant_type", "refresh_token"), ("client_id", client.as_str()), ("refresh_token", refresh)];
    assert_eq!(json(&browser.post(&format!("{SHOP}/oauth2/token"), &fields))["error"], "invalid_grant");
    let user = browser.operation("GetUser", &json!({ "AccessToken": access }));
    assert_eq!(user["message"], "Access Token has been revoked");
    let of_access = browser.post(&revoke, &[("client_id", &client), ("token", access)]);
    assert_eq!(json(&of_access)["error"], "unsupported_token_type");
}

#[test]
fn what_is_wrong_with_a_request_comes_back_to_the_client() {
    let browser = Browser::new();
    let error = |more: &[(&str, &str)]| {
        let url = location(&browser.other().get(&format!("{SHOP}/oauth2/authorize?{}", browser.asked(more))));
        assert!(url.starts_with(CALLBACK) && parameter(&url, "state") == "a state", "{url}");
        parameter(&url, "error")
    };
    assert_eq!(error(&[("response_type", "")]), "invalid_request");
    assert_eq!(error(&[("response_type", "id_token")]), "invalid_request");
    assert_eq!(error(&[("scope", "openid orders/write")]), "invalid_scope");
    assert_eq!(error(&[("scope", "email")]), "invalid_scope");
    assert_eq!(error(&[("code_challenge_method", "plain")]), "invalid_request");
    assert_eq!(error(&[("code_challenge_method", "")]), "invalid_request");
    assert_eq!(error(&[("code_challenge", "")]), "invalid_request");
    assert_eq!(error(&[("code_challenge", "too-short")]), "invalid_request");
    assert_eq!(error(&[("identity_provider", "Nobody")]), "invalid_request");
    let office = browser.id("Office");
    let implicit = [("client_id", office.as_str()), ("response_type", "token"), ("scope", "openid")];
    assert_eq!(error(&implicit), "unauthorized_client");
}

#[test]
fn a_registered_url_keeps_its_own_query() {
    let mut browser = Browser::with_ann();
    let asked = browser.asked(&[("redirect_uri", "https://shop.example/?from=login")]);
    assert!(browser.sign_in(&asked).starts_with("https://shop.example/?from=login&code="));
}

#[test]
fn a_domain_is_found_by_its_host_and_by_its_path() {
    let mut browser = Browser::new();
    let asked = browser.asked(&[]);
    for base in ["http://acme.auth.localhost:4566", "http://127.0.0.1:4566/cognito/acme", SHOP] {
        let at = location(&browser.get(&format!("{base}/oauth2/authorize?{asked}")));
        assert!(at.contains("/login?") && at.contains(base.split_once("://").unwrap().1), "{base}: {at}");
    }
    for base in ["https://acme.auth.eu-west-1.amazoncognito.com", "https://other.auth.us-east-1.amazoncognito.com"] {
        assert_eq!(browser.get(&format!("{base}/login?{asked}")).status(), 404);
    }
    assert_eq!(browser.get(&format!("{SHOP}/oauth2/token")).status(), 405);
    assert_eq!(browser.get(&format!("{SHOP}/elsewhere")).status(), 404);
}

#[test]
fn discovery_names_the_endpoints_of_a_pool_with_a_domain() {
    let browser = Browser::new();
    let of = |pool: usize| -> Value {
        let id = browser.cognito.issuers()[pool].pool_id.clone();
        json(&browser.cognito.handle_get(&format!("/{id}/.well-known/openid-configuration")).unwrap())
    };
    assert_eq!(of(2)["authorization_endpoint"], format!("{SHOP}/oauth2/authorize"));
    assert_eq!(of(2)["end_session_endpoint"], format!("{SHOP}/logout"));
    assert_eq!(of(0).get("token_endpoint"), None);
}

#[test]
fn what_browsers_keep_and_codes_outlive_the_process() {
    let mut browser = Browser::with_ann();
    let code = browser.code(&[]);
    let kept = serde_json::to_string(&browser.cognito.snapshot()).unwrap();
    assert!(!kept.contains(&code), "codes are kept as hashes");
    let mut next = Browser::new();
    std::sync::Arc::get_mut(&mut next.cognito).unwrap().restore(serde_json::from_str(&kept).unwrap());
    next.cookies = browser.cookies.clone();
    assert!(next.exchange(&code, &[]).get("access_token").is_some());
    let request = Request::get(format!("{SHOP}/oauth2/authorize?{}", next.asked(&[]))).body(Bytes::new()).unwrap();
    assert!(location(&next.send(request)).starts_with(CALLBACK));
}
