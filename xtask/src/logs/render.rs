//! An event on a line: for people, or all of it for machines.

use aws_sdk_cloudwatchlogs::primitives::{DateTime, DateTimeFormat};
use serde_json::{Value, json};

use super::Event;
use crate::dev;

/// `2026-01-01T00:00:00.000Z INFO  place_order: order placed order=7`. Of what Lambda itself logs only the account of
/// each call is told, and what went wrong.
pub(super) fn text(event: &Event) -> Option<String> {
    let time = time(event.timestamp);
    let message = event.message.trim_end();
    let Some((kind, record)) = platform(message) else {
        return Some(format!("{time} {}", dev::log::render(&event.function, message)));
    };
    let told = match (kind.as_str(), record["status"].as_str()) {
        ("platform.report", status) => report(&record["metrics"], status),
        (_, None | Some("success")) => return None,
        (kind, Some(status)) => format!("{kind}: {status}"),
    };
    Some(format!("{time} {:<5} {}: {told}", "AWS", event.function))
}

/// The event with its message as JSON, if it is JSON.
pub(super) fn json(event: &Event) -> String {
    let text = event.message.trim_end();
    let message: Value = serde_json::from_str(text).unwrap_or_else(|_| text.into());
    json!({
        "timestamp": time(event.timestamp),
        "function": event.function,
        "stream": event.stream,
        "id": event.id,
        "message": message,
    })
    .to_string()
}

/// The type and the record of an event that Lambda logs.
/// <https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html>
fn platform(message: &str) -> Option<(String, Value)> {
    let mut event: Value = serde_json::from_str(message).ok()?;
    let kind = event["type"].as_str()?.to_owned();
    kind.starts_with("platform.").then(|| (kind, event["record"].take()))
}

fn report(metrics: &Value, status: Option<&str>) -> String {
    let failed = status.filter(|status| *status != "success").map(|status| format!("{status}, ")).unwrap_or_default();
    let began = metrics.get("initDurationMs").map(|start| format!(", {start} ms to start")).unwrap_or_default();
    format!(
        "{failed}{} ms, billed {} ms, {} of {} MB{began}",
        metrics["durationMs"], metrics["billedDurationMs"], metrics["maxMemoryUsedMB"], metrics["memorySizeMB"],
    )
}

/// With all three places, so that lines are aligned.
fn time(milliseconds: i64) -> String {
    let (seconds, rest) = (milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000));
    let text = DateTime::from_secs(seconds).fmt(DateTimeFormat::DateTime).unwrap_or_default();
    format!("{}.{rest:03}Z", text.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn event(message: &str) -> Event {
        let (function, stream, id) = ("place_order".into(), "2026/01/01/[$LATEST]7".into(), "1".into());
        Event { timestamp: 1_767_225_600_005, function, stream, id, message: message.into() }
    }

    fn check(message: &str, expected: Expect) {
        expected.assert_eq(&text(&event(message)).unwrap_or_else(|| "nothing".into()));
    }

    #[test]
    fn what_a_function_logs_is_told_with_its_fields() {
        check(
            "{\"timestamp\":\"t\",\"level\":\"WARN\",\"requestId\":\"r\",\"message\":\"out of stock\",\"item\":\"7\"}\n",
            expect!["2026-01-01T00:00:00.005Z WARN  place_order: out of stock item=7"],
        );
        check("thread panicked\n", expect!["2026-01-01T00:00:00.005Z       place_order: thread panicked"]);
    }

    #[test]
    fn of_lambda_s_own_events_those_are_told_that_say_something() {
        let metrics = r#"{"durationMs":12.3,"billedDurationMs":13,"memorySizeMB":256,"maxMemoryUsedMB":31}"#;
        check(
            &format!(r#"{{"time":"t","type":"platform.report","record":{{"status":"success","metrics":{metrics}}}}}"#),
            expect!["2026-01-01T00:00:00.005Z AWS   place_order: 12.3 ms, billed 13 ms, 31 of 256 MB"],
        );
        let first = metrics.replace('}', r#","initDurationMs":28.4}"#);
        check(
            &format!(r#"{{"time":"t","type":"platform.report","record":{{"status":"timeout","metrics":{first}}}}}"#),
            expect![
                "2026-01-01T00:00:00.005Z AWS   place_order: timeout, 12.3 ms, billed 13 ms, 31 of 256 MB, 28.4 ms to start"
            ],
        );
        check(r#"{"time":"t","type":"platform.start","record":{"requestId":"r"}}"#, expect!["nothing"]);
        check(
            r#"{"time":"t","type":"platform.runtimeDone","record":{"status":"error"}}"#,
            expect!["2026-01-01T00:00:00.005Z AWS   place_order: platform.runtimeDone: error"],
        );
    }

    #[test]
    fn json_has_all_of_it() {
        expect![[r#"{"function":"place_order","id":"1","message":{"level":"INFO","message":"placed","requestId":"r"},"stream":"2026/01/01/[$LATEST]7","timestamp":"2026-01-01T00:00:00.005Z"}"#]].assert_eq(&json(&event("{\"level\":\"INFO\",\"message\":\"placed\",\"requestId\":\"r\"}\n")));
        expect![[r#"{"function":"place_order","id":"1","message":"plain","stream":"2026/01/01/[$LATEST]7","timestamp":"2026-01-01T00:00:00.005Z"}"#]].assert_eq(&json(&event("plain\n")));
    }
}
