//! Requests for many items. DynamoDB may leave some undone when it is busy; these are asked for again after a while.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use aws_lc_rs::rand;
use aws_sdk_dynamodb::types::{KeysAndAttributes, WriteRequest};

use super::{
    Error, Item,
    handle::Handle,
    item::{ItemError, to_json},
};

/// DynamoDB's limits of items in a request.
const KEYS_OF_A_GET: usize = 100;
const ITEMS_OF_A_WRITE: usize = 25;

/// The items with these keys, in their order.
pub(super) async fn get_batches(table: &Handle, keys: Vec<Item>, consistent: bool) -> Result<Vec<Option<Item>>, Error> {
    let texts: Vec<String> = keys.iter().map(to_json).collect();
    let names: Vec<String> = keys.first().into_iter().flat_map(|key| key.keys().cloned()).collect();
    let mut seen = HashSet::new();
    let unique = keys.into_iter().zip(&texts).filter(|(_, text)| seen.insert(text.as_str())).map(|(key, _)| key);
    let unique: Vec<Item> = unique.collect(); // DynamoDB refuses to be asked twice
    let mut found = HashMap::new();
    for batch in unique.chunks(KEYS_OF_A_GET) {
        for item in get_batch(table, batch.to_vec(), consistent).await? {
            found.insert(key_text(&item, &names), item);
        }
    }
    Ok(texts.iter().map(|text| found.get(text).cloned()).collect())
}

fn key_text(item: &Item, names: &[String]) -> String {
    let key = names.iter().filter_map(|name| Some((name.clone(), item.get(name)?.clone())));
    to_json(&key.collect())
}

async fn get_batch(table: &Handle, mut keys: Vec<Item>, consistent: bool) -> Result<Vec<Item>, Error> {
    let (mut items, mut patience) = (Vec::new(), Patience::default());
    while !keys.is_empty() {
        let asked = keys.len();
        let of_table = KeysAndAttributes::builder().set_keys(Some(keys));
        let of_table = of_table.set_consistent_read(consistent.then_some(true)).build().map_err(incomplete)?;
        let request = table.client.batch_get_item().request_items(&table.name, of_table);
        let output = request.send().await.map_err(Error::of)?;
        items.extend(output.responses.into_iter().flat_map(HashMap::into_values).flatten());
        let left = output.unprocessed_keys.into_iter().flat_map(HashMap::into_values);
        keys = left.flat_map(|left| left.keys).collect();
        patience.wait(asked, keys.len()).await?;
    }
    Ok(items)
}

/// Does all requests, each of which is about another item. A request for 25 items of 400 KB is within the limit of 16 MB.
pub(super) async fn write_batches(table: &Handle, requests: Vec<WriteRequest>) -> Result<(), Error> {
    for batch in requests.chunks(ITEMS_OF_A_WRITE) {
        write_batch(table, batch.to_vec()).await?;
    }
    Ok(())
}

async fn write_batch(table: &Handle, mut requests: Vec<WriteRequest>) -> Result<(), Error> {
    let mut patience = Patience::default();
    while !requests.is_empty() {
        let asked = requests.len();
        let request = table.client.batch_write_item().request_items(&table.name, requests);
        let output = request.send().await.map_err(Error::of)?;
        requests = output.unprocessed_items.into_iter().flat_map(HashMap::into_values).flatten().collect();
        patience.wait(asked, requests.len()).await?;
    }
    Ok(())
}

pub(super) fn incomplete(error: aws_sdk_dynamodb::error::BuildError) -> ItemError {
    ItemError::new(error.to_string())
}

/// How often nothing at all was done; each time doubles the longest wait, and after the last the table counts as throttled.
#[derive(Default)]
struct Patience {
    failures: u32,
}

impl Patience {
    const FAILURES: u32 = 8;
    const FIRST_WAIT: Duration = Duration::from_millis(25);

