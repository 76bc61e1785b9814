use serde_json::json;

use super::*;

fn matches(pattern: Value) -> bool {
    let record = json!({
        "eventName": "INSERT",
        "dynamodb": {
            "NewImage": {
                "status": { "S": "paid" },
                "total": { "N": "7" },
                "open": { "BOOL": false },
                "note": { "NULL": null },
                "tags": { "SS": ["red", "blue"] },
            },
            "SizeBytes": 26,
        },
    });
    Filter::parse(&pattern).unwrap().matches(&record)
}

fn status(test: Value) -> bool {
    matches(json!({ "dynamodb": { "NewImage": { "status": { "S": [test] } } } }))
}

#[test]
fn all_members_and_one_of_the_values_have_to_match() {
    assert!(matches(json!({})));
    assert!(matches(json!({ "eventName": ["MODIFY", "INSERT"] })));
    assert!(!matches(json!({ "eventName": ["REMOVE"] })));
    let paid = json!({ "NewImage": { "status": { "S": ["paid"] } } });
    assert!(matches(json!({ "eventName": ["INSERT"], "dynamodb": paid })));
    assert!(!matches(json!({ "eventName": ["MODIFY"], "dynamodb": paid })));
    assert!(!matches(json!({ "dynamodb": { "OldImage": { "status": { "S": ["paid"] } } } })));
}

#[test]
fn values_match_by_type() {
    assert!(matches(json!({ "dynamodb": { "NewImage": { "open": { "BOOL": [false] } } } })));
    assert!(matches(json!({ "dynamodb": { "NewImage": { "note": { "NULL": [null] } } } })));
    assert!(matches(json!({ "dynamodb": { "NewImage": { "total": { "N": ["7"] } } } })));
    assert!(!matches(json!({ "dynamodb": { "NewImage": { "total": { "N": [7] } } } })));
    assert!(matches(json!({ "dynamodb": { "NewImage": { "tags": { "SS": ["blue"] } } } })));
}

#[test]
fn every_operator_on_text() {
    for (test, expected) in [
        (json!({ "prefix": "pa" }), true),
        (json!({ "prefix": "ai" }), false),
        (json!({ "prefix": { "equals-ignore-case": "PA" } }), true),
        (json!({ "suffix": "id" }), true),
        (json!({ "suffix": "pa" }), false),
        (json!({ "equals-ignore-case": "PAID" }), true),
        (json!({ "wildcard": "p*d" }), true),
        (json!({ "wildcard": "*a*i*" }), true),
        (json!({ "wildcard": "p*x*d" }), false),
        (json!({ "wildcard": "pai*id" }), false),
        (json!({ "anything-but": "open" }), true),
        (json!({ "anything-but": ["open", "paid"] }), false),
        (json!({ "anything-but": { "prefix": "pa" } }), false),
        (json!({ "anything-but": { "suffix": ["x", "d"] } }), false),
        (json!({ "exists": true }), true),
        (json!({ "exists": false }), false),
    ] {
        assert_eq!(status(test.clone()), expected, "{test}");
    }
}

#[test]
fn numbers_are_compared() {
    for (bounds, expected) in [
        (json!([">", 0, "<=", 26]), true),
        (json!(["=", 26.0]), true),
        (json!(["<", 26]), false),
        (json!([">=", 27]), false),
    ] {
        assert_eq!(matches(json!({ "dynamodb": { "SizeBytes": [{ "numeric": bounds }] } })), expected, "{bounds}");
    }
    assert!(!status(json!({ "numeric": [">", 0] })));
}

#[test]
fn what_is_missing_matches_only_exists_false() {
    let old = |test: Value| matches(json!({ "dynamodb": { "OldImage": { "status": { "S": [test] } } } }));
    assert!(old(json!({ "exists": false })));
    assert!(!old(json!({ "exists": true })));
    assert!(!old(json!({ "anything-but": "paid" })));
    assert!(!old(json!(null)));
}

#[test]
fn one_alternative_is_enough() {
    let either = |a: &str, b: &str| {
        matches(json!({ "$or": [{ "eventName": [a] }, { "dynamodb": { "NewImage": { "status": { "S": [b] } } } }] }))
    };
    assert!(either("REMOVE", "paid"));
    assert!(either("INSERT", "open"));
    assert!(!either("REMOVE", "open"));
}

#[test]
fn what_is_not_understood_is_refused() {
    for pattern in [
        json!([]),
        json!({ "eventName": "INSERT" }),
        json!({ "eventName": [["INSERT"]] }),
        json!({ "eventName": [{ "regex": "I.*" }] }),
        json!({ "eventName": [{ "prefix": "I", "suffix": "T" }] }),
        json!({ "eventName": [{ "numeric": [">"] }] }),
        json!({ "eventName": [{ "exists": "yes" }] }),
        json!({ "eventName": [{ "anything-but": { "numeric": [">", 1] } }] }),
    ] {
        assert!(Filter::parse(&pattern).is_err(), "{pattern}");
    }
}

/// What EventBridge said to a pattern for a value: `Some(true)` for a match, `None` for a refused pattern. The cases are
/// those that were tried against AWS by others, in short.
fn of_value(pattern: Value, value: Value) -> Option<bool> {
    let filter = Filter::parse(&json!({ "detail": { "it": pattern } })).ok()?;
    Some(filter.matches(&json!({ "detail": { "it": value } })))
}

