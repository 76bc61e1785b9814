//! Token buckets with the capacity that tables and indexes declare.
//!
//! A bucket fills at the declared rate and holds five minutes of it, which DynamoDB calls burst capacity; as there, a request
//! is let in while anything is left, and may cost more than that.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html>

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::Response;
use serde_json::Value;

use skyloom_manifest::{Manifest, Throughput};

use super::dynamodb::with_body;
use crate::site::Site;

const BURST: Duration = Duration::from_secs(300);

/// The buckets of all tables and indexes that declare a capacity.
#[derive(Debug, Default)]
pub(super) struct Buckets(Mutex<BTreeMap<(String, Kind), Bucket>>);

/// The physical name of a table or an index, and how many units a second it has of a kind.
pub(crate) type Declared = (String, Kind, u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Read,
    Write,
}

/// What the tables and indexes of an application declare; on demand there may be no limit.
pub(crate) fn declared(manifest: &Manifest, site: &Site) -> Vec<Declared> {
    let mut declared = Vec::new();
    for table in &manifest.tables {
        let name = site.physical_name(&table.name);
        let indexes = table.indexes.iter().filter(|index| !index.local);
        let indexes = indexes.map(|index| (format!("{name}/index/{}", index.name), table.throughput_of(index)));
        for (name, throughput) in [(name.clone(), table.options.throughput)].into_iter().chain(indexes) {
            let (reads, writes) = match throughput {
                Throughput::OnDemand { max_reads, max_writes } => (max_reads, max_writes),
                Throughput::Provisioned { reads, writes } => (Some(reads.initial()), Some(writes.initial())),
            };
            declared.extend(reads.map(|units| (name.clone(), Kind::Read, units)));
            declared.extend(writes.map(|units| (name.clone(), Kind::Write, units)));
        }
    }
    declared
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Units a second.
    rate: f64,
    level: f64,
    filled: SystemTime,
}

impl Bucket {
    fn full(rate: u32, now: SystemTime) -> Self {
        Self { rate: rate.into(), level: f64::from(rate) * BURST.as_secs_f64(), filled: now }
    }

    fn level(&mut self, now: SystemTime) -> f64 {
        let passed = now.duration_since(self.filled).unwrap_or_default();
        self.level = (self.level + self.rate * passed.as_secs_f64()).min(self.rate * BURST.as_secs_f64());
        self.filled = now;
        self.level
    }
}

impl Buckets {
    /// Full ones, of so many units a second.
    pub(super) fn new(declared: impl IntoIterator<Item = Declared>, now: SystemTime) -> Self {
        let buckets = declared.into_iter().map(|(name, kind, rate)| ((name, kind), Bucket::full(rate, now)));
        Self(Mutex::new(buckets.collect()))
    }

    /// How many units the fullest request may take now: the least of all that it needs. Nothing where there is no limit.
    pub(super) fn units_left(&self, kind: Kind, on: &[String], now: SystemTime) -> Option<f64> {
        let mut buckets = self.buckets();
        let is_needed = |name: &str| on.iter().any(|it| it == name || kind == Kind::Write && is_index_of(name, it));
        let needed = buckets.iter_mut().filter(|((name, of), _)| *of == kind && is_needed(name));
        needed.map(|(_, bucket)| bucket.level(now)).reduce(f64::min)
    }

    /// Has a request answered, and takes what it consumed.
    pub(super) fn charged(
        &self,
        kind: Kind,
        body: &[u8],
        now: SystemTime,
        answer: &impl Fn(&[u8]) -> Response<Bytes>,
    ) -> Response<Bytes> {
        let Ok(Value::Object(mut request)) = serde_json::from_slice(body) else { return answer(body) };
        let asked = request.insert("ReturnConsumedCapacity".into(), "INDEXES".into());
        let response = answer(Value::Object(request).to_string().as_bytes());
        let Ok(Value::Object(mut answered)) = serde_json::from_slice(response.body()) else { return response };
        let Some(consumed) = answered.remove("ConsumedCapacity") else { return response };
        for (name, units) in units(&consumed) {
            self.take(&name, kind, units, now);
        }
        if let Some(consumed) = as_asked(consumed, asked.as_ref().and_then(Value::as_str)) {
            answered.insert("ConsumedCapacity".into(), consumed);
        }
        with_body(response, &Value::Object(answered))
    }

    fn take(&self, name: &str, kind: Kind, units: f64, now: SystemTime) {
        if let Some(bucket) = self.buckets().get_mut(&(name.to_owned(), kind)) {
            bucket.level = bucket.level(now) - units;
        }
    }

    fn buckets(&self) -> MutexGuard<'_, BTreeMap<(String, Kind), Bucket>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A write to a table is one to each of its indexes, and refused if one of them has no capacity left.
fn is_index_of(name: &str, table: &str) -> bool {
    name.strip_prefix(table).is_some_and(|rest| rest.starts_with("/index/"))
}

/// What each table and index has consumed; batches and transactions have a list.
fn units(consumed: &Value) -> Vec<(String, f64)> {
    let each = consumed.as_array().map_or_else(|| std::slice::from_ref(consumed), Vec::as_slice);
    each.iter().flat_map(units_of_table).collect()
}

fn units_of_table(consumed: &Value) -> Vec<(String, f64)> {
    let units = |of: &Value| of.get("CapacityUnits").and_then(Value::as_f64).unwrap_or_default();
    let Some(table) = consumed.get("TableName").and_then(Value::as_str) else { return Vec::new() };
    let own = consumed.get("Table").map_or(0.0, units);
    let indexes = consumed.get("GlobalSecondaryIndexes").and_then(Value::as_object).into_iter().flatten();
    let of_indexes = indexes.map(|(name, index)| (format!("{table}/index/{name}"), units(index)));
    [(table.to_owned(), own)].into_iter().chain(of_indexes).collect()
}

/// The client gets no more than it asked for.
fn as_asked(mut consumed: Value, asked: Option<&str>) -> Option<Value> {
    let total = |consumed: &mut Value| {
        if let Some(members) = consumed.as_object_mut() {
            members.retain(|name, _| name == "TableName" || name == "CapacityUnits");
        }
    };
    match (asked, consumed.as_array_mut()) {
        (Some("INDEXES"), _) => {}
        (Some("TOTAL"), Some(each)) => each.iter_mut().for_each(total),
        (Some("TOTAL"), None) => total(&mut consumed),
        _ => return None,
    }
    Some(consumed)
}
