//! The members of a JSON body become the attributes of an item.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};
use skyloom_manifest::{Integration, ItemShape, StoredType, Table, rules::Selection};

use super::{Admitted, Failure, PutItem, check_media_type, failed, json, values};

/// The table, what the request does not choose, and whether an item of the same key is overwritten.
type Write<'a> = (&'a Table, &'a BTreeMap<String, String>, bool);

pub(super) fn answer(
    integration: &Integration,
    (table, set, replace): Write<'_>,
    request: &Admitted<'_>,
    put_item: &PutItem,
) -> Result<Response<Bytes>, Failure> {
    check_media_type(request.headers)?;
    let shape = table.item.as_ref().ok_or(Failure::Internal)?;
    let mut item = item(shape, set, request.body).ok_or(Failure::InvalidBody)?;
    for (name, value) in set {
        item.insert(name.clone(), chosen(shape, name, value, request.event));
    }
    let mut input = Map::from_iter([("Item".to_owned(), Value::Object(item))]);
    if !replace {
        input.insert("ConditionExpression".into(), "attribute_not_exists(#key)".into());
        input.insert("ExpressionAttributeNames".into(), json!({"#key": table.partition_key.attribute}));
    }
    reply(&put_item(integration, input))
}

/// The attributes that the request chooses; nothing for a body that the API's model refuses.
fn item(shape: &ItemShape, set: &BTreeMap<String, String>, body: &[u8]) -> Option<Map<String, Value>> {
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else { return None };
    let is_chosen = |name: &str| !set.contains_key(name) && shape.attributes.contains_key(name);
    let mut item = Map::new();
    for (name, value) in members {
        let kind = *shape.attributes.get(&name).filter(|_| is_chosen(&name))?;
        item.insert(name, attribute(kind, value)?);
    }
    let needed = shape.attributes.keys().filter(|name| is_chosen(name) && !shape.optional.contains(*name));
    needed.into_iter().all(|name| item.contains_key(name)).then_some(item)
}

fn attribute(kind: StoredType, value: Value) -> Option<Value> {
    match (kind, value) {
        (StoredType::S, value @ Value::String(_)) => Some(json!({"S": value})),
        (StoredType::N, Value::Number(number)) => Some(json!({"N": number.to_string()})),
        (StoredType::Bool, value @ Value::Bool(_)) => Some(json!({"BOOL": value})),
        _ => None,
    }
}

fn chosen(shape: &ItemShape, name: &str, value: &str, event: &Value) -> Value {
    let kind = shape.attributes.get(name).copied().unwrap_or(StoredType::S);
    let text = Selection::parse(value).map_or_else(|_| value.to_owned(), |it| it.filled(|of| values::of(event, of)));
    json!({kind.as_str(): text})
}

/// What DynamoDB says, in the words of the integration's responses.
fn reply(answer: &Response<Bytes>) -> Result<Response<Bytes>, Failure> {
    let message = |status, message: &str| Ok(json(status, json!({"message": message}).to_string()));
    let kind = serde_json::from_slice::<Value>(answer.body()).ok();
    let kind = kind.as_ref().and_then(|it| it["__type"].as_str()).unwrap_or_default();
    match answer.status() {
        StatusCode::OK => Ok(json(StatusCode::CREATED, "{}".into())),
        _ if kind.ends_with("ConditionalCheckFailedException") => message(StatusCode::CONFLICT, "Conflict"),
        _ if kind.ends_with("ValidationException") => message(StatusCode::BAD_REQUEST, "Bad Request"),
        _ => Ok(failed()),
    }
}
