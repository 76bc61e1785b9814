//! The engine lives in a region of its own and knows tables by name only; this is where it is moved to the site.

use std::collections::BTreeMap;

use dynoxide::{
    errors::DynoxideError,
    streams::{LOCAL_ACCOUNT, LOCAL_REGION},
};
use serde_json::{Map, Value};

use super::{
    operation::Operation,
    streams::{Ledger, public_label, specification},
    wire::Failure,
};
use crate::site::Site;

/// Tables that a request called by their ARN, by name. An answer calls them as the request did.
pub(super) type Called = BTreeMap<String, String>;

/// Turns the ARNs of a request into what the engine takes.
pub(super) fn read(site: &Site, request: &mut Value) -> Result<Called, DynoxideError> {
    let mut called = Called::new();
    for (pointer, field) in table_fields(request) {
        let Some(Value::String(table)) = request.pointer_mut(&pointer).and_then(|it| it.get_mut(field)) else {
            continue;
        };
        if let Some(name) = table_name(site, table)? {
            called.insert(name.clone(), std::mem::replace(table, name));
        }
    }
    if let Some(Value::Object(tables)) = request.get_mut("RequestItems") {
        rename_tables(site, tables, &mut called)?;
    }
    Ok(called)
}

/// Where a request may name a table: at the top and in the items of a transaction.
fn table_fields(request: &Value) -> Vec<(String, &'static str)> {
    let mut places = vec![(String::new(), "TableName")];
    let items = request.get("TransactItems").and_then(Value::as_array).into_iter().flatten().enumerate();
    for (at, item) in items {
        let actions = item.as_object().into_iter().flat_map(Map::keys);
        places.extend(actions.map(|action| (format!("/TransactItems/{at}/{action}"), "TableName")));
    }
    places
}

fn rename_tables(site: &Site, tables: &mut Map<String, Value>, called: &mut Called) -> Result<(), DynoxideError> {
    let arns: Vec<String> = tables.keys().filter(|name| name.starts_with("arn:")).cloned().collect();
    for arn in arns {
        if let (Some(name), Some(requests)) = (table_name(site, &arn)?, tables.remove(&arn)) {
            tables.insert(name.clone(), requests);
            called.insert(name, arn);
        }
    }
    Ok(())
}

/// The name in a table's ARN; nothing if it is a name already.
fn table_name(site: &Site, text: &str) -> Result<Option<String>, DynoxideError> {
    if !text.starts_with("arn:") {
        return Ok(None);
    }
    let name = text.strip_prefix(&site.arn("dynamodb", "table/")).filter(|name| !name.contains('/'));
    match name {
        Some(name) => Ok(Some(name.to_owned())),
        // The emulator has one account and one region.
        None => Err(DynoxideError::ResourceNotFoundException("Requested resource not found".into())),
    }
}

/// Turns the engine's ARNs in an answer into the site's, and names tables as the request did.
pub(super) fn write(
    site: &Site,
    ledger: &Ledger,
    called: &Called,
    operation: Operation,
    answer: Result<Vec<u8>, Failure>,
) -> Result<Vec<u8>, Failure> {
    let body = answer.map_err(|failure| match failure {
        Failure::Refused(error) => translate_error(site, error).into(),
        other => other,
    })?;
    if !operation.describes_a_table() && called.is_empty() {
        return Ok(body); // nothing in it but the user's data
    }
    let mut answer: Value = serde_json::from_slice(&body).map_err(internal)?;
    if operation.describes_a_table() {
        translate(site, &mut answer);
        specification::write(ledger, &mut answer);
    }
    restore_names(called, &mut answer);
    serde_json::to_vec(&answer).map_err(internal)
}

fn internal(error: serde_json::Error) -> Failure {
    Failure::Refused(DynoxideError::InternalServerError(error.to_string()))
}

/// Only descriptions of resources come here; they hold no items.
fn translate(site: &Site, value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name.ends_with("StreamLabel") => *text = public_label(text),
                    Value::String(text) if name.ends_with("Arn") => *text = public_arn(site, text),
                    _ => translate(site, member),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| translate(site, element)),
        _ => {}
    }
}

fn engine_prefix() -> String {
    format!("arn:aws:dynamodb:{LOCAL_REGION}:{LOCAL_ACCOUNT}:")
}

fn public_arn(site: &Site, arn: &str) -> String {
    let Some(resource) = arn.strip_prefix(&engine_prefix()) else { return arn.to_owned() };
    match resource.split_once("/stream/") {
        Some((table, label)) => site.arn("dynamodb", &format!("{table}/stream/{}", public_label(label))),
        None => site.arn("dynamodb", resource),
    }
}

/// Messages about resources name them.
fn translate_error(site: &Site, error: DynoxideError) -> DynoxideError {
    let public = |message: String| message.replace(&engine_prefix(), &site.arn("dynamodb", ""));
    match error {
        DynoxideError::ResourceNotFoundException(it) => DynoxideError::ResourceNotFoundException(public(it)),
        DynoxideError::ResourceInUseException(it) => DynoxideError::ResourceInUseException(public(it)),
        DynoxideError::AccessDeniedException(it) => DynoxideError::AccessDeniedException(public(it)),
        other => other,
    }
}

/// A batch's answer has a member for each table.
fn restore_names(called: &Called, answer: &mut Value) {
    for field in ["Responses", "UnprocessedKeys", "UnprocessedItems"] {
        let Some(Value::Object(tables)) = answer.get_mut(field) else { continue };
        for (name, arn) in called {
            if let Some(value) = tables.remove(name) {
                tables.insert(arn.clone(), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        Site::new("shop", "eu-west-1")
    }

    #[test]
    fn a_table_can_be_named_by_its_arn() {
        let site = site();
        assert_eq!(table_name(&site, "shop-Order").unwrap(), None);
        let own = table_name(&site, "arn:aws:dynamodb:eu-west-1:000000000000:table/shop-Order").unwrap();
        assert_eq!(own.as_deref(), Some("shop-Order"));
        for foreign in [
            "arn:aws:dynamodb:us-east-1:000000000000:table/shop-Order",
            "arn:aws:dynamodb:eu-west-1:999999999999:table/shop-Order",
            "arn:aws:dynamodb:eu-west-1:000000000000:table/shop-Order/index/ByStatus",
            "arn:",
        ] {
            assert!(table_name(&site, foreign).is_err(), "{foreign}");
        }
    }

    #[test]
    fn the_engines_arns_become_the_sites() {
        let stream = public_arn(&site(), &dynoxide::streams::stream_arn("shop-Order", "1735689600.250000000"));
        assert_eq!(stream, "arn:aws:dynamodb:eu-west-1:000000000000:table/shop-Order/stream/2025-01-01T00:00:00.250");
        let key = "arn:aws:kms:eu-west-1:1:key/x";
        assert_eq!(public_arn(&site(), key), key);
    }
}
