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
mod reader;
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

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use skyloom_manifest::{Destination, Manifest, StartingPosition, StreamTrigger, Trigger};
use tokio::sync::Semaphore;

pub(crate) use self::journal::{DiscardReason, Discarded, FailedDelivery};
use self::{
    answer::Outcome,
    batch::Batch,
    destination::Failure,
    filter::Filter,
    journal::Journal,
    lane::{GivenUp, Lane},
    reader::Reader,
    rules::Rules,
};
use crate::{
    access::{self, Access, May, STREAM_READING},
    clock::Clock,
    invoke::Invoke,
    outbox::Outbox,
    random::Random,
    site::Site,
};

/// Where the records come from. Tables are named as in the manifest.
pub(crate) trait Streams: Send + Sync {
    /// The ARN of the table's stream.
    fn arn(&self, table: &str) -> Option<String>;

    /// Into how many lineages of shards a stream is divided: a shard and its successors. The changes of an item are all in
    /// one of them.
    fn lineages(&self) -> u32;

    /// Up to `limit` records of all shards after that sequence number, or from the oldest.
    fn records(&self, table: &str, after: Option<&str>, limit: usize) -> Result<Vec<Located>, String>;
}

/// A record as `GetRecords` gives it, and where it was found.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    /// The shard's id.
    pub(crate) shard: String,
    /// The lineage that the shard is of, from 0 on.
    pub(crate) lineage: u32,
    pub(crate) record: Value,
}

/// How far each function has come in each lineage of shards: the sequence number of the last record that needs no further
/// delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Checkpoint(BTreeMap<String, BTreeMap<u32, String>>);

