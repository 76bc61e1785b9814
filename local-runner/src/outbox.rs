//! What the destinations of an application have got: queues, topics and buckets that nothing here reads.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use skyloom_manifest::Destination;

/// What was sent, by the name or the ARN of where it went. A clone is the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox(Arc<Mutex<BTreeMap<String, Vec<Message>>>>);

/// One message to a queue or a topic, or one object in a bucket.
#[derive(Clone, Debug)]
struct Message {
    /// The key of an object.
    key: Option<String>,
    body: Value,
}

impl Outbox {
    /// Sends a message, or puts an object into a bucket under that key.
    pub(crate) fn send(&self, destination: &Destination, key: Option<String>, body: Value) {
        self.sent().entry(destination.name().to_owned()).or_default().push(Message { key, body });
    }

    /// What a destination got, oldest first.
    pub(crate) fn bodies(&self, destination: &str) -> Vec<Value> {
        self.sent().get(destination).into_iter().flatten().map(|message| message.body.clone()).collect()
    }

    /// The objects in a bucket by their keys.
    pub(crate) fn objects(&self, bucket: &str) -> BTreeMap<String, Value> {
        let sent = self.sent();
        let messages = sent.get(bucket).into_iter().flatten();
        messages.filter_map(|message| Some((message.key.clone()?, message.body.clone()))).collect()
    }

    fn sent(&self) -> MutexGuard<'_, BTreeMap<String, Vec<Message>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