    async fn wait(&mut self, asked: usize, left: usize) -> Result<(), Error> {
        if left == 0 {
            return Ok(());
        }
        self.failures = if left < asked { 0 } else { self.failures + 1 };
        if self.failures == Self::FAILURES {
            return Err(Error::Throttled);
        }
        tokio::time::sleep(jittered(Self::FIRST_WAIT * 2_u32.pow(self.failures))).await;
        Ok(())
    }
}

/// Between half of it and all, so that those who were refused together do not come back together.
fn jittered(longest: Duration) -> Duration {
    let mut luck = [0];
    let luck = rand::fill(&mut luck).map_or(0, |()| luck[0]); // without randomness there is still the backoff
    longest / 2 + longest / 2 * u32::from(luck) / u32::from(u8::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{
        super::recorder::{Counter, Recorder},
        *,
    };

    fn item(id: u64) -> Value {
        json!({"id": {"N": id.to_string()}})
    }

    fn got(ids: &[u64], left: &[u64]) -> Value {
        let [ids, left] = [ids, left].map(|ids| ids.iter().copied().map(item).collect::<Vec<_>>());
        let unprocessed = if left.is_empty() { json!({}) } else { json!({"shop-Table": {"Keys": left}}) };
        json!({"Responses": {"shop-Table": ids}, "UnprocessedKeys": unprocessed})
    }

    #[tokio::test(start_paused = true)]
    async fn items_come_in_the_order_of_their_keys() {
        let recorder = Recorder::answering([got(&[2], &[1, 3]), got(&[1], &[])]);
        let items = recorder.read::<Counter>().get_many([1, 2, 3, 1]).await.unwrap();
        let ids: Vec<_> = items.into_iter().map(|item| item.map(|counter| counter.id)).collect();
        assert_eq!(ids, [Some(1), Some(2), None, Some(1)]);
        let asked = |index: usize| recorder.body(index)["RequestItems"]["shop-Table"]["Keys"].clone();
        assert_eq!([asked(0), asked(1)], [json!([item(1), item(2), item(3)]), json!([item(1), item(3)])]);
    }

    #[tokio::test(start_paused = true)]
    async fn many_keys_are_several_requests() {
        let recorder = Recorder::default();
        recorder.read::<Counter>().get_many(0..250).await.unwrap();
        assert_eq!(recorder.count(), 3);
        assert_eq!(recorder.read::<Counter>().get_many([0; 0]).await.unwrap(), []);
        assert_eq!(recorder.count(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn many_items_are_put_in_several_requests_and_again_if_they_were_not() {
        let left = json!({"UnprocessedItems": {"shop-Table": [{"PutRequest": {"Item": item(7)}}]}});
        let recorder = Recorder::answering([left]);
        let counters: Vec<_> = (0..30).map(|id| Counter { id }).collect();
        recorder.write().put_many(&counters).await.unwrap();
        let asked = |index: usize| recorder.body(index)["RequestItems"]["shop-Table"].as_array().unwrap().len();
        assert_eq!([asked(0), asked(1), asked(2)], [25, 1, 5]);
    }

    #[tokio::test(start_paused = true)]
    async fn many_items_can_be_read_consistently() {
        let recorder = Recorder::default();
        recorder.read::<Counter>().get_many_consistent([1]).await.unwrap();
        assert_eq!(recorder.body(0)["RequestItems"]["shop-Table"]["ConsistentRead"], true);
    }

    #[test]
    fn a_wait_is_at_least_half_as_long_as_it_may_be() {
        let longest = Duration::from_millis(100);
        let waits: Vec<_> = (0..100).map(|_| jittered(longest)).collect();
        assert!(waits.iter().all(|wait| (longest / 2..=longest).contains(wait)));
        assert!(waits.iter().any(|wait| *wait != waits[0]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_table_that_does_nothing_is_throttled() {
        let recorder = Recorder::answering((0..8).map(|_| got(&[], &[1])));
        let error = recorder.read::<Counter>().get_many([1]).await.unwrap_err();
        assert!(matches!(error, Error::Throttled));
        assert_eq!(recorder.count(), 8);
    }
}
