use super::{
    Located, Streams,
    filter::Filter,
    record::{Record, lane_of},
};

/// `GetRecords` gives no more at once.
const PAGE: usize = 1_000;

/// Reads a stream for a mapping, once for all its lanes.
///
/// It may run ahead of what is delivered: a lane keeps its records in order, so that what is in a shard waits there for the end
/// of the shard's parent, and for nothing else.
#[derive(Debug)]
pub(super) struct Reader {
    filters: Vec<Filter>,
    stream_arn: String,
    /// How many lanes each lineage of shards has.
    lanes: u32,
    /// The last record that was read, whether or not a filter let it through.
    position: Option<String>,
}

impl Reader {
    pub(super) fn new(filters: Vec<Filter>, stream_arn: String, lanes: u32) -> Self {
        Self { filters, stream_arn, lanes, position: None }
    }

    pub(super) fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    pub(super) fn start_after(&mut self, sequence_number: Option<String>) {
        self.position = sequence_number;
    }

    /// Gives all records that are new, each with the number of its lane, to `take`. Those that no filter lets through are
    /// passed over.
    pub(super) fn read(&mut self, streams: &dyn Streams, table: &str, mut take: impl FnMut(usize, Record)) {
        loop {
            let page = streams.records(table, self.position(), PAGE).unwrap_or_else(|error| {
                tracing::warn!(table, error, "a stream could not be read");
                Vec::new()
            });
            let is_last = page.len() < PAGE;
            page.into_iter().for_each(|located| self.sort(located, &mut take));
            if is_last {
                return;
            }
        }
    }

    fn sort(&mut self, Located { shard, lineage, record }: Located, take: &mut impl FnMut(usize, Record)) {
        let Some((record, value)) = Record::new(record, &self.stream_arn, shard) else { return };
        self.position = Some(record.sequence_number.clone());
        if self.filters.is_empty() || self.filters.iter().any(|filter| filter.matches(&value)) {
            let lane = lineage * self.lanes + lane_of(&value, self.lanes);
            take(lane as usize, record);
        }
    }
}
