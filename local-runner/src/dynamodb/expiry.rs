//! Deletion of expired items. DynamoDB does it within days, the runner as soon as it is asked.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use dynoxide::{
    Database,
    actions::{delete_item::DeleteItemRequest, get_item::GetItemRequest, scan::ScanRequest},
    errors::DynoxideError,
    types::{AttributeValue, Item},
};
use serde_json::Value;

use super::{DynamoDb, operation::Operation};

/// An item whose time was longer ago was meant otherwise, and stays: five years.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html>
const LONGEST_AGO: u64 = 5 * 365 * 24 * 60 * 60;

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
        let expired = self.expire(&self.engine.current()).map_err(|error| error.to_string())?;
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
            State::Unknown => find(&self.engine.current(), self.now_seconds()),
        };
        *state = State::Known(second);
        second.map(|second| UNIX_EPOCH + Duration::from_secs(second.saturating_add(1)))
    }

    /// The engine's own sweep knows no limit to the past, so items are deleted one by one, as a user's would be. Which
    /// records that made is noted, since to the engine they are like any other.
    fn expire(&self, engine: &Database) -> Result<usize, DynoxideError> {
        let context = self.context(engine);
        let mut deleted = 0;
        for (table, attribute) in tables(engine) {
            let before = context.newest(&table);
            let mut keys = Vec::new();
            for (item, second) in expiring(engine, &table, &attribute, self.now_seconds())? {
                let key = context.key_of(&table, &item);
                if second < self.now_seconds() && delete(engine, &table, &attribute, &item, &key)? {
                    keys.push(key);
                }
            }
            deleted += keys.len();
            context.mark_expired(&table, before, &keys)?;
        }
        Ok(deleted)
    }

    pub(super) fn now_seconds(&self) -> u64 {
        self.engine.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
    }
}

/// Whether it was still there as it was seen.
fn delete(engine: &Database, table: &str, attribute: &str, item: &Item, key: &Item) -> Result<bool, DynoxideError> {
    let seen = item.get(attribute).cloned().unwrap_or(AttributeValue::NULL(true));
    let request = DeleteItemRequest {
        table_name: table.to_owned(),
        key: key.clone(),
        condition_expression: Some("#ttl = :seen".to_owned()),
        expression_attribute_names: Some(HashMap::from([("#ttl".to_owned(), attribute.to_owned())])),
        expression_attribute_values: Some(HashMap::from([(":seen".to_owned(), seen)])),
        ..DeleteItemRequest::default()
    };
    match engine.delete_item(request) {
        Ok(_) => Ok(true),
        Err(DynoxideError::ConditionalCheckFailedException(..)) => Ok(false),
        Err(error) => Err(error),
    }
}

impl Earliest {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After a request that was answered.
    pub(super) fn note(&self, engine: &Database, mentioned: Mentioned, now: u64) {
        let places = match mentioned {
            Mentioned::Items(places) if places.is_empty() => return,
            Mentioned::Items(places) => places,
            Mentioned::Anywhere => return *self.state() = State::Unknown,
        };
        let seconds: Vec<u64> = places
            .into_iter()
            .filter_map(|place| place.second(engine))
            .filter(|second| is_meant(*second, now))
            .collect();
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

fn find(engine: &Database, now: u64) -> Option<u64> {
    let expiring = tables(engine).into_iter().filter_map(|(table, attribute)| {
        let items = expiring(engine, &table, &attribute, now).ok()?;
        items.into_iter().map(|(_, second)| second).min()
    });
    expiring.min()
}

/// The tables whose items expire, and by which attribute.
fn tables(engine: &Database) -> Vec<(String, String)> {
    let tables = engine.list_tables(Default::default()).map(|it| it.table_names).unwrap_or_default();
    tables.iter().filter_map(|table| attribute(engine, Some(&table.as_str().into()))).collect()
}

/// The items that have a time, and that.
fn expiring(engine: &Database, table: &str, attribute: &str, now: u64) -> Result<Vec<(Item, u64)>, DynoxideError> {
    let (mut expiring, mut start) = (Vec::new(), None);
    loop {
        let page = engine.scan(ScanRequest {
            table_name: table.to_owned(),
            exclusive_start_key: start,
            ..ScanRequest::default()
        })?;
        let items = page.items.into_iter().flatten();
        let with_second = items.filter_map(|item| Some((second(item.get(attribute)?)?, item)));
        expiring.extend(with_second.filter(|(second, _)| is_meant(*second, now)).map(|(second, item)| (item, second)));
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(expiring);
        }
    }
}

fn is_meant(second: u64, now: u64) -> bool {
    second >= now.saturating_sub(LONGEST_AGO)
}

/// Whole seconds, nothing negative.
fn second(value: &AttributeValue) -> Option<u64> {
    match value {
        AttributeValue::N(number) => number.parse().ok(),
        _ => None,
    }
}
