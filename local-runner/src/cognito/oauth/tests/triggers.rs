//! What a pool asks functions of users who come through its domain.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use skyloom_manifest::bridge::FunctionError;

use super::{
    Browser, CALLBACK, SHOP, basic, decoded,
    federation::{add_eve, visit_for},
    form, json, location, manifest, parameter,
};
use crate::{cognito::testing, invoke::InvokeError};

pub(super) type Answers = fn(&Value) -> Result<Value, &'static str>;

pub(super) const ALL: [(&str, &str); 5] = [
    ("post-authentication", "V1_0"),
    ("post-confirmation", "V1_0"),
    ("pre-authentication", "V1_0"),
    ("pre-sign-up", "V1_0"),
    ("pre-token-generation", "V1_0"),
];

/// A browser before a shop that asks functions, which are one function.
pub(super) struct Shop {
    pub(super) browser: Browser,
    events: Arc<Mutex<Vec<Value>>>,
}

impl Shop {
    pub(super) fn new(asks: &[(&str, &str)], answers: Answers) -> Self {
        let mut manifest = manifest();
        testing::ask(&mut manifest, asks);
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let browser = Browser::of(
            &manifest,
            Arc::new(move |_, event| {
                let event: Value = serde_json::from_slice(&event).unwrap();
                let refused = |why: &str| FunctionError { error_type: "Refused".into(), error_message: why.into() };
                let answer = answers(&event).map_err(|why| InvokeError::Failed(refused(why)));
                heard.lock().unwrap().push(event);
                Box::pin(async move { answer.map(|answer| Bytes::from(answer.to_string())) })
            }),
        );
        add_eve(&browser);
        Self { browser, events }
    }

    /// Comes back from the provider, where Eve is a member.
    fn visit(&mut self, more: &[(&str, &str)]) -> String {
        self.browser.cookies.clear();
        let back = visit_for(&mut self.browser, more);
        location(&self.browser.get(&back))
    }

    /// What was asked since the last time, and the client that it was asked for.
    pub(super) fn asked(&self) -> Vec<String> {
        let (shopper, office) = (self.browser.id("Shopper"), self.browser.id("Office"));
        let said = |event: Value| {
            let client = event["callerContext"]["clientId"].as_str().unwrap();
            let client = client.replace(&shopper, "Shopper").replace(&office, "Office");
            format!("{} for {client}", event["triggerSource"].as_str().unwrap())
        };
        std::mem::take(&mut *self.events.lock().unwrap()).into_iter().map(said).collect()
    }

    fn users(&self) -> usize {
        let pool = self.browser.cognito.issuers()[2].pool_id.clone();
        self.browser.operation("ListUsers", &json!({ "UserPoolId": pool }))["Users"].as_array().unwrap().len()
    }
}

pub(super) fn check(asked: &[String], expected: Expect) {
    expected.assert_eq(&asked.join("\n"));
}

pub(super) fn content(event: &Value) -> Result<Value, &'static str> {
    Ok(event.clone())
}

