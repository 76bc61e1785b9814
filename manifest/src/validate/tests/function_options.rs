use super::*;

const REPORT: &str = "/functions/1/options";

#[test]
fn all_that_a_function_can_say_is_taken() {
    check(
        &[
            (
                REPORT,
                json!({
                    "ephemeral-storage": 10_240, "log-level": "debug", "log-retention": 3653,
                    "environment": {"CURRENCY": "EUR"}, "tags": {"team": "shop"}, "tracing": false, "vpc": true,
                    "layers": ["arn:aws:lambda:eu-west-1:123456789012:layer:tools:3"],
                    "event-invoke": {
                        "retries": 2, "max-age": 21_600, "on-failure": {"function": {"name": "clean_up"}},
                        "on-success": {"topic": {"name": "Reports"}}, "dead-letter": {"queue": {"name": "DeadLetters"}},
                    },
                }),
            ),
            ("/functions/-", function("clean_up", json!({"bucket": {"name": "Failed"}}))),
        ],
        expect![[""]],
    );
}

#[test]
fn a_function_is_run_as_lambda_can() {
    check(
        &[(
            REPORT,
            json!({
                "ephemeral-storage": 511, "log-retention": 8, "layers": ["tools"],
                "environment": {"SKYLOOM_X": "x", "LONG": "x".repeat(4_096)}, "tags": {"aws:team": "shop"},
                "event-invoke": {"retries": 3, "max-age": 59},
            }),
        )],
        expect![[r#"
            src/lib.rs:2: `report`: `ephemeral_storage` is 511 MB, but has to be from 512 to 10240 MB
            src/lib.rs:2: `report`: CloudWatch keeps no logs for 8 days: the nearest that it takes is 7
            src/lib.rs:2: `report`: `SKYLOOM_X`: environment variables that begin with `SKYLOOM_` are Skyloom's: choose another name
            src/lib.rs:2: `report`: the environment variables take 4123 bytes, but Lambda takes 4096: keep what is long in a table, a parameter or the binary
            src/lib.rs:2: `report`: the tag `aws:team`: keys of tags that begin with `aws:` are AWS's own: choose another one
            src/lib.rs:2: `report`: `tools` is no version of a layer: write its ARN with the version at the end, `arn:aws:lambda:eu-west-1:123456789012:layer:tools:3`
            src/lib.rs:2: `report`: `retries` is 3, but has to be from 0 to 2
            src/lib.rs:2: `report`: `max_event_age` is 59 s, but has to be from 60 to 21600 s"#]],
    );
}

#[test]
fn events_are_of_functions_that_nobody_waits_for() {
    check(
        &[("/functions/0/options", json!({"event-invoke": {"retries": 1}}))],
        expect![
            "src/lib.rs:1: `list`: retries, age and destinations of events are for functions that are invoked asynchronously: by the clock or by their name"
        ],
    );
    check(
        &[("/functions/2/options", json!({"event-invoke": {"on-success": {"queue": {"name": "Done"}}}}))],
        expect![
            "src/lib.rs:3: `ship`: retries, age and destinations of events are for functions that are invoked asynchronously: by the clock or by their name"
        ],
    );
}

#[test]
fn an_event_s_destination_is_one_that_lambda_tells() {
    let told = |which: &str, destination: Value| json!({"event-invoke": {which: destination}});
    check(
        &[(REPORT, told("on-success", json!({"bucket": {"name": "Done"}})))],
        expect![
            "src/lib.rs:2: `report`: a destination is an SQS queue, an SNS topic or a Lambda function, and `s3` is none of them"
        ],
    );
    check(
        &[(REPORT, told("dead-letter", json!({"function": {"name": "ship"}})))],
        expect!["src/lib.rs:2: `report`: a destination is an SQS queue or an SNS topic, and `lambda` is none of them"],
    );
    check(
        &[(REPORT, told("on-failure", json!({"function": {"name": "ship"}})))],
        expect![
            "src/lib.rs:2: `report`: its destination `ship` at src/lib.rs:3 is no `invoke` handler, and so cannot be told: name one that is"
        ],
    );
    check(
        &[
            (REPORT, told("on-failure", json!({"function": {"name": "clean_pu"}}))),
            ("/functions/-", function("clean_up", Value::Null)),
        ],
        expect![
            "src/lib.rs:2: `report`: its destination is the handler `clean_pu`, which the application does not have: did you mean `clean_up`?"
        ],
    );
    check(
        &[
            (REPORT, told("on-failure", json!({"queue": {"name": "Failed"}}))),
            ("/functions/-", function("clean_up", json!({"topic": {"name": "Failed"}}))),
        ],
        expect![[r#"
            src/lib.rs:2: `report`: its destination `Failed` is of sqs, and there is one of this name of sns: rename one of them
            src/lib.rs:9: `clean_up`: its destination `Failed` is of sns, and there is one of this name of sqs: rename one of them"#]],
    );
}

#[test]
fn functions_do_not_tell_each_other_in_a_circle() {
    let to = |name: &str| json!({"function": {"name": name}});
    check(
        &[("/functions/-", function("one", to("two"))), ("/functions/-", function("two", to("one")))],
        expect![[r#"
            src/lib.rs:9: `one`: it would be told of what it did itself, `one` to `two` to `one`: a function is no destination of its own
            src/lib.rs:9: `two`: it would be told of what it did itself, `two` to `one` to `two`: a function is no destination of its own"#]],
    );
    check(
        &[("/functions/-", function("one", to("two"))), ("/functions/-", function("two", to("two")))],
        expect![
            "src/lib.rs:9: `two`: it would be told of what it did itself, `two` to `two`: a function is no destination of its own"
        ],
    );
}

/// An `invoke` handler that tells of its failures.
fn function(name: &str, on_failure: Value) -> Value {
    let source = json!({"file": "src/lib.rs", "line": 9});
    json!({
        "name": name, "source": source, "trigger": "invoke", "memory": 256, "timeout": 10, "permissions": [],
        "options": {"event-invoke": if on_failure.is_null() { json!({}) } else { json!({"on-failure": on_failure}) }},
    })
}
