use serde_json::{Map, Value};

/// A function's line for a person: `INFO  place_order: order placed order=… total_cents=4900`. What is no structured
/// line stays as it is.
pub(crate) fn render(function: &str, line: &str) -> String {
    match serde_json::from_str::<Map<String, Value>>(line) {
        Ok(fields) if fields.contains_key("message") => structured(function, &fields),
        _ => format!("      {function}: {line}"),
    }
}

fn structured(function: &str, fields: &Map<String, Value>) -> String {
    use std::fmt::Write as _;
    let text = |name: &str| fields.get(name).map(plain).unwrap_or_default();
    let mut rendered = format!("{:<5} {function}: {}", text("level"), text("message"));
    let shown = |name: &str| !matches!(name, "timestamp" | "level" | "message" | "target" | "requestId");
    for (name, value) in fields.iter().filter(|(name, _)| shown(name)) {
        let _ = write!(rendered, " {name}={}", plain(value)); // writing to a string does not fail
    }
    rendered
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structured_line_is_shortened_and_another_is_kept() {
        let line = r#"{"timestamp":"t","level":"INFO","requestId":"r","message":"order placed","order":"7","total_cents":4900,"target":"orders"}"#;
        assert_eq!(render("place_order", line), "INFO  place_order: order placed order=7 total_cents=4900");
        assert_eq!(render("ship", "thread panicked"), "      ship: thread panicked");
    }
}