/// All event source mappings of an application.
pub(crate) struct EventSources {
    mappings: Vec<Mapping>,
    streams: Arc<dyn Streams>,
    invoke: Invoke,
    clock: Clock,
    random: Random,
    journal: Mutex<Journal>,
    outbox: Outbox,
    may: May,
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
    /// What the function's role has to grant for that.
    deliveries: Vec<Access>,
    stream_arn: String,
    reader: Mutex<Reader>,
    /// Those of the first lineage of shards, then those of the second, and so on.
    lanes: Vec<Shared>,
    lineages: u32,
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
        let (journal, outbox) = (Mutex::default(), Outbox::default());
        let may: May = Arc::new(|_, _| true);
        Ok(Self { mappings, streams, invoke, clock, random, journal, outbox, may })
    }

    /// Holds Lambda to the roles of the functions, with which it reads streams and tells of failures.
    pub(crate) fn permitted_by(self, may: May) -> Self {
        Self { may, ..self }
    }

    /// Has destinations told by that outbox.
    pub(crate) fn telling(self, outbox: Outbox) -> Self {
        Self { outbox, ..self }
    }

    /// Delivers all records that are due now and were in the streams when this was called; waits for deliveries that
    /// are under way. Says how many batches were delivered: until it says 0, functions may have written more.
    pub(crate) async fn run_due(&self) -> usize {
        self.fill();
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
            while mapping.due_at(shared, self).is_some_and(|due| due <= self.clock.now()) {
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
        self.fill();
        self.lanes()
            .filter(|(_, shared)| !shared.is_delivering())
            .filter_map(|(_, shared)| shared.lane().due_at())
            .min()
    }

    /// Whether a record waits for delivery, or is being delivered.
    #[cfg(test)]
    fn is_pending(&self) -> bool {
        self.fill();
        self.lanes().any(|(_, shared)| shared.is_delivering() || shared.lane().due_at().is_some())
    }

    /// How far every mapping has come.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        let reached = self.mappings.iter().map(|mapping| (mapping.function.clone(), mapping.reached()));
        Checkpoint(reached.filter(|(_, lineages)| !lineages.is_empty()).collect())
    }

    /// Goes on where a mapping had come to. Records after that may be delivered once more, as they may be by Lambda.
    pub(crate) fn restore(&self, checkpoint: &Checkpoint) {
        for mapping in &self.mappings {
            if let Some(reached) = checkpoint.0.get(&mapping.function) {
                mapping.start_after(reached);
            }
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

    fn lanes(&self) -> impl Iterator<Item = (&Mapping, &Shared)> {
        self.mappings.iter().flat_map(|mapping| mapping.lanes.iter().map(move |shared| (mapping, shared)))
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what is new in the streams.
    fn fill(&self) {
        self.mappings.iter().for_each(|mapping| mapping.fill(self));
    }

    /// The state is locked only between invocations, and changes only after one: a caller that goes away loses nothing.
    async fn deliver(&self, mapping: &Mapping, shared: &Shared) -> usize {
        let mut delivered = 0;
        while let Some(batch) = self.next_batch(mapping, shared) {
            let event = batch.event(&mapping.stream_arn);
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

    fn next_batch(&self, mapping: &Mapping, shared: &Shared) -> Option<Batch> {
        let (batch, expired) = shared.lane().next(self.clock.now());
        expired.iter().for_each(|records| self.give_up(mapping, records, (DiscardReason::RecordTooOld, None)));
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
        self.give_up(mapping, &given_up, (DiscardReason::RetriesExhausted, Some(outcome)));
    }

    fn give_up(&self, mapping: &Mapping, given_up: &GivenUp, (reason, outcome): (DiscardReason, Option<&Outcome>)) {
        if given_up.records.is_empty() {
            return;
        }
        let at = self.clock.now();
        self.journal().discard(mapping, &given_up.records, reason, at);
        let Some(destination) = &mapping.on_failure else { return };
        if !mapping.deliveries.iter().all(|access| (self.may)(&mapping.function, access)) {
            return; // as at AWS: the records are lost, and only a metric tells of it
        }
        let failure = Failure {
            function_arn: &mapping.function_arn,
            stream_arn: &mapping.stream_arn,
            mapping: &mapping.id,
            given_up,
            reason,
            outcome,
            at,
        };
        failure.tell(destination, &self.outbox, &self.random);
    }
}

impl Mapping {
    /// Reads what is new, each record into the lane that delivers it.
    fn fill(&self, sources: &EventSources) {
        let reading = |action: &str| (sources.may)(&self.function, &Access::new(action, &*self.stream_arn));
        if !STREAM_READING.into_iter().all(reading) {
            return;
        }
        let now = sources.clock.now();
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        reader.read(sources.streams.as_ref(), &self.table, |lane, record| {
            if let Some(shared) = self.lanes.get(lane) {
                shared.lane().push(record, now);
            }
        });
    }

    fn due_at(&self, shared: &Shared, sources: &EventSources) -> Option<SystemTime> {
        self.fill(sources);
        shared.lane().due_at()
    }

    /// How far each lineage of shards is done.
    fn reached(&self) -> BTreeMap<u32, String> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let reached = |lineage| {
            let lanes = self.lanes_of(lineage).map(|shared| shared.lane().checkpoint(reader.position()));
            // It is as far as its slowest lane, whatever number of lanes it has when it starts again.
            Some((lineage, lanes.min().flatten()?))
        };
        (0..self.lineages).filter_map(reached).collect()
    }

    /// Begins to read where the slowest lineage was; what the others had done is passed over.
    fn start_after(&self, reached: &BTreeMap<u32, String>) {
        let position = |lineage| reached.get(&lineage).cloned();
        let slowest = (0..self.lineages).map(position).min().flatten();
        self.reader.lock().unwrap_or_else(PoisonError::into_inner).start_after(slowest);
        for lineage in 0..self.lineages {
            self.lanes_of(lineage).for_each(|shared| shared.lane().start_after(position(lineage)));
        }
    }

    fn lanes_of(&self, lineage: u32) -> impl Iterator<Item = &Shared> {
        let each = self.lanes.len() / self.lineages.max(1) as usize;
        self.lanes.iter().skip(lineage as usize * each).take(each)
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
    let (rules, lineages) = (Arc::new(Rules::new(trigger)), streams.lineages());
    let of_table = || format!("{}/stream/unknown", site.table_arn(&trigger.table));
    let stream_arn = streams.arn(&trigger.table).unwrap_or_else(of_table);
    let mut reader = Reader::new(filters, stream_arn.clone(), rules.lanes);
    if trigger.starting_position == StartingPosition::Latest {
        reader.read(streams, &trigger.table, |_, _| {});
    }
    let lanes = (0..lineages * rules.lanes).map(|_| Lane::new(Arc::clone(&rules)));
    let lanes = lanes.map(|lane| Shared { turn: Semaphore::new(1), lane: Mutex::new(lane) });
    Ok(Mapping {
        id,
        function: function.to_owned(),
        function_arn: site.function_arn(function),
        table: trigger.table.clone(),
        has_windows: trigger.tumbling_window.is_some(),
        deliveries: trigger.on_failure.iter().flat_map(|it| access::of_delivery(it, site)).collect(),
        on_failure: trigger.on_failure.clone(),
        stream_arn,
        reader: Mutex::new(reader),
        lanes: lanes.collect(),
        lineages,
    })
}

impl fmt::Debug for EventSources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions: Vec<_> = self.mappings.iter().map(|mapping| &mapping.function).collect();
        f.debug_struct("EventSources").field("functions", &functions).finish_non_exhaustive()
    }
}
