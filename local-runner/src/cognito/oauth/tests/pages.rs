//! What people do on the pages.

use std::{sync::Arc, time::Duration};

use http::Response;
use serde_json::json;
use skyloom_manifest::{Mfa, MfaMethod, SignIn};

use super::{ANN, Browser, CALLBACK, PASSWORD, SHOP, between, location, manifest, text};
use crate::cognito::{costly::cost, testing::NOW, timestamp::Timestamp, totp::Totp};

/// Sends the name and the password.
fn sign_in(browser: &mut Browser, password: &str) -> (String, Response<bytes::Bytes>) {
    let url = format!("{SHOP}/login?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let answer = browser.fill(&url, &page, &[("username", ANN), ("password", password)]);
    (url, answer)
}

/// A pool in which everyone needs a second factor, one of these.
fn strict(methods: &[MfaMethod]) -> Browser {
    let mut manifest = manifest();
    manifest.user_pools[2].mfa = Some(Mfa { required: true, methods: methods.into(), email_identity: None });
    let browser = Browser::of(&manifest, Arc::new(|function, _| panic!("no pool asks {function}")));
    browser.add_ann();
    browser
}

#[test]
fn who_needs_an_authenticator_app_sets_it_up_on_the_page() {
    let mut browser = strict(&[MfaMethod::Totp]);
    let (url, page) = sign_in(&mut browser, PASSWORD);
    let html = text(&page);
    let secret = between(&html, "<code>", "</code>").to_owned();
    assert!(html.contains(&format!("otpauth://totp/orders-Shopper:ann%40example.com?secret={secret}&amp;issuer=")));
    let now = Timestamp::since_epoch(Duration::from_secs(NOW));
    let code = Totp::of(secret.clone()).code(now);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let again = browser.fill(&url, &page, &[("answer", wrong)]);
    assert_eq!(again.status(), 400);
    assert!(text(&again).contains("Code mismatch") && text(&again).contains(&secret));
    assert!(location(&browser.fill(&url, &again, &[("answer", &code)])).starts_with(CALLBACK));
    browser.cookies.clear();
    let (_, asked) = sign_in(&mut browser, PASSWORD);
    assert!(text(&asked).contains("Code of your authenticator app"));
}

#[test]
fn who_can_have_no_second_factor_is_told_so() {
    let mut browser = strict(&[MfaMethod::Sms]);
    let (_, page) = sign_in(&mut browser, PASSWORD);
    assert!(text(&page).contains("Software Token MFA has not been enabled by the userPool"), "{}", text(&page));
}

#[test]
fn whose_password_an_administrator_has_reset_chooses_another_on_the_page() {
    let mut browser = Browser::with_ann();
    let pool = browser.cognito.issuers()[2].pool_id.clone();
    browser.operation("AdminResetUserPassword", &json!({ "UserPoolId": pool, "Username": ANN }));
    let (url, page) = sign_in(&mut browser, PASSWORD);
    assert!(text(&page).contains("Password reset required for the user") && text(&page).contains("Send another code"));
    let code = browser.last_code();
    let changed = browser.fill(&url, &page, &[("code", &code), ("password", "An0ther-password")]);
    assert!(text(&changed).contains("The password is changed"));
    let (_, back) = sign_in(&mut browser, "An0ther-password");
    assert!(location(&back).starts_with(CALLBACK));
}

#[test]
fn who_makes_an_account_is_told_what_is_wrong_with_it() {
    let mut browser = Browser::new();
    let asked = browser.asked(&[]);
    let url = format!("{SHOP}/signup?{asked}");
    let page = browser.get(&url);
    let weak = browser.fill(&url, &page, &[("username", ANN), ("password", "weak")]);
    let weak = text(&weak);
    assert!(weak.contains("Password did not conform with policy") && weak.contains("value=\"ann@example.com\""));
    assert!(!weak.contains("value=\"weak\""), "what was typed stays, but passwords");
}

#[test]
fn who_forgot_the_password_chooses_another() {
    let mut browser = Browser::with_ann();
    let url = format!("{SHOP}/forgotPassword?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let form = browser.fill(&url, &page, &[("username", ANN)]);
    let code = browser.last_code();
    let weak = browser.fill(&url, &form, &[("code", &code), ("password", "weak")]);
    assert!(text(&weak).contains("Password did not conform"));
    assert!(text(&weak).contains(&format!("value=\"{code}\"")) && !text(&weak).contains("value=\"weak\""));
    let changed = browser.fill(&url, &weak, &[("code", &code), ("password", "An0ther-password")]);
    assert!(text(&changed).contains("The password is changed"));
    let url = format!("{SHOP}/login?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let back = browser.fill(&url, &page, &[("username", ANN), ("password", "An0ther-password")]);
    assert!(location(&back).starts_with(CALLBACK));
}

#[test]
fn a_wrong_password_and_an_unknown_user_look_the_same() {
    let mut browser = Browser::with_ann();
    let url = format!("{SHOP}/login?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let mut said = |name: &str| {
        let post = || browser.fill(&url, &page, &[("username", name), ("password", "Wr0ng-password")]);
        let (answer, cost) = cost(post);
        assert_eq!(answer.status(), 400);
        (text(&answer).replace(name, "NAME"), cost)
    };
    let (wrong, cost) = said(ANN);
    assert!(wrong.contains("<p role=\"alert\">Incorrect username or password.</p>") && cost.derivations == 1);
    assert_eq!((wrong, cost), said("bob@example.com"));
}

#[test]
fn who_was_invited_chooses_a_password() {
    let mut browser = Browser::new();
    let pool = browser.cognito.issuers()[2].pool_id.clone();
    browser.operation(
        "AdminCreateUser",
        &json!({ "UserPoolId": pool, "Username": ANN, "TemporaryPassword": "T3mporary!" }),
    );
    let url = format!("{SHOP}/login?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let asked = browser.fill(&url, &page, &[("username", ANN), ("password", "T3mporary!")]);
    assert!(text(&asked).contains("New password"));
    let mut again = asked;
    for (password, why) in [("weak", "Password did not conform"), ("with white space", "&#39;newPassword&#39;")] {
        again = browser.fill(&url, &again, &[("answer", password)]);
        assert!(text(&again).contains(why) && text(&again).contains("New password"), "{}", text(&again));
        assert!(!text(&again).contains(&format!("value=\"{password}\"")));
    }
    assert!(location(&browser.fill(&url, &again, &[("answer", PASSWORD)])).starts_with(CALLBACK));
}

#[test]
fn each_field_has_a_label_and_says_what_browsers_may_fill_in() {
    let mut browser = Browser::new();
    let page = text(&browser.get(&format!("{SHOP}/login?{}", browser.asked(&[("login_hint", ANN)]))));
    for part in [
        "<html lang=\"en\">",
        "<label for=\"username\">E-mail address</label>",
        "value=\"ann@example.com\"",
        "<label for=\"password\">Password</label>",
        "autocomplete=\"current-password\"",
        "Continue with Members",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn the_page_asks_for_what_everyone_has_to_have() {
    let mut manifest = manifest();
    manifest.user_pools[2].required_attributes = vec!["birthdate".into(), "family_name".into()];
    let mut browser = Browser::of(&manifest, Arc::new(|function, _| panic!("no pool asks {function}")));
    let url = format!("{SHOP}/signup?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let form = text(&page);
    assert!(form.contains(r#"<label for="userAttributes.family_name">Family name</label>"#), "{form}");
    assert!(form.contains(r#"name="userAttributes.birthdate" type="date""#), "{form}");
    let said = [("username", ANN), ("password", PASSWORD), ("userAttributes.family_name", "Lee")];
    let again = browser.fill(&url, &page, &said);
    assert!(text(&again).contains("birthdate: The attribute is required") && text(&again).contains(r#"value="Lee""#));
    let made = browser.fill(&url, &again, &[&said[..], &[("userAttributes.birthdate", "2000-02-29")]].concat());
    assert!(text(&made).contains("Confirm your account"), "{}", text(&made));
}

#[test]
fn an_address_that_nobody_signs_in_with_is_asked_for_where_it_is_required() {
    let mut manifest = manifest();
    manifest.user_pools[2].sign_in = SignIn::Phone;
    manifest.user_pools[2].required_attributes = vec!["email".into()];
    let mut browser = Browser::of(&manifest, Arc::new(|function, _| panic!("no pool asks {function}")));
    let url = format!("{SHOP}/signup?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let said = [("username", "+4915112345678"), ("password", PASSWORD), ("userAttributes.email", ANN)];
    let made = browser.fill(&url, &page, &said);
    assert!(text(&made).contains("Confirm your account"), "{}", text(&made));
}

#[test]
fn who_was_invited_says_with_the_password_what_was_left_out() {
    let mut manifest = manifest();
    manifest.user_pools[2].required_attributes = vec!["birthdate".into()];
    let mut browser = Browser::of(&manifest, Arc::new(|function, _| panic!("no pool asks {function}")));
    let pool = browser.cognito.issuers()[2].pool_id.clone();
    let ann = json!({ "UserPoolId": pool, "Username": ANN, "TemporaryPassword": "T3mporary!" });
    browser.operation("AdminCreateUser", &ann);
    let (url, asked) = sign_in(&mut browser, "T3mporary!");
    assert!(text(&asked).contains(r#"<label for="userAttributes.birthdate">Birthdate</label>"#));
    let wrong = browser.fill(&url, &asked, &[("answer", PASSWORD), ("userAttributes.birthdate", "2000")]);
    assert!(text(&wrong).contains("String must be no shorter than 10") && text(&wrong).contains("Birthdate"));
    let done = browser.fill(&url, &wrong, &[("answer", PASSWORD), ("userAttributes.birthdate", "2000-02-29")]);
    assert!(location(&done).starts_with(CALLBACK), "{}", text(&done));
}
