//! What has to be refused.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use serde_json::json;

use crate::cognito::{Forged, Wanted};

use super::{ANN, Browser, CALLBACK, PASSWORD, SHOP, form, json, location, parameter, text};

#[test]
fn nobody_is_sent_to_a_url_that_is_not_registered_letter_by_letter() {
    let mut browser = Browser::with_ann();
    browser.code(&[]); // signed in: there would be a code to steal
    for evil in [
        "https://evil.example/",
        "http://localhost:3000/signed-in/",
        "http://localhost:3000/signed-in?x=1",
        "http://localhost:3000/signed-in#x",
        "http://localhost:3000/signed-in/../evil",
        "http://localhost:3000@evil.example/signed-in",
        "http://LOCALHOST:3000/signed-in",
        "http://localhost:30000/signed-in",
        "//evil.example",
        "javascript:alert(1)",
        "",
        "http://localhost:3000/bye",
    ] {
        for path in ["/oauth2/authorize", "/login", "/signup", "/forgotPassword"] {
            let response = browser.get(&format!("{SHOP}{path}?{}", browser.asked(&[("redirect_uri", evil)])));
            assert_eq!(location(&response), format!("{SHOP}/error?error=redirect_mismatch"), "{path} {evil}");
        }
    }
    let two = format!("{SHOP}/oauth2/authorize?{}&redirect_uri=https%3A%2F%2Fevil.example%2F", browser.asked(&[]));
    assert!(location(&browser.get(&two)).starts_with(&format!("{SHOP}/error")));
    let page = browser.get(&format!("{SHOP}/error?error=redirect_mismatch"));
    assert_eq!(page.status(), 400);
}

#[test]
fn signing_out_leads_to_registered_places_alone() {
    let mut browser = Browser::new();
    let client = browser.id("Shopper");
    for evil in ["https://evil.example/", CALLBACK, "http://localhost:3000/bye/"] {
        let query = super::query([("client_id", client.as_str()), ("logout_uri", evil)]);
        assert_eq!(
            location(&browser.get(&format!("{SHOP}/logout?{query}"))),
            format!("{SHOP}/error?error=logout_mismatch")
        );
    }
    let unknown =
        location(&browser.get(&format!("{SHOP}/logout?client_id=x&logout_uri=http%3A%2F%2Flocalhost%3A3000%2Fbye")));
    assert_eq!(unknown, format!("{SHOP}/error?error=invalid_client"));
}

#[test]
fn a_code_works_once_and_a_second_use_ends_what_it_began() {
    let mut browser = Browser::with_ann();
    let code = browser.code(&[]);
    let tokens = browser.exchange(&code, &[]);
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(browser.user_info(access).status(), 200);
    assert_eq!(browser.exchange(&code, &[]), json!({ "error": "invalid_grant" }));
    assert_eq!(browser.user_info(access).status(), 401);
}

#[tokio::test(start_paused = true)]
async fn a_code_is_of_its_client_its_url_and_its_five_minutes() {
    let mut browser = Browser::with_ann();
    let (office, secret) = (browser.id("Office"), browser.secret("Office"));
    let code = browser.code(&[]);
    let other = browser.exchange(&code, &[("client_id", &office), ("client_secret", &secret)]);
    assert_eq!(other["error"], "invalid_grant");
    assert_eq!(browser.exchange(&code, &[])["error"], "invalid_grant", "who tried was near enough to end it");
    let code = browser.code(&[]);
    assert_eq!(
        browser.exchange(&code, &[("redirect_uri", "https://shop.example/?from=login")])["error"],
        "invalid_grant"
    );
    let code = browser.code(&[]);
    assert_eq!(browser.exchange(&code, &[("redirect_uri", "https://evil.example/")])["error"], "unauthorized_client");
    tokio::time::advance(Duration::from_secs(300)).await;
    assert_eq!(browser.exchange(&code, &[])["error"], "invalid_grant");
    assert_eq!(browser.exchange("made-up", &[])["error"], "invalid_grant");
}

#[test]
fn the_verifier_is_neither_left_out_nor_wrong_nor_added() {
    let mut browser = Browser::with_ann();
    let challenge = super::challenge(super::VERIFIER);
    for wrong in ["", "another-verifier-that-is-long-enough-to-be-one-of-pkce", challenge.as_str(), "short"] {
        let code = browser.code(&[]);
        assert_eq!(browser.exchange(&code, &[("code_verifier", wrong)])["error"], "invalid_grant", "{wrong}");
    }
    let code = browser.code(&[("code_challenge", ""), ("code_challenge_method", "")]);
    assert_eq!(browser.exchange(&code, &[])["error"], "invalid_grant", "the challenge was taken away");
    let code = browser.code(&[("code_challenge", ""), ("code_challenge_method", "")]);
    assert!(browser.exchange(&code, &[("code_verifier", "")]).get("access_token").is_some());
}

#[test]
fn a_refresh_token_is_of_its_client() {
    let mut browser = Browser::with_ann();
    let code = browser.code(&[]);
    let refresh = browser.exchange(&code, &[])["refresh_token"].as_str().unwrap().to_owned();
    let (office, secret) = (browser.id("Office"), browser.secret("Office"));
    let client = [("client_id", office.as_str()), ("client_secret", secret.as_str())];
    let fields = [client[0], client[1], ("grant_type", "refresh_token"), ("refresh_token", &refresh)];
    assert_eq!(json(&browser.post(&format!("{SHOP}/oauth2/token"), &fields))["error"], "invalid_grant");
    let revoke = browser.post(&format!("{SHOP}/oauth2/revoke"), &[client[0], client[1], ("token", &refresh)]);
    assert_eq!(json(&revoke)["error"], "unauthorized_client");
}