#[test]
fn anything_but_is_as_eventbridge_has_it() {
    for (pattern, value, expected) in [
        (json!([{ "anything-but": 123 }]), json!(789), Some(true)),
        (json!([{ "anything-but": [100, 200] }]), json!(100), Some(false)),
        (json!([{ "anything-but": "a" }]), json!(null), Some(true)),
        (json!([{ "anything-but": null }]), json!("a"), None),
        (json!([{ "anything-but": ["stopped", null] }]), json!("a"), None),
        (json!([{ "anything-but": { "prefix": "" } }]), json!("a"), None),
        (json!([{ "anything-but": { "prefix": 123 } }]), json!("a"), None),
        (json!([{ "anything-but": { "prefix": "init" } }]), json!(12), Some(true)),
        (json!([{ "anything-but": { "prefix": ["init", "post"] } }]), json!("post-init"), Some(false)),
        (json!([{ "anything-but": { "prefix": { "equals-ignore-case": "file" } } }]), json!("file.txt"), None),
        (json!([{ "anything-but": { "suffix": [".txt", ".jpg"] } }]), json!("file.jpg"), Some(false)),
        (json!([{ "anything-but": { "suffix": "" } }]), json!("a"), None),
        (json!([{ "anything-but": { "equals-ignore-case": ["a", "stopped"] } }]), json!("Stopped"), Some(false)),
        (json!([{ "anything-but": { "equals-ignore-case": 123 } }]), json!("a"), None),
        (json!([{ "anything-but": { "wildcard": ["*/init/*", "*/dir/*"] } }]), json!("dir/post/dir"), Some(true)),
    ] {
        assert_eq!(of_value(pattern.clone(), value.clone()), expected, "{pattern} of {value}");
    }
}

#[test]
fn numbers_are_as_eventbridge_has_them() {
    for (pattern, value, expected) in [
        (json!([300]), json!(300.0), Some(true)),
        (json!([{ "numeric": [">", 100] }]), json!(101.0), Some(true)),
        (json!([{ "numeric": [">", 100] }]), json!(null), Some(false)),
        (json!([{ "numeric": [">", 100] }]), json!("300"), Some(false)),
        (json!([{ "numeric": [">", 0, ">", 0] }]), json!(3), None),
        (json!([{ "numeric": [">", 0, "<"] }]), json!(3), None),
        (json!([{ "numeric": 10 }]), json!(3), None),
        (json!([{ "NUMERIC": ["=", 5] }]), json!(5), None),
    ] {
        assert_eq!(of_value(pattern.clone(), value.clone()), expected, "{pattern} of {value}");
    }
    // DynamoDB's numbers are text in a record, so that only the second alternative can ever match.
    let numbers = json!([{ "numeric": [">", 100] }, { "anything-but": "101" }]);
    assert_eq!(of_value(json!({ "N": numbers.clone() }), json!({ "N": "42" })), Some(true));
    assert_eq!(of_value(json!({ "N": numbers }), json!({ "N": "101" })), Some(false));
}

#[test]
fn texts_are_as_eventbridge_has_them() {
    for (pattern, value, expected) in [
        (json!([{ "prefix": "" }]), json!("a"), Some(true)),
        (json!([{ "suffix": "" }]), json!("a"), Some(true)),
        (json!([{ "prefix": ["2022"] }]), json!("2022"), None),
        (json!([{ "suffix": [".png"] }]), json!("a.png"), None),
        (json!([{ "suffix": ".PNG" }]), json!("a.png"), Some(false)),
        (json!([{ "suffix": { "equals-ignore-case": ".png" } }]), json!("a.PNG"), Some(true)),
        (json!([{ "prefix": { "equals-ignore-case": "EventB" } }]), json!("EvEnTb"), Some(true)),
        (json!([{ "equals-ignore-case": "" }]), json!(""), Some(true)),
        (json!([{ "equals-ignore-case": ["a"] }]), json!("a"), None),
        (json!([{ "wildcard": "/a/*/dir/doc.txt" }]), json!("/a/dir/dir/doc.txt"), Some(true)),
        (json!([{ "wildcard": "arn:**:x" }]), json!("arn:x"), None),
        (json!([{ "wildcard": "" }]), json!("a"), Some(false)),
        (json!([{ "wildcard": 123 }]), json!("a"), None),
        (json!([{ "exists": true }, { "prefix": "no" }]), json!("a"), Some(true)),
    ] {
        assert_eq!(of_value(pattern.clone(), value.clone()), expected, "{pattern} of {value}");
    }
}

#[test]
fn what_exists_is_a_value_and_not_an_object() {
    for (pattern, value, expected) in [
        (json!([{ "exists": true }]), json!({ "S": "a" }), Some(false)),
        (json!([{ "exists": false }]), json!({ "S": "a" }), Some(true)),
        (json!({ "S": [{ "exists": true }] }), json!({ "S": "a" }), Some(true)),
        (json!([{ "exists": true }]), json!([]), Some(false)),
        (json!([null]), json!([]), Some(false)),
        (json!([null]), json!("null"), Some(false)),
        (json!([]), json!([]), None),
        (json!({ "S": [{ "anything-but": ["rose"] }, { "exists": false }] }), json!({ "N": "7" }), Some(true)),
        (json!({ "id": [{ "exists": true }] }), json!([{ "a": "b" }, { "id": "c" }]), Some(true)),
    ] {
        assert_eq!(of_value(pattern.clone(), value.clone()), expected, "{pattern} of {value}");
    }
}

#[test]
fn a_dot_in_a_name_is_as_good_as_an_object() {
    let running = || json!(["running"]);
    assert_eq!(of_value(json!({ "state": { "status": running() } }), json!({ "state.status": "running" })), Some(true));
    assert_eq!(of_value(json!({ "state.status": running() }), json!({ "state": { "status": "running" } })), Some(true));
    let deeper = json!({ "state.status": { "status": "running" } });
    assert_eq!(of_value(json!({ "state": { "status": running() } }), deeper), Some(false));
    let pattern = json!({ "state.status": { "status": running() } });
    assert_eq!(of_value(pattern, json!({ "state": { "status": "running" } })), Some(false));
}
