//! Who registers on the page goes on by themselves, in this browser and nobody else.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use expect_test::expect;
use http::{Response, header};
use serde_json::{Value, json};
use skyloom_manifest::{Mfa, MfaMethod, SignIn};

use super::{
    ANN, Browser, CALLBACK, PASSWORD, SHOP, between, decoded, location, manifest, parameter, text,
    triggers::{ALL, Shop, check, content},
};
use crate::cognito::{testing::NOW, timestamp::Timestamp, totp::Totp};

const BOB: &str = "bob@example.com";

/// Registers somebody, for a client that asks for this: the page's URL, and the one that asks for the code.
fn register_for(browser: &mut Browser, name: &str, asked: &str) -> (String, Response<Bytes>) {
    let url = format!("{SHOP}/signup?{asked}");
    let page = browser.get(&url);
    let answer = browser.fill(&url, &page, &[("username", name), ("password", PASSWORD)]);
    (url, answer)
}

fn register(browser: &mut Browser, name: &str) -> (String, Response<Bytes>) {
    let asked = browser.asked(&[]);
    register_for(browser, name, &asked)
}

/// Enters a code for somebody in a browser that has only seen the page to sign in.
fn enter(browser: &mut Browser, name: &str, code: &str) -> Response<Bytes> {
    let asked = browser.asked(&[]);
    browser.get(&format!("{SHOP}/login?{asked}"));
    let token = browser.cookie("XSRF-TOKEN").unwrap();
    let fields = [("username", name), ("code", code), ("_csrf", &token)];
    browser.post(&format!("{SHOP}/confirmUser?{asked}"), &fields)
}

fn is_signed_in(browser: &Browser) -> bool {
    browser.cookie("cognito").is_some()
}

fn strict(method: MfaMethod) -> Browser {
    let mut manifest = manifest();
    manifest.user_pools[2].mfa = Some(Mfa { required: true, methods: vec![method], email_identity: None });
    Browser::of(&manifest, Arc::new(|function, _| panic!("no pool asks {function}")))
}

#[test]
fn the_right_code_leads_back_to_the_client() {
    let mut browser = Browser::new();
    let (url, page) = register(&mut browser, ANN);
    let wrong = browser.fill(&url, &page, &[("code", "a-wrong-one")]);
    assert!(text(&wrong).contains("Invalid verification code provided") && text(&wrong).contains("a-wrong-one"));
    let code = browser.last_code();
    let back = location(&browser.fill(&url, &wrong, &[("code", &code)]));
    assert_eq!(parameter(&back, "state"), "a state");
    let tokens = browser.exchange(&parameter(&back, "code"), &[]);
    let claims = decoded(&tokens["id_token"]);
    assert_eq!((&claims["email"], &claims["email_verified"]), (&json!(ANN), &json!(true)));
    assert!(is_signed_in(&browser) && browser.cookie("confirming").is_none());
}

#[test]
fn an_implicit_client_gets_the_tokens() {
    let mut browser = Browser::new();
    let asked = browser.asked(&[("response_type", "token"), ("code_challenge", ""), ("code_challenge_method", "")]);
    let (url, page) = register_for(&mut browser, ANN, &asked);
    let code = browser.last_code();
    let back = location(&browser.fill(&url, &page, &[("code", &code)]));
    assert_eq!(decoded(&parameter(&back, "id_token").into())["email"], ANN);
}

#[test]
fn a_client_with_a_secret_gets_its_code_too() {
    let mut browser = Browser::new();
    let asked = browser.asked(&[("client_id", &browser.id("Office")), ("scope", "openid")]);
    let (url, page) = register_for(&mut browser, ANN, &asked);
    let code = browser.last_code();
    assert!(location(&browser.fill(&url, &page, &[("code", &code)])).starts_with(&format!("{CALLBACK}?code=")));
}

#[test]
fn the_code_in_another_browser_confirms_and_signs_nobody_in() {
    let mut browser = Browser::new();
    let (url, page) = register(&mut browser, ANN);
    let code = browser.last_code();
    let mut other = browser.other();
    let answer = enter(&mut other, ANN, &code);
    assert!(text(&answer).contains("The account is confirmed: sign in.") && !is_signed_in(&other));
    let late = browser.fill(&url, &page, &[("code", &code)]);
    assert!(text(&late).contains("Current status is CONFIRMED") && !is_signed_in(&browser));
}

