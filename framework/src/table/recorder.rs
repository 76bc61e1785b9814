//! For the tests of this module: tables, and a DynamoDB that writes down what it is asked and answers as it is told.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use skyloom_manifest::bridge::Transport;

use super::{
    Attribute, Dynamo, FromItem, Index, IndexOf, Item, ItemError, PartitionAndSort, PartitionOnly, Read, ReadIndex,
    Scan, Side, Table, Write, from_item, handle::Handle,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) shopper: String,
    pub(super) id: String,
    pub(super) status: String,
    pub(super) cents: u64,
    pub(super) note: Option<String>,
}

impl Order {
    pub(super) const STATUS: Attribute<Self, String> = Attribute::new("status");
    pub(super) const CENTS: Attribute<Self, u64> = Attribute::new("cents");
    pub(super) const NOTE: Attribute<Self, Option<String>> = Attribute::new("note");

    pub(super) fn new(id: &str) -> Self {
        Self { shopper: "ann".into(), id: id.into(), status: "open".into(), cents: 5, note: None }
    }

    pub(super) fn wire(id: &str) -> Value {
        json!({"shopper": {"S": "ann"}, "id": {"S": id}, "status": {"S": "open"}, "cents": {"N": "5"}})
    }
}

impl FromItem for Order {
    fn from_item(item: Item) -> Result<Self, ItemError> {
        from_item(item)
    }
}

impl Table for Order {
    const NAME: &'static str = "Order";
    const PARTITION_KEY: &'static str = "shopper";
    const SORT_KEY: Option<&'static str> = Some("id");
    type Shape = PartitionAndSort<String, String>;
}

pub(super) struct ByStatus;

impl Index for ByStatus {
    type Item = Order;
    const TABLE: &'static str = Order::NAME;
    const NAME: &'static str = "ByStatus";
    const LOCAL: bool = false;
}

impl IndexOf<Order> for ByStatus {
    type Table = Order;
    type Shape = PartitionAndSort<String, u64>;
    const PARTITION: Side = Side::Attribute("status");
    const SORT: Option<Side> = Some(Side::Attribute("cents"));
}

/// The answer to a query of the partition `ann`, with the key at which the page ended.
pub(super) fn found(ids: &[&str], last: Option<&str>) -> Value {
    let items: Vec<_> = ids.iter().map(|id| Order::wire(id)).collect();
    let mut answer = json!({"Items": items, "Count": ids.len()});
    if let Some(id) = last {
        answer["LastEvaluatedKey"] = json!({"shopper": {"S": "ann"}, "id": {"S": id}});
    }
    answer
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Counter {
    pub(super) id: u64,
}

impl FromItem for Counter {
    fn from_item(item: Item) -> Result<Self, ItemError> {
        from_item(item)
    }
}

impl Table for Counter {
    const NAME: &'static str = "Counter";
    const PARTITION_KEY: &'static str = "id";
    const SORT_KEY: Option<&'static str> = None;
    type Shape = PartitionOnly<u64>;
}

/// Answers are given in order; after the last it is an empty object.
#[derive(Clone, Default)]
pub(super) struct Recorder {
    requests: Arc<Mutex<Vec<(String, Value)>>>,
    answers: Arc<Mutex<VecDeque<(u16, Value)>>>,
}

impl Recorder {
    pub(super) fn answering(answers: impl IntoIterator<Item = Value>) -> Self {
        let recorder = Self::default();
        recorder.answers.lock().unwrap().extend(answers.into_iter().map(|answer| (200, answer)));
        recorder
    }

    /// One that refuses the request.
    pub(super) fn refusing(code: &str, message: &str, more: &Value) -> Self {
        let mut body = json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": message});
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        let recorder = Self::default();
        recorder.answers.lock().unwrap().push_back((400, body));
        recorder
    }

    pub(super) fn read<T: Table>(&self) -> Read<T> {
        Read::new(self.handle())
    }

    pub(super) fn write<T: Table>(&self) -> Write<T> {
        Write::new(self.handle())
    }

    pub(super) fn scan<T: Table>(&self) -> Scan<T> {
        Scan::new(self.handle())
    }

    pub(super) fn index<I: IndexOf<T>, T: FromItem>(&self) -> ReadIndex<I, T> {
        ReadIndex::new(self.handle())
    }

    pub(super) fn handle(&self) -> Handle {
        let variables = BTreeMap::from([
            ("AWS_REGION", "eu-north-1"),
            ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SESSION_TOKEN", "token"),
        ]);
        let variable = |name: &str| variables.get(name).map(|value| (*value).to_owned());
        Handle::new(&Dynamo::new(&variable, Some(self.transport())), "shop-Table".into())
    }

    pub(super) fn transport(&self) -> Transport {
        let recorder = self.clone();
        Arc::new(move |request| {
            let response = recorder.answer(&request);
            Box::pin(async move { response })
        })
    }

    fn answer(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        assert!(request.headers()["authorization"].to_str().unwrap().contains("/eu-north-1/dynamodb/aws4_request"));
        let operation = request.headers()["x-amz-target"].to_str().unwrap().rsplit('.').next().unwrap().to_owned();
        self.requests.lock().unwrap().push((operation, serde_json::from_slice(request.body()).unwrap()));
        let (status, body) = self.answers.lock().unwrap().pop_front().unwrap_or((200, json!({})));
        let response = http::Response::builder().status(status).header("content-type", "application/x-amz-json-1.0");
        response.body(Bytes::from(body.to_string())).unwrap()
    }

    /// What was asked, without the table's name where that is a field.
    pub(super) fn asked(&self) -> String {
        let requests = self.requests.lock().unwrap();
        let lines = requests.iter().map(|(operation, body)| {
            let mut body = body.clone();
            if let Some(name) = body.as_object_mut().unwrap().remove("TableName") {
                assert_eq!(name, "shop-Table");
            }
            format!("{operation} {body}")
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    pub(super) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    pub(super) fn body(&self, index: usize) -> Value {
        self.requests.lock().unwrap()[index].1.clone()
    }
}
