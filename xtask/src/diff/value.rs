//! Values of templates as people read them: `${OrderTable.Arn}` for what `Fn::GetAtt` and `Fn::Sub` say at length.

use serde_json::{Map, Value};

use crate::template::is_function;

/// How many characters of a value are shown.
const LONGEST: usize = 72;

/// The value on one line.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) if is_function(map) => function(map).unwrap_or_else(|| value.to_string()),
        Value::Array(list) if list.iter().all(is_plain) => list.iter().map(text).collect::<Vec<_>>().join(", "),
        _ => value.to_string(),
    }
}

/// The beginning of it, if it is long.
pub(super) fn short(value: &Value) -> String {
    let text = text(value).replace('\n', " ");
    match text.char_indices().nth(LONGEST - 1) {
        Some((end, last)) if end + last.len_utf8() < text.len() => format!("{}\u{2026}", &text[..end]),
        _ => text,
    }
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Array(_) => false,
        Value::Object(map) => is_function(map),
        _ => true,
    }
}

fn function(map: &Map<String, Value>) -> Option<String> {
    match map.iter().next()? {
        (name, Value::String(id)) if name == "Ref" => Some(format!("${{{id}}}")),
        (name, Value::String(text)) if name == "Fn::Sub" => Some(text.clone()),
        (name, Value::String(path)) if name == "Fn::GetAtt" => Some(format!("${{{path}}}")),
        (name, Value::Array(path)) if name == "Fn::GetAtt" => {
            let path: Option<Vec<&str>> = path.iter().map(Value::as_str).collect();
            Some(format!("${{{}}}", path?.join(".")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn functions_of_cloudformation_are_read_as_what_they_stand_for() {
        for (value, expected) in [
            (json!({"Ref": "OrderTable"}), "${OrderTable}"),
            (json!({"Fn::GetAtt": ["OrderTable", "Arn"]}), "${OrderTable.Arn}"),
            (json!({"Fn::GetAtt": "OrderTable.Arn"}), "${OrderTable.Arn}"),
            (json!({"Fn::Sub": "${OrderTable.Arn}/index/*"}), "${OrderTable.Arn}/index/*"),
            (json!({"Fn::If": ["A", 1, 2]}), r#"{"Fn::If":["A",1,2]}"#),
            (json!([{"Ref": "A"}, "b", 3]), "${A}, b, 3"),
            (json!({"Mode": "OFF"}), r#"{"Mode":"OFF"}"#),
        ] {
            assert_eq!(text(&value), expected);
        }
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        assert_eq!(short(&json!("\u{e9}".repeat(72))), "\u{e9}".repeat(72));
        assert_eq!(short(&json!("\u{e9}".repeat(73))), "\u{e9}".repeat(71) + "\u{2026}");
    }
}
