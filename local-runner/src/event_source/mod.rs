//! Event source mappings: they carry the records of a table's stream to a function, as Lambda's pollers do.
//!
//! Nothing runs in the background. A mapping is asked to deliver what is due, and says when the next delivery will be;
//! so a test on virtual time sees every delivery, in the same order each time.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>

mod answer;
mod batch;
mod destination;
mod filter;
mod journal;
mod lane;
mod record;
mod rules;
mod window;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use bytes::Bytes;
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use skyloom_manifest::{Destination, Manifest, StartingPosition, StreamTrigger, Trigger};
use tokio::sync::Semaphore;

pub(crate) use self::journal::{DiscardReason, Discarded, FailedDelivery};
use self::{
    answer::Outcome,
    batch::Batch,
    destination::{Failure, Outbox},
    filter::Filter,
    journal::Journal,
    lane::{GivenUp, Lane},
    record::Record,
    rules::Rules,
};
use crate::{clock::Clock, invoke::Invoke, random::Random, site::Site};

/// Where the records come from. Tables are named as in the manifest.
pub(crate) trait Streams: Send + Sync {
    /// The ARN of the table's stream.
    fn arn(&self, table: &str) -> Option<String>;

    /// The shard that has the record of that sequence number, or where there is none, the last.
    fn shard(&self, table: &str, sequence_number: Option<&str>) -> Option<String>;

    /// Up to `limit` records after that sequence number, or from the oldest, as `GetRecords` gives them.
    fn records(&self, table: &str, after: Option<&str>, limit: usize) -> Result<Vec<Value>, String>;
}

/// How far each function has come: the sequence number of the last record that needs no further delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Checkpoint(BTreeMap<String, String>);

/// All event source mappings of an application.
pub(crate) struct EventSources {
    mappings: Vec<Mapping>,
    streams: Arc<dyn Streams>,
    invoke: Invoke,
    clock: Clock,
    random: Random,
    journal: Mutex<Journal>,
    outbox: Mutex<Outbox>,
}

/// A stream that drives a function.
struct Mapping {
    /// Its id, a UUID.
    id: String,
    function: String,
    function_arn: String,
    table: String,
    has_windows: bool,
    on_failure: Option<Destination>,
    lanes: Vec<Shared>,
}

/// A lane, and whose turn it is to deliver from it: one at a time, so that order is kept.
struct Shared {
    turn: Semaphore,
    lane: Mutex<Lane>,
}

impl EventSources {
    /// The mappings of all functions that have a stream. One with the starting position `LATEST` begins here.
    ///
    /// # Errors
    /// When a filter is not in EventBridge's pattern language.
    pub(crate) fn new(
        manifest: &Manifest,
        streams: Arc<dyn Streams>,
        invoke: Invoke,
        (clock, random): (Clock, Random),
        site: &Site,
    ) -> Result<Self, String> {
        let triggers = manifest.functions.iter().filter_map(|function| match &function.trigger {
            Trigger::Stream(trigger) => Some((&function.name, trigger)),
            _ => None,
        });
        let mappings = triggers
            .map(|(function, trigger)| mapping(function, trigger, streams.as_ref(), random.uuid(), site))
            .collect::<Result<_, _>>()?;
        let (journal, outbox) = (Mutex::default(), Mutex::default());
        Ok(Self { mappings, streams, invoke, clock, random, journal, outbox })
    }

    /// Delivers all records that are due now and were in the streams when this was called; waits for deliveries that
    /// are under way. Says how many batches were delivered: until it says 0, functions may have written more.
    pub(crate) async fn run_due(&self) -> usize {
        let rounds = self.lanes().map(|(mapping, shared)| async {
            match shared.turn.acquire().await {
                Ok(_turn) => self.deliver(mapping, shared).await,
                Err(_closed) => 0,
            }
        });
        join_all(rounds).await.into_iter().sum()
    }

    /// Like [`run_due`](Self::run_due), but leaves out lanes that are delivering, which will find what is new
    /// themselves. So one slow function delays no other, however often this is called.
    pub(crate) async fn run_idle(&self) -> usize {
        let rounds = self.lanes().map(|(mapping, shared)| async {
            let mut delivered = 0;
            // Asked again once the turn is over: a record that came before may have found it taken.
            while self.due_at(mapping, shared).is_some_and(|due| due <= self.clock.now()) {
                let Ok(_turn) = shared.turn.try_acquire() else { break };
                delivered += self.deliver(mapping, shared).await;
            }
            delivered
        });
        join_all(rounds).await.into_iter().sum()
    }

