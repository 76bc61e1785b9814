//! Deletion of expired items. DynamoDB does it within days, the runner as soon as it is asked.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use dynoxide::{
    Database,
    actions::{get_item::GetItemRequest, scan::ScanRequest},
    errors::DynoxideError,
    types::{AttributeValue, Item},
};
use serde_json::Value;

use super::{DynamoDb, operation::Operation};

/// The earliest second in which an item may expire.
///
/// Tables are read for it only at first and after something expired. In between, each write can only make it earlier,
/// so at worst nothing expires then and the tables are read once more.
#[derive(Debug, Default)]
pub(super) struct Earliest(Mutex<State>);

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Unknown,
    Known(Option<u64>),
}

/// Where a request may set a time, found before it runs and looked at after it has.
pub(super) enum Mentioned {
    /// Somewhere.
    Anywhere,
    /// In these items.
    Items(Vec<Place>),
}

pub(super) enum Place {
    /// The item is in the request.
    Written(u64),
    /// The item is what an update made of it.
    Updated { table: String, attribute: String, key: Item },
}

impl DynamoDb {
    /// Deletes all items whose time has come and says how many. Their stream records name DynamoDB as who did it.
    ///
    /// # Errors
    /// What the engine says, in words.
    pub(crate) fn expire_items(&self) -> Result<usize, String> {
        if self.next_expiry().is_none_or(|due| due > self.engine.now()) {
            return Ok(0);
        }
        let expired = self.engine.current().sweep_ttl().map_err(|error| error.to_string())?;
        *self.earliest.state() = State::Unknown;
        if expired > 0 {
            self.note_write();
        }
        Ok(expired)
    }

    /// When the next item may expire: once its second has passed.
    pub(crate) fn next_expiry(&self) -> Option<SystemTime> {
        let mut state = self.earliest.state();
        let second = match *state {
            State::Known(second) => second,
            State::Unknown => find(&self.engine.current()),
        };
        *state = State::Known(second);
        second.map(|second| UNIX_EPOCH + Duration::from_secs(second.saturating_add(1)))
    }
}

impl Earliest {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After a request that was answered.
    pub(super) fn note(&self, engine: &Database, mentioned: Mentioned) {
        let places = match mentioned {
            Mentioned::Items(places) if places.is_empty() => return,
            Mentioned::Items(places) => places,
            Mentioned::Anywhere => return *self.state() = State::Unknown,
        };
        let seconds: Vec<u64> = places.into_iter().filter_map(|place| place.second(engine)).collect();
        if let State::Known(earliest) = &mut *self.state() {
            *earliest = earliest.iter().copied().chain(seconds).min();
        }
    }
}

/// Where a request may set a time at which an item expires.
pub(super) fn mentioned(engine: &Database, operation: Operation, request: &Value) -> Mentioned {
    let places = match operation {
        Operation::PutItem => put(engine, request.get("TableName"), request),
        Operation::UpdateItem => update(engine, request),
        Operation::BatchWriteItem => in_batch(engine, request),
        Operation::TransactWriteItems => in_transaction(engine, request),
        Operation::ExecuteStatement
        | Operation::ExecuteTransaction
        | Operation::BatchExecuteStatement
        | Operation::UpdateTimeToLive
        | Operation::DeleteTable => return Mentioned::Anywhere,
        _ => Vec::new(),
    };
    Mentioned::Items(places)
}

fn in_batch(engine: &Database, request: &Value) -> Vec<Place> {
    let tables = request.get("RequestItems").and_then(Value::as_object).into_iter().flatten();
    let requests = tables.flat_map(|(table, requests)| {
        let requests = requests.as_array().into_iter().flatten();
        requests.filter_map(move |request| Some((table, request.get("PutRequest")?)))
    });
    requests.flat_map(|(table, request)| put(engine, Some(&table.as_str().into()), request)).collect()
}

fn in_transaction(engine: &Database, request: &Value) -> Vec<Place> {
    let items = request.get("TransactItems").and_then(Value::as_array).into_iter().flatten();
    items
        .flat_map(|item| match (item.get("Put"), item.get("Update")) {
            (Some(request), _) => put(engine, request.get("TableName"), request),
            (_, Some(request)) => update(engine, request),
            _ => Vec::new(),
        })
        .collect()
}

fn put(engine: &Database, table: Option<&Value>, request: &Value) -> Vec<Place> {
    let second = attribute(engine, table).and_then(|(_, attribute)| {
        let value = request.get("Item")?.get(&attribute)?;
        value.get("N")?.as_str()?.parse().ok()
    });
    second.map(Place::Written).into_iter().collect()
}

fn update(engine: &Database, request: &Value) -> Vec<Place> {
    let place = attribute(engine, request.get("TableName")).and_then(|(table, attribute)| {
        let key = serde_json::from_value(request.get("Key")?.clone()).ok()?;
        Some(Place::Updated { table, attribute, key })
    });
    place.into_iter().collect()
}

/// The table's name and its TTL attribute, if it has one.
fn attribute(engine: &Database, table: Option<&Value>) -> Option<(String, String)> {
    let table = table?.as_str()?;
    let metadata = engine.get_table_metadata(table).ok().flatten().filter(|it| it.ttl_enabled)?;
    Some((table.to_owned(), metadata.ttl_attribute?))
}

impl Place {
    fn second(self, engine: &Database) -> Option<u64> {
        match self {
            Self::Written(second) => Some(second),
            Self::Updated { table, attribute, key } => {
                let request = GetItemRequest { table_name: table, key, ..GetItemRequest::default() };
                second(engine.get_item(request).ok()?.item?.get(&attribute)?)
            }
        }
    }
}

fn find(engine: &Database) -> Option<u64> {
    let tables = engine.list_tables(Default::default()).ok()?.table_names;
    let expiring = tables.iter().filter_map(|table| {
        let (table, attribute) = attribute(engine, Some(&table.as_str().into()))?;
        find_in(engine, &table, &attribute).ok().flatten()
    });
    expiring.min()
}

fn find_in(engine: &Database, table: &str, attribute: &str) -> Result<Option<u64>, DynoxideError> {
    let (mut earliest, mut start) = (None, None);
    loop {
        let page = engine.scan(ScanRequest {
            table_name: table.to_owned(),
            projection_expression: Some("#ttl".to_owned()),
            expression_attribute_names: Some(HashMap::from([("#ttl".to_owned(), attribute.to_owned())])),
            exclusive_start_key: start,
            ..ScanRequest::default()
        })?;
        let seconds = page.items.iter().flatten().filter_map(|item| second(item.get(attribute)?));
        earliest = earliest.into_iter().chain(seconds).min();
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(earliest);
        }
    }
}

/// As the engine reads it: whole seconds, nothing negative.
fn second(value: &AttributeValue) -> Option<u64> {
    match value {
        AttributeValue::N(number) => number.parse().ok(),
        _ => None,
    }
}
