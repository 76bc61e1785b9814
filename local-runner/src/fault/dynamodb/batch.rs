use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};

use super::{Call, answer::with_body};

/// A batch that may be done in part.
#[derive(Debug)]
pub(super) struct Batch {
    request: Value,
    /// What a `BatchGetItem` has its keys in, and nothing where the requests are a list themselves.
    keys: Option<&'static str>,
    /// What the answer calls the rest.
    rest: &'static str,
}

impl Batch {
    /// Nothing if the call is none, or not one that DynamoDB would understand.
    pub(super) fn of(call: &Call<'_>) -> Option<Self> {
        let (keys, rest) = match call.operation() {
            "BatchWriteItem" => (None, "UnprocessedItems"),
            "BatchGetItem" => (Some("Keys"), "UnprocessedKeys"),
            _ => return None,
        };
        let request: Value = serde_json::from_slice(call.body).ok()?;
        request.get("RequestItems")?.as_object()?;
        Some(Self { request, keys, rest })
    }

    pub(super) fn len(&self) -> usize {
        self.tables().into_iter().flatten().filter_map(|(_, table)| Some(self.entries(table)?.len())).sum()
    }

    /// Has the first so many entries answered, and says that the others are unprocessed.
    pub(super) fn first(mut self, most: usize, answer: &impl Fn(&[u8]) -> Response<Bytes>) -> Response<Bytes> {
        let rest = self.split_off(most);
        let response = answer(self.request.to_string().as_bytes());
        let Ok(Value::Object(mut body)) = serde_json::from_slice(response.body()) else { return response };
        if !response.status().is_success() {
            return response;
        }
        body.insert(self.rest.to_owned(), Value::Object(rest));
        with_body(response, &Value::Object(body))
    }

    /// Takes out all entries after the first so many; tables are in the order of their names.
    fn split_off(&mut self, mut most: usize) -> Map<String, Value> {
        let (mut kept, mut rest) = (Map::new(), Map::new());
        for (name, table) in self.tables().into_iter().flatten() {
            let Some(entries) = self.entries(table) else { continue };
            let (first, others) = entries.split_at(most.min(entries.len()));
            most -= first.len();
            for (entries, tables) in [(first, &mut kept), (others, &mut rest)] {
                if !entries.is_empty() {
                    tables.insert(name.clone(), self.with_entries(table, entries));
                }
            }
        }
        self.request["RequestItems"] = Value::Object(kept);
        rest
    }

    fn tables(&self) -> Option<&Map<String, Value>> {
        self.request.get("RequestItems")?.as_object()
    }

    fn entries<'a>(&self, table: &'a Value) -> Option<&'a Vec<Value>> {
        self.keys.map_or(Some(table), |keys| table.get(keys))?.as_array()
    }

    fn with_entries(&self, table: &Value, entries: &[Value]) -> Value {
        let Some(keys) = self.keys else { return entries.into() };
        let mut table = table.clone();
        table[keys] = entries.into();
        table
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What was asked of DynamoDB, and what it answered in the end.
    fn first(most: usize, operation: &str, request: &Value) -> (Value, Value) {
        let body = Bytes::from(request.to_string());
        let target = format!("DynamoDB_20120810.{operation}");
        let call = Call { function: None, target: &target, on: Vec::new(), body: &body };
        let asked = std::cell::RefCell::default();
        let response = Batch::of(&call).unwrap().first(most, &|request: &[u8]| {
            *asked.borrow_mut() = serde_json::from_slice(request).unwrap();
            Response::new(Bytes::from_static(b"{}"))
        });
        let checksum = crc32fast::hash(response.body()).to_string();
        assert_eq!(response.headers()["x-amz-crc32"], checksum.as_str());
        (asked.into_inner(), serde_json::from_slice(response.body()).unwrap())
    }

    #[test]
    fn a_batch_of_writes_leaves_its_last_ones() {
        let request = json!({"RequestItems": {"a": [1, 2, 3], "b": [4, 5]}, "ReturnConsumedCapacity": "TOTAL"});
        let (asked, answered) = first(4, "BatchWriteItem", &request);
        assert_eq!(asked["RequestItems"], json!({"a": [1, 2, 3], "b": [4]}));
        assert_eq!(asked["ReturnConsumedCapacity"], "TOTAL");
        assert_eq!(answered, json!({"UnprocessedItems": {"b": [5]}}));
        assert_eq!(first(1, "BatchWriteItem", &request).1, json!({"UnprocessedItems": {"a": [2, 3], "b": [4, 5]}}));
    }

    #[test]
    fn a_batch_of_reads_leaves_keys_with_what_was_said_of_them() {
        let request = json!({"RequestItems": {"a": {"Keys": [1, 2], "ConsistentRead": true}}});
        let (asked, answered) = first(1, "BatchGetItem", &request);
        assert_eq!(asked["RequestItems"], json!({"a": {"Keys": [1], "ConsistentRead": true}}));
        assert_eq!(answered, json!({"UnprocessedKeys": {"a": {"Keys": [2], "ConsistentRead": true}}}));
    }

    #[test]
    fn nothing_else_is_done_in_part() {
        let body = Bytes::from_static(b"{}");
        let of = |target| Batch::of(&Call { function: None, target, on: Vec::new(), body: &body });
        assert!(of("DynamoDB_20120810.PutItem").is_none());
        assert!(of("DynamoDB_20120810.BatchWriteItem").is_none());
    }
}
