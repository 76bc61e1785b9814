//! The attributes that a request is about, `dynamodb:Attributes`, and what it wants of them: `dynamodb:Select` and
//! `dynamodb:ReturnValues`.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html>

use std::collections::BTreeSet;

use serde_json::Value;

use super::expression;
use crate::access::Context;

const ATTRIBUTES: &str = "dynamodb:Attributes";
const SELECT: &str = "dynamodb:Select";
const RETURN_VALUES: &str = "dynamodb:ReturnValues";

/// Members of requests whose names are those of attributes.
const MAPS: [&str; 7] = ["Key", "Item", "Expected", "AttributeUpdates", "KeyConditions", "QueryFilter", "ScanFilter"];

/// Of a request for one item.
pub(super) fn of_item(action: &str, request: &Value) -> Context {
    let returned = request.get("ReturnValues").and_then(Value::as_str);
    let context = Context::default().with(RETURN_VALUES, returned);
    if action == "dynamodb:GetItem" && !is_projected(request) {
        return context.with_unknown(ATTRIBUTES); // all that the item has
    }
    context.with(ATTRIBUTES, named(request))
}

/// Of what `BatchGetItem` and `BatchWriteItem` want of a table.
pub(super) fn of_batch(wanted: &Value) -> Context {
    if let Some(writes) = wanted.as_array() {
        let items = writes.iter().filter_map(Value::as_object).flat_map(|write| write.values());
        return Context::default().with(ATTRIBUTES, items.flat_map(named).collect::<BTreeSet<_>>());
    }
    if !is_projected(wanted) {
        return unknown();
    }
    let keys = wanted.get("Keys").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let mut names = named(wanted);
    names.extend(keys.flat_map(|key| key.keys().cloned()));
    Context::default().with(ATTRIBUTES, names)
}

/// Of a query or a scan.
pub(super) fn of_read(request: &Value) -> Context {
    let select = match (request.get("Select").and_then(Value::as_str), is_projected(request)) {
        (Some(select), _) => select,
        (None, true) => "SPECIFIC_ATTRIBUTES",
        (None, false) if request.get("IndexName").is_some() => "ALL_PROJECTED_ATTRIBUTES",
        (None, false) => "ALL_ATTRIBUTES",
    };
    let context = Context::default().with(SELECT, [select]);
    if matches!(select, "SPECIFIC_ATTRIBUTES" | "COUNT") {
        return context.with(ATTRIBUTES, named(request));
    }
    context.with_unknown(ATTRIBUTES)
}

/// Of what is not understood here.
pub(super) fn unknown() -> Context {
    Context::default().with_unknown(ATTRIBUTES).with_unknown(SELECT).with_unknown(RETURN_VALUES)
}

fn is_projected(request: &Value) -> bool {
    ["ProjectionExpression", "AttributesToGet"].iter().any(|member| request.get(member).is_some())
}

/// The top-level attributes that a request names.
fn named(request: &Value) -> BTreeSet<String> {
    let maps = MAPS.iter().filter_map(|member| request.get(member)?.as_object());
    let mut names: BTreeSet<String> = maps.flat_map(|map| map.keys().cloned()).collect();
    let list = request.get("AttributesToGet").and_then(Value::as_array).into_iter().flatten();
    names.extend(list.filter_map(Value::as_str).map(top_level));
    for text in expression::KINDS.iter().filter_map(|kind| request.get(kind)?.as_str()) {
        names.extend(in_expression(text).map(|name| resolved(name, request)));
    }
    names
}

/// What `#name` stands for.
fn resolved(name: &str, request: &Value) -> String {
    let meant = request.get("ExpressionAttributeNames").and_then(|names| names.get(name)?.as_str());
    meant.map_or_else(|| top_level(name), str::to_owned)
}

fn top_level(path: &str) -> String {
    path.split(['.', '[']).next().unwrap_or_default().to_owned()
}

/// The names at the beginnings of an expression's paths.
fn in_expression(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | ':' | '.' | '[' | ']' | '-');
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c| !is_part(c));
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        (!word.is_empty()).then_some((word, after.trim_start().starts_with('(')))
    })
    .filter(|(word, is_called)| !is_called && !is_keyword(word) && !word.starts_with([':', '-']))
    .filter(|(word, _)| !word.starts_with(|c: char| c.is_ascii_digit()))
    .filter_map(|(word, _)| word.split(['.', '[']).next())
}

fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 9] = ["AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"];
    KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(request: Value) -> Vec<String> {
        named(&request).into_iter().collect()
    }

    #[test]
    fn attributes_are_named_in_maps_lists_and_expressions() {
        assert_eq!(names(json!({ "Key": { "id": {} }, "AttributesToGet": ["a.b", "c[0]"] })), ["a", "c", "id"]);
        let update = json!({
            "UpdateExpression": "SET #n.x = if_not_exists(stock[1].y, :zero) + :one REMOVE old ADD tags :t",
            "ConditionExpression": "attribute_exists(id) AND (price BETWEEN :a AND :b OR NOT contains(#n, :c))",
            "ExpressionAttributeNames": { "#n": "na.me" },
        });
        assert_eq!(names(update), ["id", "na.me", "old", "price", "stock", "tags"]);
        assert_eq!(names(json!({ "KeyConditionExpression": "pk=:p AND begins_with(sk,:s)" })), ["pk", "sk"]);
        assert_eq!(names(json!({ "ProjectionExpression": "a,b.c , #d[2]" })), ["#d", "a", "b"]);
    }

    #[test]
    fn a_read_of_all_attributes_is_of_unknown_ones() {
        let all = Context::default().with(SELECT, ["ALL_ATTRIBUTES"]).with_unknown(ATTRIBUTES);
        assert_eq!(of_read(&json!({ "KeyConditionExpression": "pk = :p" })), all);
        let counted = Context::default().with(SELECT, ["COUNT"]).with(ATTRIBUTES, ["pk"]);
        assert_eq!(of_read(&json!({ "Select": "COUNT", "KeyConditionExpression": "pk = :p" })), counted);
        let unknown = Context::default().with_unknown(ATTRIBUTES);
        assert_eq!(of_item("dynamodb:GetItem", &json!({ "Key": { "pk": {} } })), unknown);
        assert_eq!(
            of_batch(&json!({ "Keys": [{ "pk": {} }] })).with(ATTRIBUTES, ["pk"]),
            Context::default().with(ATTRIBUTES, ["pk"]).with_unknown(SELECT).with_unknown(RETURN_VALUES)
        );
    }

    #[test]
    fn a_write_is_of_the_attributes_that_it_names() {
        let written = Context::default().with(ATTRIBUTES, ["a", "pk"]);
        assert_eq!(of_item("dynamodb:PutItem", &json!({ "Item": { "pk": {}, "a": {} } })), written);
        let batch = json!([{ "PutRequest": { "Item": { "pk": {} } } }, { "DeleteRequest": { "Key": { "a": {} } } }]);
        assert_eq!(of_batch(&batch), written);
        let returning = of_item("dynamodb:DeleteItem", &json!({ "Key": { "pk": {} }, "ReturnValues": "ALL_OLD" }));
        assert_eq!(returning, Context::default().with(ATTRIBUTES, ["pk"]).with(RETURN_VALUES, ["ALL_OLD"]));
    }
}