#[test]
fn a_browser_that_waits_for_one_is_not_signed_in_as_another() {
    let mut browser = Browser::new();
    register(&mut browser, ANN);
    let ann = browser.last_code();
    let mut other = browser.other();
    register(&mut other, BOB);
    assert!(text(&enter(&mut other, ANN, &ann)).contains("The account is confirmed: sign in."));
    assert!(!is_signed_in(&other));
}

#[test]
fn who_has_the_name_next_is_somebody_else() {
    let mut manifest = manifest();
    manifest.user_pools[2].sign_in = SignIn::Username;
    let mut browser = Browser::of(&manifest, Arc::new(|function, _| panic!("no pool asks {function}")));
    let make = |browser: &mut Browser, email: &str| {
        let url = format!("{SHOP}/signup?{}", browser.asked(&[]));
        let page = browser.get(&url);
        let page = browser.fill(&url, &page, &[("username", "ann"), ("email", email), ("password", PASSWORD)]);
        (url, page)
    };
    let (url, page) = make(&mut browser, ANN);
    let pool = browser.cognito.issuers()[2].pool_id.clone();
    browser.operation("AdminDeleteUser", &json!({ "UserPoolId": pool, "Username": "ann" }));
    let mut other = browser.other();
    make(&mut other, BOB);
    let code = browser.last_code();
    let answer = browser.fill(&url, &page, &[("code", &code)]);
    assert!(text(&answer).contains("The account is confirmed: sign in.") && !is_signed_in(&browser));
}

#[test]
fn a_cookie_of_ones_own_making_is_no_visit() {
    let mut browser = Browser::new();
    register(&mut browser, ANN);
    let code = browser.last_code();
    let mut other = browser.other();
    other.set_cookie("confirming", &"0".repeat(64));
    enter(&mut other, ANN, &code);
    assert!(!is_signed_in(&other));
}

#[test]
fn a_form_of_another_site_confirms_nobody() {
    let mut browser = Browser::new();
    register(&mut browser, ANN);
    let (code, asked) = (browser.last_code(), browser.asked(&[]));
    let answer = browser.post(&format!("{SHOP}/confirmUser?{asked}"), &[("username", ANN), ("code", &code)]);
    assert_eq!((answer.status().as_u16(), is_signed_in(&browser)), (403, false));
}

#[tokio::test(start_paused = true)]
async fn a_browser_waits_for_an_hour() {
    for (seconds, goes_on) in [(3_599, true), (3_600, false)] {
        let mut browser = Browser::new();
        let (url, page) = register(&mut browser, ANN);
        tokio::time::advance(Duration::from_secs(seconds)).await;
        let code = browser.last_code();
        let answer = browser.fill(&url, &page, &[("code", &code)]);
        assert_eq!(is_signed_in(&browser), goes_on, "{}", text(&answer));
    }
}

#[test]
fn who_was_disabled_or_deleted_meanwhile_is_not_signed_in() {
    for operation in ["AdminDisableUser", "AdminDeleteUser"] {
        let mut browser = Browser::new();
        let (url, page) = register(&mut browser, ANN);
        let code = browser.last_code();
        let pool = browser.cognito.issuers()[2].pool_id.clone();
        browser.operation(operation, &json!({ "UserPoolId": pool, "Username": ANN }));
        let answer = browser.fill(&url, &page, &[("code", &code)]);
        assert!(answer.status() == 400 && !is_signed_in(&browser), "{operation}: {}", text(&answer));
    }
}

#[test]
fn who_needs_an_authenticator_app_sets_it_up_first() {
    let mut browser = strict(MfaMethod::Totp);
    let (url, page) = register(&mut browser, ANN);
    let code = browser.last_code();
    let set_up = browser.fill(&url, &page, &[("code", &code)]);
    assert!(text(&set_up).contains("Set up an authenticator app") && !is_signed_in(&browser));
    let secret = between(&text(&set_up), "<code>", "</code>").to_owned();
    let shown = Totp::of(secret).code(Timestamp::since_epoch(Duration::from_secs(NOW)));
    assert!(location(&browser.fill(&url, &set_up, &[("answer", &shown)])).starts_with(CALLBACK));
}

