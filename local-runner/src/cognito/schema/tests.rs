use expect_test::{Expect, expect};
use serde_json::json;

use super::*;

/// A pool's own attributes, one of each kind.
fn schema() -> Schema {
    let custom = json!([
        {"name": "legal", "type": "boolean"},
        {"name": "plan", "type": "string", "min": 2, "max": 5},
        {"name": "size", "type": "number", "min": -5, "max": 60, "writable": true},
        {"name": "tenant", "type": "string", "immutable": true},
        {"name": "until", "type": "date-time"},
    ]);
    let custom = serde_json::from_value(custom).unwrap();
    Schema { custom, required: vec!["birthdate".into(), "name".into()], of_clients: None }
}

fn written(name: &str, value: &str, writer: Writer, occasion: Occasion) -> String {
    let attribute = Attribute { name: name.into(), value: value.into() };
    match schema().checked(vec![attribute], writer, occasion) {
        Ok(written) => format!("{written:?}"),
        Err(error) => format!("{}: {}", error.code(), error.to_string().replace('\n', "\\n")),
    }
}

fn check(name: &str, value: &str, (writer, occasion): (Writer, Occasion), expected: Expect) {
    expected.assert_eq(&written(name, value, writer, occasion));
}

const BY_ADMINISTRATOR: (Writer, Occasion) = (Writer::Administrator, Occasion::Update);
const BY_USER: (Writer, Occasion) = (Writer::Client, Occasion::Update);
const AT_SIGN_UP: (Writer, Occasion) = (Writer::Client, Occasion::Creation);
const BY_INVITATION: (Writer, Occasion) = (Writer::Administrator, Occasion::Creation);

#[test]
fn a_user_writes_only_what_says_so() {
    let unauthorized = || expect!["NotAuthorizedException: A client attempted to write unauthorized attribute"];
    for occasion in [BY_USER, AT_SIGN_UP] {
        check("custom:plan", "gold", occasion, unauthorized());
        check("custom:plan", "", occasion, unauthorized());
        check("custom:tenant", "acme", occasion, unauthorized());
        check("email_verified", "true", occasion, unauthorized());
        check("custom:size", "43", occasion, expect![[r#"{"custom:size": "43"}"#]]);
    }
    check("custom:plan", "gold", BY_ADMINISTRATOR, expect![[r#"{"custom:plan": "gold"}"#]]);
    check("email_verified", "True", BY_ADMINISTRATOR, expect![[r#"{"email_verified": "true"}"#]]);
}

#[test]
fn an_immutable_attribute_is_written_when_the_user_is_made() {
    check("custom:tenant", "acme", BY_INVITATION, expect![[r#"{"custom:tenant": "acme"}"#]]);
    let never = || expect![[r"InvalidParameterException: user.custom:tenant: Attribute cannot be updated.\n"]];
    check("custom:tenant", "acme", BY_ADMINISTRATOR, never());
    check("custom:tenant", "", BY_ADMINISTRATOR, never());
    check(
        "sub",
        "me",
        BY_ADMINISTRATOR,
        expect!["InvalidParameterException: Cannot modify the non-mutable attribute sub"],
    );
}

#[test]
fn an_attribute_that_the_pool_does_not_have_is_named() {
    check(
        "custom:shoe_size",
        "43",
        BY_INVITATION,
        expect![
            "InvalidParameterException: Attributes did not conform to the schema: Type for attribute {custom:shoe_size} could not be determined"
        ],
    );
    check(
        "plan",
        "gold",
        AT_SIGN_UP,
        expect![[
            r"InvalidParameterException: Attributes did not conform to the schema: plan: Attribute does not exist in the schema.\n"
        ]],
    );
    check(
        "custom:shoe_size",
        "43",
        BY_USER,
        expect![[r"InvalidParameterException: user.custom:shoe_size: Attribute does not exist in the schema.\n"]],
    );
}

#[test]
fn values_are_of_the_type_and_within_the_bounds_that_are_declared() {
    for (name, good, bad) in [
        ("custom:plan", "gold", "platinum"),
        ("custom:plan", "größe", "g"),
        ("custom:size", "-5", "-6"),
        ("custom:size", "60", "61"),
        ("custom:size", "43", "43.5"),
        ("custom:legal", "True", "yes"),
        ("custom:until", "2026-01-31T12:00:00Z", "tomorrow"),
        ("birthdate", "2000-02-29", "29 February 2000"),
        ("birthdate", "2000-02-29", "2000"),
        ("email_verified", "True", "foo"),
        ("updated_at", "1767225600", "yesterday"),
    ] {
        let write = |value| written(name, value, Writer::Administrator, Occasion::Update);
        assert!(write(good).starts_with('{'), "{name} {good}: {}", write(good));
        assert!(write(bad).starts_with(&format!("InvalidParameterException: user.{name}: ")), "{name} {bad}");
    }
    check("custom:legal", "TRUE", BY_ADMINISTRATOR, expect![[r#"{"custom:legal": "true"}"#]]);
    check(
        "custom:plan",
        "g",
        BY_ADMINISTRATOR,
        expect![[r"InvalidParameterException: user.custom:plan: String must be no shorter than 2 characters\n"]],
    );
    check(
        "custom:plan",
        "platinum",
        BY_INVITATION,
        expect![[
            r"InvalidParameterException: Attributes did not conform to the schema: custom:plan: String must be no longer than 5 characters\n"
        ]],
    );
    let long = written(&"n".repeat(33), "", Writer::Client, Occasion::Creation);
    assert!(long.contains("'userAttributes.1.member.name'") && !long.contains("nnn"), "{long}");
    check(
        "name",
        &"n".repeat(2_049),
        AT_SIGN_UP,
        expect![
            "InvalidParameterException: 1 validation error detected: Value at 'userAttributes.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 2048"
        ],
    );
}

#[test]
fn what_is_required_is_there_and_stays() {
    let known = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), "x".to_owned())).collect();
    let complete = |names, occasion| match schema().check_complete(&known(names), occasion) {
        Ok(()) => "fine".to_owned(),
        Err(error) => error.to_string().replace('\n', "\\n"),
    };
    assert_eq!(complete(&["name", "birthdate"], Occasion::Creation), "fine");
    expect![[r"Attributes did not conform to the schema: birthdate: The attribute is required\nname: The attribute is required\n"]]
        .assert_eq(&complete(&["email"], Occasion::Creation));
    expect!["attributes required: [birthdate]"].assert_eq(&complete(&["name"], Occasion::Federation));
    check("name", "", BY_USER, expect![[r"InvalidParameterException: user.name: The attribute is required\n"]]);
    check("nickname", "", BY_USER, expect![[r#"{"nickname": ""}"#]]);
}

#[test]
fn an_attribute_has_one_value() {
    let name = |value: &str| Attribute { name: "name".into(), value: value.into() };
    let refusal = schema().checked(vec![name("Ann"), name("Eve")], Writer::Client, Occasion::Update).unwrap_err();
    assert_eq!(refusal.to_string(), "The attribute name is given twice");
}