#[test]
fn two_ways_to_name_a_client_at_once_are_none() {
    let mut browser = Browser::new();
    let (id, secret) = (browser.id("Nightly"), browser.secret("Nightly"));
    let token = format!("{SHOP}/oauth2/token");
    let both = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
    let mut request = form(&token, &both);
    request.headers_mut().insert("authorization", super::basic(&id, &secret).parse().unwrap());
    assert_eq!(json(&browser.send(request))["error"], "invalid_request");
    let mut request = form(&token, &[("grant_type", "client_credentials"), ("client_id", "another")]);
    request.headers_mut().insert("authorization", super::basic(&id, &secret).parse().unwrap());
    assert_eq!(json(&browser.send(request))["error"], "invalid_client");
    let twice = [both[0], both[1], both[2], ("scope", "orders/read"), ("scope", "orders/write")];
    assert_eq!(json(&browser.post(&token, &twice))["error"], "invalid_request");
    let query = Request::post(format!("{token}?grant_type=client_credentials&client_id={id}&client_secret={secret}"));
    assert_eq!(json(&browser.send(query.body(Bytes::new()).unwrap()))["error"], "invalid_request");
}

#[test]
fn a_form_of_another_site_is_refused() {
    let mut browser = Browser::with_ann();
    let url = format!("{SHOP}/login?{}", browser.asked(&[]));
    let fields = [("username", ANN), ("password", PASSWORD)];
    assert_eq!(browser.post(&url, &fields).status(), 403, "without a cookie");
    browser.get(&url);
    assert_eq!(browser.post(&url, &fields).status(), 403, "without the field");
    let wrong = [fields[0], fields[1], ("_csrf", "00000000000000000000000000000000")];
    assert_eq!(browser.post(&url, &wrong).status(), 403, "with a field that is made up");
    let token = browser.cookies.iter().find(|((_, name), _)| name == "XSRF-TOKEN").unwrap().1.clone();
    let mut request = form(&url, &[fields[0], fields[1], ("_csrf", &token)]);
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(browser.send(request).status(), 403, "from another site");
    assert_eq!(browser.post(&url, &[fields[0], fields[1], ("_csrf", &token)]).status(), 302);
}

#[test]
fn nothing_of_a_request_becomes_markup() {
    let mut browser = Browser::new();
    let evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";
    for name in ["state", "nonce", "login_hint"] {
        for path in ["/login", "/signup", "/forgotPassword"] {
            let page = text(&browser.get(&format!("{SHOP}{path}?{}", browser.asked(&[(name, evil)]))));
            assert!(
                page.contains("<form") && !page.contains("<script") && !page.contains("<img"),
                "{path} {name}: {page}"
            );
        }
    }
    for name in ["error", "error_description", "client_id"] {
        let page = text(&browser.get(&format!("{SHOP}/error?{}", super::query([(name, evil)]))));
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    }
    let url = format!("{SHOP}/login?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let again = text(&browser.fill(&url, &page, &[("username", evil), ("password", "x")]));
    assert!(again.contains("&lt;script&gt;") && !again.contains("<script"), "{again}");
}

#[test]
fn a_page_is_neither_framed_nor_cached_and_runs_nothing() {
    let mut browser = Browser::new();
    let url = format!("{SHOP}/login?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let header = |name: &str| page.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((header("x-frame-options"), header("x-content-type-options")), ("DENY".into(), "nosniff".into()));
    assert!(header("cache-control").contains("no-store"));
    let policy = header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'")
            && policy.contains("frame-ancestors 'none'")
            && !policy.contains("unsafe")
    );
    let cookie = header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Secure"), "{cookie}");
}

#[test]
fn a_line_break_in_a_parameter_makes_no_header() {
    let mut browser = Browser::with_ann();
    let back = browser.sign_in(&browser.asked(&[("state", "x\r\nset-cookie: cognito=evil\r\n\r\n<html>")]));
    assert!(back.contains("state=x%0D%0Aset-cookie"), "{back}");
    let twice = browser.get(&format!("{SHOP}/oauth2/authorize?{}&state=y", browser.asked(&[])));
    assert!(parameter(&location(&twice), "error") == "invalid_request");
    assert_eq!(twice.headers().get_all(header::SET_COOKIE).iter().count(), 0);
}

#[test]
fn the_token_of_another_pool_or_of_no_pool_tells_nothing() {
    let mut browser = Browser::with_ann();
    let signed_in = |pool, name, forged| browser.cognito.tokens(&Wanted::new(pool, name), forged).unwrap();
    let (other, own) = (signed_in("Member", "eve", None), signed_in("Shopper", ANN, None));
    let forged = signed_in("Shopper", ANN, Some(&Forged::OtherKey));
    for token in [&other.access, &own.access, &own.id, &own.refresh, &forged.access, "", "a.b.c"] {
        assert_eq!(browser.user_info(token).status(), 401, "{token}");
    }
}

#[test]
fn who_was_disabled_meanwhile_gets_no_tokens() {
    let mut browser = Browser::with_ann();
    let code = browser.code(&[]);
    let pool = browser.cognito.issuers()[2].pool_id.clone();
    browser.operation("AdminDisableUser", &json!({ "UserPoolId": pool, "Username": ANN }));
    assert_eq!(browser.exchange(&code, &[])["error"], "invalid_grant");
    let authorize = browser.get(&format!("{SHOP}/oauth2/authorize?{}", browser.asked(&[])));
    assert!(location(&authorize).contains("/login?"), "the cookie is worth nothing");
}
