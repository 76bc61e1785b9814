//! Deletion of expired items. DynamoDB does it within days, the runner as soon as it is asked.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use dynoxide::{Database, actions::scan::ScanRequest, errors::DynoxideError, types::AttributeValue};

use super::DynamoDb;

/// When the next item expires, and after how many writes that was found out.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<Option<(u64, Option<SystemTime>)>>);

impl DynamoDb {
    /// Deletes all items whose time has come and says how many. Their stream records name DynamoDB as who did it.
    pub(crate) fn expire_items(&self) -> Result<usize, String> {
        let expired = self.engine.current().sweep_ttl().map_err(|error| error.to_string())?;
        if expired > 0 {
            self.note_write();
        }
        Ok(expired)
    }

    /// When the next item expires. Reads the tables with a TTL only if something was written since the last call.
    pub(crate) fn next_expiry(&self) -> Option<SystemTime> {
        let writes = *self.writes.borrow();
        let mut cache = self.expiries.0.lock().unwrap_or_else(PoisonError::into_inner);
        match *cache {
            Some((then, expiry)) if then == writes => expiry,
            _ => {
                let expiry = find(&self.engine.current());
                *cache = Some((writes, expiry));
                expiry
            }
        }
    }
}

/// An item is deleted once its second has passed.
fn find(engine: &Database) -> Option<SystemTime> {
    let tables = engine.list_tables(Default::default()).ok()?.table_names;
    let expiring = tables.iter().filter_map(|table| {
        let metadata = engine.get_table_metadata(table).ok().flatten().filter(|it| it.ttl_enabled)?;
        earliest(engine, table, &metadata.ttl_attribute?).ok().flatten()
    });
    expiring.min().map(|second| UNIX_EPOCH + Duration::from_secs(second.saturating_add(1)))
}

fn earliest(engine: &Database, table: &str, attribute: &str) -> Result<Option<u64>, DynoxideError> {
    let mut request = ScanRequest {
        table_name: table.to_owned(),
        projection_expression: Some("#ttl".to_owned()),
        expression_attribute_names: Some(HashMap::from([("#ttl".to_owned(), attribute.to_owned())])),
        ..ScanRequest::default()
    };
    let mut earliest = None;
    loop {
        let page = engine.scan(clone(&request))?;
        let seconds = page.items.iter().flatten().filter_map(|item| second(item.get(attribute)?));
        earliest = earliest.into_iter().chain(seconds).min();
        request.exclusive_start_key = page.last_evaluated_key;
        if request.exclusive_start_key.is_none() {
            return Ok(earliest);
        }
    }
}

fn clone(request: &ScanRequest) -> ScanRequest {
    ScanRequest {
        table_name: request.table_name.clone(),
        projection_expression: request.projection_expression.clone(),
        expression_attribute_names: request.expression_attribute_names.clone(),
        exclusive_start_key: request.exclusive_start_key.clone(),
        ..ScanRequest::default()
    }
}

/// As the engine reads it: whole seconds, nothing negative.
fn second(value: &AttributeValue) -> Option<u64> {
    match value {
        AttributeValue::N(number) => number.parse().ok(),
        _ => None,
    }
}