    /// When the next batch is due: at the end of its window, or when it is tried again. What is being delivered right
    /// now is not counted.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        self.lanes()
            .filter(|(_, shared)| !shared.is_delivering())
            .filter_map(|(mapping, shared)| self.due_at(mapping, shared))
            .min()
    }

    /// Whether a record waits for delivery, or is being delivered.
    #[cfg(test)]
    fn is_pending(&self) -> bool {
        self.lanes().any(|(mapping, shared)| shared.is_delivering() || self.due_at(mapping, shared).is_some())
    }

    /// How far every mapping has come.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        let reached = self.mappings.iter().filter_map(|mapping| {
            let lanes = mapping.lanes.iter().map(|shared| shared.lane().checkpoint());
            // A mapping is as far as its slowest lane, whatever number of lanes it has when it starts again.
            Some((mapping.function.clone(), lanes.min().flatten()?))
        });
        Checkpoint(reached.collect())
    }

    /// Goes on where a mapping had come to. Records after that may be delivered once more, as they may be by Lambda.
    pub(crate) fn restore(&self, checkpoint: &Checkpoint) {
        for mapping in &self.mappings {
            let Some(sequence_number) = checkpoint.0.get(&mapping.function) else { continue };
            mapping.lanes.iter().for_each(|shared| shared.lane().start_after(sequence_number));
        }
    }

    /// The records that were given up, oldest first.
    pub(crate) fn discarded(&self) -> Vec<Discarded> {
        self.journal().discarded()
    }

    /// The deliveries that failed, oldest first.
    pub(crate) fn failures(&self) -> Vec<FailedDelivery> {
        self.journal().failures()
    }

    /// What an on-failure destination got, by its name or ARN, oldest first.
    pub(crate) fn destination(&self, name: &str) -> Vec<Value> {
        self.outbox().bodies(name)
    }

    /// The objects that a bucket got as an on-failure destination, by their keys.
    pub(crate) fn objects(&self, bucket: &str) -> BTreeMap<String, Value> {
        self.outbox().objects(bucket)
    }

    fn lanes(&self) -> impl Iterator<Item = (&Mapping, &Shared)> {
        self.mappings.iter().flat_map(|mapping| mapping.lanes.iter().map(move |shared| (mapping, shared)))
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn due_at(&self, mapping: &Mapping, shared: &Shared) -> Option<SystemTime> {
        let mut lane = shared.lane();
        lane.fill(self.streams.as_ref(), &mapping.table, self.clock.now());
        lane.due_at()
    }

    /// The state is locked only between invocations, and changes only after one: a caller that goes away loses nothing.
    async fn deliver(&self, mapping: &Mapping, shared: &Shared) -> usize {
        shared.lane().fill(self.streams.as_ref(), &mapping.table, self.clock.now());
        let mut delivered = 0;
        while let Some(batch) = self.next_batch(mapping, shared) {
            let event = self.event(mapping, shared, &batch);
            let reply = (self.invoke)(mapping.function.clone(), event).await;
            let (outcome, state) = if mapping.has_windows {
                answer::outcome_in_window(&reply, &batch.sequence_numbers())
            } else {
                (answer::outcome(&reply, &batch.sequence_numbers()), None)
            };
            self.finish(mapping, shared, &batch, (&outcome, state));
            delivered += 1;
        }
        delivered
    }

    fn event(&self, mapping: &Mapping, shared: &Shared, batch: &Batch) -> Bytes {
        let shard = if mapping.has_windows { self.shard(mapping, &batch.records) } else { String::new() };
        batch.event(shared.lane().stream_arn(), &shard)
    }

    fn shard(&self, mapping: &Mapping, records: &[Record]) -> String {
        let first = records.first().map(|record| record.sequence_number.as_str());
        self.streams.shard(&mapping.table, first).unwrap_or_default()
    }

    fn next_batch(&self, mapping: &Mapping, shared: &Shared) -> Option<Batch> {
        let (batch, expired) = shared.lane().next(self.clock.now());
        self.give_up(mapping, shared, &expired, (DiscardReason::RecordTooOld, None));
        batch
    }

    fn finish(
        &self,
        mapping: &Mapping,
        shared: &Shared,
        batch: &Batch,
        (outcome, state): (&Outcome, Option<Box<RawValue>>),
    ) {
        let now = self.clock.now();
        let given_up = shared.lane().finish(outcome, state, now);
        self.journal().fail(mapping, batch, outcome, now);
        self.give_up(mapping, shared, &given_up, (DiscardReason::RetriesExhausted, Some(outcome)));
    }

    fn give_up(
        &self,
        mapping: &Mapping,
        shared: &Shared,
        given_up: &GivenUp,
        (reason, outcome): (DiscardReason, Option<&Outcome>),
    ) {
        if given_up.records.is_empty() {
            return;
        }
        let at = self.clock.now();
        self.journal().discard(mapping, &given_up.records, reason, at);
        let Some(destination) = &mapping.on_failure else { return };
        let stream_arn = shared.lane().stream_arn().to_owned();
        let failure = Failure {
            function_arn: &mapping.function_arn,
            stream_arn: &stream_arn,
            shard: &self.shard(mapping, &given_up.records),
            mapping: &mapping.id,
            given_up,
            reason,
            outcome,
            at,
        };
        self.outbox().tell(destination, &failure, &self.random);
    }
}

impl Shared {
    fn is_delivering(&self) -> bool {
        self.turn.available_permits() == 0
    }

    fn lane(&self) -> MutexGuard<'_, Lane> {
        self.lane.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn mapping(
    function: &str,
    trigger: &StreamTrigger,
    streams: &dyn Streams,
    id: String,
    site: &Site,
) -> Result<Mapping, String> {
    let filters: Vec<_> =
        trigger.filters.iter().map(|filter| Filter::parse(&filter.pattern())).collect::<Result<_, _>>()?;
    let rules = Rules::new(trigger, filters, streams.arn(&trigger.table).unwrap_or_default(), site);
    let mut lanes: Vec<_> =
        (0..trigger.parallelization.max(1)).map(|number| Lane::new(rules.clone(), number)).collect();
    if trigger.starting_position == StartingPosition::Latest {
        lanes.iter_mut().for_each(|lane| lane.skip_to_end(streams, &trigger.table));
    }
    let lanes = lanes.into_iter().map(|lane| Shared { turn: Semaphore::new(1), lane: Mutex::new(lane) });
    Ok(Mapping {
        id,
        function: function.to_owned(),
        function_arn: site.function_arn(function),
        table: trigger.table.clone(),
        has_windows: trigger.tumbling_window.is_some(),
        on_failure: trigger.on_failure.clone(),
        lanes: lanes.collect(),
    })
}

impl fmt::Debug for EventSources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions: Vec<_> = self.mappings.iter().map(|mapping| &mapping.function).collect();
        f.debug_struct("EventSources").field("functions", &functions).finish_non_exhaustive()
    }
}
