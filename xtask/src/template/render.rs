//! How a template is written: every map in one order, whatever order it was made in.

use anyhow::{Context, Result};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

const HEADER: &str =
    "# Made from the application's annotations by `cargo xtask template`. Do not edit it: run that again.\n";

/// What a reader wants to see first; everything else follows by name.
const FIRST: [&str; 17] = [
    "AWSTemplateFormatVersion",
    "Transform",
    "Description",
    "Parameters",
    "Globals",
    "Resources",
    "openapi",
    "info",
    "paths",
    "operationId",
    "summary",
    "Type",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Version",
    "Sid",
    "Effect",
];

pub(super) fn yaml(value: &Value) -> Result<String> {
    Ok(HEADER.to_owned() + &plain_yaml(value)?)
}

/// Without the header.
pub(crate) fn plain_yaml(value: &Value) -> Result<String> {
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    serde_saphyr::to_string_with_options(&Ordered(value), options).context("cannot write YAML")
}

pub(crate) fn json(value: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(&Ordered(value)).context("cannot write JSON")? + "\n")
}

/// JSON on one line, for the properties that are JSON in a string.
pub(super) fn line(value: &Value) -> String {
    serde_json::to_string(&Ordered(value)).unwrap_or_default()
}

/// Takes out what an option left empty: no property of a template is ever null.
pub(super) fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(remove_nulls);
        }
        Value::Array(values) => values.iter_mut().for_each(remove_nulls),
        _ => {}
    }
}

/// Writes maps in order. `serde_json` alone would not do: a `preserve_order` that any crate of the user's build asks for
/// changes its maps, and with them the template.
struct Ordered<'a>(&'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by_key(|(key, _)| (rank(key), *key));
                let mut writer = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    writer.serialize_entry(key, &Ordered(value))?;
                }
                writer.end()
            }
            Value::Array(values) => serializer.collect_seq(values.iter().map(Ordered)),
            other => other.serialize(serializer),
        }
    }
}

fn rank(key: &str) -> usize {
    FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    #[test]
    fn maps_are_in_one_order_and_words_that_yaml_takes_for_something_else_are_quoted() {
        let value = json!({
            "Properties": {"on": "off", "date": "2012-10-17", "time": "12:30", "number": "1e3", "n": 1},
            "Type": "AWS::Logs::LogGroup",
            "long": "word ".repeat(30),
        });
        expect![[r##"
            # Made from the application's annotations by `cargo xtask template`. Do not edit it: run that again.
            Type: AWS::Logs::LogGroup
            Properties:
              date: "2012-10-17"
              "n": 1
              number: "1e3"
              "on": "off"
              time: "12:30"
            long: "word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word "
        "##]]
        .assert_eq(&yaml(&value).unwrap());
    }

    #[test]
    fn nulls_are_left_out_at_any_depth() {
        let mut value = json!({"a": null, "b": [{"c": null, "d": 1}]});
        remove_nulls(&mut value);
        assert_eq!(value, json!({"b": [{"d": 1}]}));
    }
}
