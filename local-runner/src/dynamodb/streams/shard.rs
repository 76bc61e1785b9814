//! The shards of a stream: which there are at a time, and which records are in them.
//!
//! The items of a table are spread over a few lineages of shards by their partition keys. Every four hours each lineage
//! goes on in a new shard, whose parent is the one before. All of this follows from when the stream began.

use std::time::Duration;

use super::{sequence::Sequence, stream::Stream};

/// A new table on demand has as many partitions, and a partition has one open shard.
pub(super) const LINEAGES: u32 = 4;
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>
const OPEN_FOR: Duration = Duration::from_secs(4 * 60 * 60);
/// How long a record can be read.
pub(super) const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) lineage: u32,
    pub(super) start: Sequence,
    /// The first number that is no longer in the shard.
    pub(super) end: Sequence,
    pub(super) is_closed: bool,
}

/// The oldest number that can be read.
pub(super) fn horizon(now: Sequence) -> Sequence {
    now.minus(RETENTION)
}

/// The shards that are there at that time, in the order of their ids. A closed one is kept until all that it may hold is trimmed.
pub(super) fn shards(stream: &Stream, now: Sequence) -> Vec<Shard> {
    let oldest = generation(stream, horizon(now));
    let newest = generation(stream, stream.end.map_or(now, |end| end.previous()));
    let generations = (oldest..=newest).flat_map(|number| (0..LINEAGES).map(move |lineage| (number, lineage)));
    let mut shards: Vec<_> = generations
        .map(|(number, lineage)| shard(stream, number, lineage, now))
        .filter(|shard| !shard.is_closed || shard.end > horizon(now))
        .collect();
    shards.sort_by(|a, b| a.id.cmp(&b.id));
    shards
}

/// The lineage that the items of a partition are in.
pub(super) fn lineage_of(partition_key: &str) -> u32 {
    crc32fast::hash(partition_key.as_bytes()) % LINEAGES
}

/// The shard that has the record of that number.
pub(super) fn id_of(stream: &Stream, sequence: Sequence, lineage: u32) -> String {
    id(stream, generation(stream, sequence), lineage)
}

fn shard(stream: &Stream, number: i64, lineage: u32, now: Sequence) -> Shard {
    let next = start(stream, number + 1);
    let end = stream.end.map_or(next, |end| end.min(next));
    Shard {
        id: id(stream, number, lineage),
        parent: (number > 0).then(|| id(stream, number - 1, lineage)),
        lineage,
        start: start(stream, number),
        end,
        is_closed: stream.end.is_some() || end <= now,
    }
}

/// Which generation of shards is the open one at that time.
fn generation(stream: &Stream, at: Sequence) -> i64 {
    (at.0 - stream.start.0).max(0) / period()
}

fn start(stream: &Stream, generation: i64) -> Sequence {
    Sequence(stream.start.0.saturating_add(generation.saturating_mul(period())))
}

fn period() -> i64 {
    Sequence::at(OPEN_FOR).0
}

/// `shardId-`, the milliseconds since the epoch at which it begins, and eight more digits, as DynamoDB's are.
fn id(stream: &Stream, generation: i64, lineage: u32) -> String {
    let named = format!("{}/{}/{lineage}", stream.table, stream.label);
    format!("shardId-{:020}-{:08x}", start(stream, generation).0 / 1_000, crc32fast::hash(named.as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use skyloom_manifest::StreamView;

    use super::*;

    const BEGIN: Sequence = Sequence(1_735_689_600_250_000);

    fn stream(end: Option<Sequence>) -> Stream {
        let label = "2025-01-01T00:00:00.250".to_owned();
        Stream { table: "shop-Order".into(), label, view: StreamView::NewAndOldImages, start: BEGIN, end }
    }

    fn after(hours: u64) -> Sequence {
        BEGIN.plus(Duration::from_secs(hours * 60 * 60))
    }

    fn count(end: Option<Sequence>, hours: u64) -> (usize, usize) {
        let shards = shards(&stream(end), after(hours));
        (shards.iter().filter(|it| !it.is_closed).count(), shards.iter().filter(|it| it.is_closed).count())
    }

    #[test]
    fn a_lineage_has_one_open_shard_and_those_of_the_last_day() {
        assert_eq!(
            [0, 3, 4, 8, 24, 27, 28, 32, 900].map(|hours| count(None, hours)),
            [(4, 0), (4, 0), (4, 4), (4, 8), (4, 24), (4, 24), (4, 24), (4, 24), (4, 24),]
        );
    }

    #[test]
    fn a_stream_that_ended_has_only_closed_shards_and_those_for_a_day() {
        let end = Some(after(5));
        assert_eq!([5, 27, 28, 29].map(|hours| count(end, hours)), [(0, 8), (0, 8), (0, 4), (0, 0)]);
    }

    #[test]
    fn each_shard_begins_where_its_parent_ends() {
        let shards = shards(&stream(None), after(23));
        assert_eq!(shards.iter().map(|it| &it.id).collect::<BTreeSet<_>>().len(), shards.len());
        for shard in shards.iter().filter(|it| it.start > BEGIN) {
            let parent = shards.iter().find(|it| Some(&it.id) == shard.parent.as_ref()).unwrap();
            assert_eq!((parent.end, parent.lineage), (shard.start, shard.lineage));
            assert!(parent.id < shard.id);
        }
    }

    #[test]
    fn a_shard_is_called_as_dynamodb_calls_its_own() {
        let ids: Vec<_> = shards(&stream(None), BEGIN).into_iter().map(|it| it.id).collect();
        assert_eq!(ids.iter().filter(|id| **id == id_of(&stream(None), BEGIN, 2)).count(), 1);
        assert!(ids.iter().all(|id| id.len() == 37 && id.starts_with("shardId-00000001735689600250-")), "{ids:?}");
    }
}
