use super::*;

fn asked(name: &str, on: &str) -> Value {
    asked_by("Shopper", name, on, 5)
}

fn asked_by(pool: &str, name: &str, on: &str, timeout: u32) -> Value {
    json!({
        "name": name, "source": {"file": "src/lib.rs", "line": 9}, "memory": 256, "timeout": timeout, "permissions": [],
        "trigger": {"user-pool": {"pool": pool, "on": on}},
    })
}

#[test]
fn a_pool_asks_one_function_on_each_occasion() {
    check(
        &[("/functions/-", asked("a_first", "pre-sign-up")), ("/functions/-", asked("after", "post-confirmation"))],
        expect![[""]],
    );
    check(
        &[("/functions/-", asked("a_first", "pre-sign-up")), ("/functions/-", asked("b_second", "pre-sign-up"))],
        expect![
            "src/lib.rs:9: `b_second`: `a_first` (src/lib.rs:9) is asked by `Shopper` on `pre-sign-up` already, and a pool asks one function: make one of both"
        ],
    );
}

#[test]
fn a_question_is_of_a_pool_of_the_application_that_waits_five_seconds() {
    check(
        &[("/functions/-", asked_by("Shoper", "greet", "custom-message", 6))],
        expect![[r#"
        src/lib.rs:9: `greet`: it is asked by the user pool `Shoper`, which the application does not have; did you mean `Shopper`?
        src/lib.rs:9: `greet`: `timeout` is 6 s, but has to be from 1 to 5 s"#]],
    );
}

#[test]
fn a_challenge_is_made_only_where_it_is_defined_and_judged() {
    let client = || ("/user-pools/0/client", json!({"flows": ["user-password", "custom"]}));
    check(
        &[
            client(),
            ("/functions/-", asked("create", "create-auth-challenge")),
            ("/functions/-", asked("define", "define-auth-challenge")),
        ],
        expect![[
            r#"src/lib.rs:9: `create`: `create-auth-challenge` goes with `verify-auth-challenge-response`, which no handler of `Shopper` is for: add one with `on = "verify-auth-challenge-response"`"#
        ]],
    );
    let all = ["create-auth-challenge", "define-auth-challenge", "verify-auth-challenge-response"];
    let mut changes = vec![client()];
    changes.extend(all.map(|on| ("/functions/-", asked(&on.replace('-', "_"), on))));
    check(&changes, expect![[""]]);
}

#[test]
fn a_manifest_of_the_first_event_does_not_name_the_version() {
    let read = |trigger: Value| -> crate::Trigger { serde_json::from_value(trigger).unwrap() };
    let first = json!({"user-pool": {"pool": "Shopper", "on": "pre-token-generation"}});
    assert_eq!(serde_json::to_value(read(first.clone())).unwrap(), first);
    let second = json!({"user-pool": {"pool": "Shopper", "on": "pre-token-generation", "version": "V2_0"}});
    assert_eq!(serde_json::to_value(read(second.clone())).unwrap(), second);
    assert_ne!(read(first), read(second));
}
