//! An update that makes the item it is about has no old item to give back.

use dynoxide::{
    Database,
    actions::{
        get_item::GetItemRequest,
        update_item::{UpdateItemRequest, UpdateItemResponse},
    },
    errors::DynoxideError,
};
use serde_json::{Value, json};

use super::decode;

/// Where there was no item, `ALL_OLD` has no effect; the engine gives its key back.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ReturnValues>
pub(super) fn run(engine: &Database, request: Value) -> Result<UpdateItemResponse, DynoxideError> {
    let makes_it = request["ReturnValues"] == "ALL_OLD" && is_missing(engine, &request);
    let request: UpdateItemRequest = decode::request(request)?;
    let key = request.key.clone();
    let mut answer = engine.update_item(request)?;
    if makes_it {
        // Unless someone else has made it meanwhile.
        answer.attributes = answer.attributes.filter(|old| *old != key);
    }
    Ok(answer)
}

/// A request that is wrong has its error from the update itself.
fn is_missing(engine: &Database, request: &Value) -> bool {
    let get = json!({ "TableName": request["TableName"], "Key": request["Key"], "ConsistentRead": true });
    let found = decode::request::<GetItemRequest>(get).and_then(|get| engine.get_item(get));
    found.is_ok_and(|found| found.item.is_none())
}
