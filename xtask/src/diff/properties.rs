//! In which places the properties of a resource differ.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Recreation;
use crate::template::{is_function, name_of_elements};

/// A place that differs.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Difference {
    /// `GlobalSecondaryIndexes[ByStatus].Projection.ProjectionType`
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) old: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new: Option<Value>,
    /// Whether the resource is made anew for it.
    pub(crate) recreation: Recreation,
}

impl Difference {
    /// The property that it is in.
    pub(crate) fn root(&self) -> &str {
        self.path.split(['.', '[']).next().unwrap_or_default()
    }
}

/// The differences in the order of their paths.
pub(super) fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), Some(old), Some(new), &mut found);
    found
}

fn compare(path: String, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Difference>) {
    if old == new {
        return;
    }
    match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new))) if !is_function(old) && !is_function(new) => {
            maps(&path, old, new, found);
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) if lists(&path, old, new, found) => {}
        _ => found.push(Difference { path, old: old.cloned(), new: new.cloned(), recreation: Recreation::Never }),
    }
}

fn maps(path: &str, old: &Map<String, Value>, new: &Map<String, Value>, found: &mut Vec<Difference>) {
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        compare(path, old.get(key), new.get(key), found);
    }
}

/// Elements are compared by the name that AWS knows them by, or one by one if there are as many as before. What is
/// neither is one value; so is a list in which only the order differs, since that is a difference to AWS too.
fn lists(path: &str, old: &[Value], new: &[Value], found: &mut Vec<Difference>) -> bool {
    let before = found.len();
    if let Some(name) = name_of_elements(old.iter().chain(new)) {
        let of = |list: &'_ [Value], wanted: &Value| list.iter().find(|it| it[name] == *wanted).cloned();
        let names: BTreeSet<_> = old.iter().chain(new).filter_map(|it| it[name].as_str()).collect();
        for element in names {
            let wanted = Value::from(element);
            compare(format!("{path}[{element}]"), of(old, &wanted).as_ref(), of(new, &wanted).as_ref(), found);
        }
    } else if old.len() == new.len() && old.iter().chain(new).all(Value::is_object) {
        for (index, (old, new)) in old.iter().zip(new).enumerate() {
            compare(format!("{path}[{index}]"), Some(old), Some(new), found);
        }
    }
    found.len() > before
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    fn check(old: &Value, new: &Value, expected: Expect) {
        let shown = |value: &Option<Value>| value.as_ref().map_or("-".into(), Value::to_string);
        let lines =
            differences(old, new).into_iter().map(|it| format!("{} {} {}\n", it.path, shown(&it.old), shown(&it.new)));
        expected.assert_eq(&lines.collect::<String>());
    }

    #[test]
    fn a_difference_is_told_at_the_deepest_place() {
        check(
            &json!({"A": {"B": 1, "C": {"D": [1, 2]}, "E": true}, "F": {"Ref": "x"}}),
            &json!({"A": {"B": 2, "C": {"D": [1, 3]}, "G": {}}, "F": {"Ref": "y"}}),
            expect![[r#"
                A.B 1 2
                A.C.D [1,2] [1,3]
                A.E true -
                A.G - {}
                F {"Ref":"x"} {"Ref":"y"}
            "#]],
        );
    }

    #[test]
    fn elements_of_lists_are_compared_by_name() {
        let index =
            |name: &str, projection: &str| json!({"IndexName": name, "Projection": {"ProjectionType": projection}});
        check(
            &json!({"Indexes": [index("ByStatus", "ALL"), index("ByTotal", "ALL")]}),
            &json!({"Indexes": [index("ByCarrier", "ALL"), index("ByStatus", "KEYS_ONLY")]}),
            expect![[r#"
                Indexes[ByCarrier] - {"IndexName":"ByCarrier","Projection":{"ProjectionType":"ALL"}}
                Indexes[ByStatus].Projection.ProjectionType "ALL" "KEYS_ONLY"
                Indexes[ByTotal] {"IndexName":"ByTotal","Projection":{"ProjectionType":"ALL"}} -
            "#]],
        );
    }

    #[test]
    fn another_order_is_a_difference() {
        let (one, two) = (json!({"Key": "a", "Value": 1}), json!({"Key": "b", "Value": 2}));
        check(
            &json!({"Tags": [one, two]}),
            &json!({"Tags": [two, one]}),
            expect![[r#"
                Tags [{"Key":"a","Value":1},{"Key":"b","Value":2}] [{"Key":"b","Value":2},{"Key":"a","Value":1}]
            "#]],
        );
    }

    #[test]
    fn elements_without_names_are_compared_by_place() {
        check(
            &json!({"Statement": [{"Action": "a"}, {"Action": "b"}]}),
            &json!({"Statement": [{"Action": "a"}, {"Action": "c"}]}),
            expect![[r#"
                Statement[1].Action "b" "c"
            "#]],
        );
    }
}