#[test]
fn who_gets_a_second_code_by_message_enters_it_first() {
    let mut browser = strict(MfaMethod::Email);
    let (url, page) = register(&mut browser, ANN);
    let code = browser.last_code();
    let asked = browser.fill(&url, &page, &[("code", &code)]);
    assert!(text(&asked).contains("Code of the e-mail") && !is_signed_in(&browser));
    let wrong = browser.fill(&url, &asked, &[("answer", "a-wrong-one")]);
    assert!(text(&wrong).contains("Invalid code") && text(&wrong).contains("value=\"a-wrong-one\""));
    let code = browser.last_code();
    assert!(location(&browser.fill(&url, &wrong, &[("answer", &code)])).starts_with(CALLBACK));
}

#[test]
fn who_signs_in_unconfirmed_goes_on_with_another_code() {
    let mut browser = Browser::new();
    register(&mut browser, ANN);
    let first = browser.last_code();
    let mut later = browser.other();
    let url = format!("{SHOP}/login?{}", later.asked(&[]));
    let page = later.get(&url);
    let wrong = later.fill(&url, &page, &[("username", ANN), ("password", "Wr0ng-password")]);
    assert!(text(&wrong).contains("Incorrect username or password.") && later.cookie("confirming").is_none());
    let asked = later.fill(&url, &page, &[("username", ANN), ("password", PASSWORD)]);
    assert!(text(&asked).contains("Confirm your account"));
    let again = later.fill_nth(&url, &asked, 1, &[]);
    let second = later.last_code();
    assert_ne!(first, second);
    assert!(location(&later.fill(&url, &again, &[("code", &second)])).starts_with(CALLBACK));
}

#[test]
fn neither_the_page_nor_the_state_has_the_password_or_the_cookie() {
    let mut browser = Browser::new();
    let (_, page) = register(&mut browser, ANN);
    let cookie = browser.cookie("confirming").unwrap();
    let set = page.headers().get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
    let set: Vec<_> = set.filter(|set| set.starts_with("confirming=")).collect();
    assert!(set[0].ends_with("Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"), "{set:?}");
    let kept = serde_json::to_string(&browser.cognito.snapshot()).unwrap();
    for secret in [PASSWORD, &cookie] {
        assert!(!text(&page).contains(secret) && !kept.contains(secret));
    }
    assert!(!format!("{:?}", page.headers()).contains(PASSWORD));
}

/// Registers Ann in a shop that asks functions, and enters the code if she is asked for one.
fn confirmed(shop: &mut Shop) -> Response<Bytes> {
    let (url, page) = register(&mut shop.browser, ANN);
    if page.status() != 200 {
        return page;
    }
    let code = shop.browser.last_code();
    shop.browser.fill(&url, &page, &[("code", &code)])
}

#[test]
fn the_functions_are_asked_about_the_confirmation_and_then_about_the_sign_in() {
    let auto_confirmed = |event: &Value| {
        let mut event = event.clone();
        event["response"]["autoConfirmUser"] = true.into();
        Ok(event)
    };
    for answers in [content, auto_confirmed] {
        let mut shop = Shop::new(&ALL, answers);
        let back = location(&confirmed(&mut shop));
        assert!(shop.browser.exchange(&parameter(&back, "code"), &[])["id_token"].is_string());
        check(
            &shop.asked(),
            expect![[r#"
                PreSignUp_SignUp for Shopper
                PostConfirmation_ConfirmSignUp for Shopper
                PreAuthentication_Authentication for Shopper
                PostAuthentication_Authentication for Shopper
                TokenGeneration_HostedAuth for Shopper"#]],
        );
    }
}

#[test]
fn what_a_function_says_is_read_above_the_form_to_sign_in() {
    for on in ["post-confirmation", "pre-authentication", "post-authentication"] {
        let mut shop = Shop::new(&[(on, "V1_0")], |_| Err("not today."));
        let answer = confirmed(&mut shop);
        let html = text(&answer);
        assert!(
            html.contains("failed with error not today..</p>") && html.contains("action=\"/login?"),
            "{on}: {html}"
        );
        assert!(html.contains("value=\"ann@example.com\""), "{on}: what was typed stays");
        assert!(answer.status() == 400 && !is_signed_in(&shop.browser));
    }
}
