//! What people do on the pages.

use serde_json::json;

use super::{ANN, Browser, CALLBACK, PASSWORD, SHOP, location, text};

#[test]
fn who_has_no_account_makes_one_confirms_it_and_signs_in() {
    let mut browser = Browser::new();
    let asked = browser.asked(&[]);
    let url = format!("{SHOP}/signup?{asked}");
    let page = browser.get(&url);
    let weak = browser.fill(&url, &page, &[("username", ANN), ("password", "weak")]);
    assert!(text(&weak).contains("Password did not conform with policy"));
    let confirm = browser.fill(&url, &page, &[("username", ANN), ("password", PASSWORD)]);
    assert!(text(&confirm).contains("Confirm your account"));
    let wrong = browser.fill(&url, &confirm, &[("code", "wrong!")]);
    assert!(text(&wrong).contains("Invalid verification code provided"));
    let code = browser.last_code();
    let confirmed = browser.fill(&url, &confirm, &[("code", &code)]);
    assert!(text(&confirmed).contains("The account is confirmed"));
    assert!(browser.sign_in(&asked).starts_with(CALLBACK));
}

#[test]
fn who_has_not_confirmed_yet_is_asked_for_the_code() {
    let mut browser = Browser::new();
    let client = browser.id("Shopper");
    browser.operation("SignUp", &json!({ "ClientId": client, "Username": ANN, "Password": PASSWORD }));
    let url = format!("{SHOP}/login?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let asked = browser.fill(&url, &page, &[("username", ANN), ("password", PASSWORD)]);
    assert!(text(&asked).contains("Confirm your account"));
}

#[test]
fn who_forgot_the_password_chooses_another() {
    let mut browser = Browser::with_ann();
    let url = format!("{SHOP}/forgotPassword?{}", browser.asked(&[]));
    let page = browser.get(&url);
    let form = browser.fill(&url, &page, &[("username", ANN)]);
    let code = browser.last_code();
    let changed = browser.fill(&url, &form, &[("code", &code), ("password", "An0ther-password")]);
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
        let answer = browser.fill(&url, &page, &[("username", name), ("password", "Wr0ng-password")]);
        assert_eq!(answer.status(), 400);
        text(&answer).replace(name, "NAME")
    };
    let wrong = said(ANN);
    assert!(wrong.contains("<p role=\"alert\">Incorrect username or password.</p>"));
    assert_eq!(wrong, said("bob@example.com"));
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
    let weak = browser.fill(&url, &asked, &[("answer", "weak")]);
    assert!(text(&weak).contains("Password did not conform") && text(&weak).contains("New password"));
    assert!(location(&browser.fill(&url, &asked, &[("answer", PASSWORD)])).starts_with(CALLBACK));
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