#[test]
fn another_providers_user_signs_up_the_first_time_and_signs_in_later() {
    let mut shop = Shop::new(&ALL, content);
    let done = shop.visit(&[]);
    assert!(shop.browser.exchange(&parameter(&done, "code"), &[])["id_token"].is_string());
    check(
        &shop.asked(),
        expect![[r#"
            PreSignUp_ExternalProvider for Shopper
            PostConfirmation_ConfirmSignUp for Shopper
            TokenGeneration_HostedAuth for Shopper"#]],
    );
    let done = shop.visit(&[]);
    assert!(shop.browser.exchange(&parameter(&done, "code"), &[])["id_token"].is_string());
    check(
        &shop.asked(),
        expect![[r#"
            PreAuthentication_Authentication for Shopper
            PostAuthentication_Authentication for Shopper
            TokenGeneration_HostedAuth for Shopper"#]],
    );
}

#[test]
fn who_signs_up_from_a_provider_is_told_of_as_people_have_logged_it() {
    let mut shop = Shop::new(&ALL, content);
    shop.visit(&[]);
    let event = shop.events.lock().unwrap()[0].clone();
    assert!(event["userName"].as_str().unwrap().starts_with("Members_"));
    let expected = expect![[
        r#"{"userAttributes":{"cognito:email_alias":"","cognito:phone_number_alias":"","email":"eve@example.com","name":"Eve"},"validationData":{}}"#
    ]];
    expected.assert_eq(&event["request"].to_string());
}

#[test]
fn a_sign_up_that_is_refused_makes_no_user_and_tells_the_client_why() {
    let mut shop = Shop::new(&[("pre-sign-up", "V1_0")], |_| Err("you are not invited."));
    let done = shop.visit(&[]);
    assert!(done.starts_with(&format!("{CALLBACK}?")), "{done}");
    assert_eq!(parameter(&done, "error_description"), "PreSignUp failed with error you are not invited..");
    assert_eq!((parameter(&done, "error"), parameter(&done, "state")), ("invalid_request".into(), "a state".into()));
    assert_eq!(shop.users(), 0);
}

#[test]
fn each_later_function_can_refuse_the_user_too() {
    let refusals: [(&str, Answers); 3] = [
        ("post-confirmation", |_| Err("no")),
        ("pre-authentication", |_| Err("no")),
        ("post-authentication", |_| Err("no")),
    ];
    let mut said = Vec::new();
    for (on, refuses) in refusals {
        let mut shop = Shop::new(&[(on, "V1_0")], refuses);
        let mut done = shop.visit(&[]);
        if on != "post-confirmation" {
            done = shop.visit(&[]); // these are asked of who is known
        }
        said.push(parameter(&done, "error_description"));
    }
    check(
        &said,
        expect![[r#"
            PostConfirmation failed with error no.
            PreAuthentication failed with error no.
            PostAuthentication failed with error no."#]],
    );
}

#[test]
fn an_address_can_be_verified_at_the_first_sign_in() {
    let verifies = |event: &Value| {
        let mut event = event.clone();
        event["response"]["autoVerifyEmail"] = true.into();
        Ok(event)
    };
    let mut shop = Shop::new(&[("pre-sign-up", "V1_0")], verifies);
    for _ in 0..2 {
        let done = shop.visit(&[]);
        let tokens = shop.browser.exchange(&parameter(&done, "code"), &[]);
        assert_eq!(decoded(&tokens["id_token"])["email_verified"], true, "the second time as well");
    }
}

#[test]
fn a_confirmed_user_is_there_before_the_tokens_of_an_implicit_client() {
    let mut shop = Shop::new(&ALL, content);
    let implicit = [("response_type", "token"), ("code_challenge", ""), ("code_challenge_method", "")];
    assert!(shop.visit(&implicit).contains("id_token="));
    check(
        &shop.asked(),
        expect![[r#"
            PreSignUp_ExternalProvider for Shopper
            PostConfirmation_ConfirmSignUp for Shopper
            TokenGeneration_HostedAuth for Shopper"#]],
    );
}

#[test]
fn a_client_is_named_that_shows_its_secret_in_the_header() {
    let mut shop = Shop::new(&[("pre-token-generation", "V1_0")], content);
    let (office, secret) = (shop.browser.id("Office"), shop.browser.secret("Office"));
    let done = shop.visit(&[("client_id", &office), ("scope", "openid")]);
    let code = parameter(&done, "code");
    let fields = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code", &code),
        ("code_verifier", super::VERIFIER),
    ];
    let mut request = form(&format!("{SHOP}/oauth2/token"), &fields);
    request.headers_mut().insert("authorization", basic(&office, &secret).parse().unwrap());
    assert!(json(&shop.browser.send(request))["access_token"].is_string());
    check(&shop.asked(), expect!["TokenGeneration_HostedAuth for Office"]);
}
