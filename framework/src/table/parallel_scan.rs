use std::{fmt, marker::PhantomData};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use skyloom_manifest::bridge::BoxFuture;

use super::{Error, definition::Table, items::Items, selection::Selection};

/// How many segments are read at the same time; one that ends makes room for the next.
const CONCURRENT_SEGMENTS: usize = 16;
/// DynamoDB's limit.
const MOST_SEGMENTS: u32 = 1_000_000;

/// A scan in several segments that are read at the same time: [`Scanning::segments`](super::Scanning::segments).
#[must_use = "a scan does nothing before `all`, `stream` or `count`"]
pub struct ParallelScan<'a, T> {
    selection: Selection<'a>,
    segments: u32,
    items: PhantomData<fn() -> T>,
}

/// One of the segments of a scan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) index: u32,
    pub(super) of: u32,
}

impl<'a, T: Table> ParallelScan<'a, T> {
    pub(super) fn new(selection: Selection<'a>, segments: u32) -> Self {
        Self { selection, segments: segments.clamp(1, MOST_SEGMENTS), items: PhantomData }
    }

    /// All items, or as many as the limit says.
    pub fn all(self) -> BoxFuture<'a, Result<Vec<T>, Error>> {
        Box::pin(self.stream().try_collect())
    }

    /// The items as they come from the segments.
    pub fn stream(self) -> Items<'a, T> {
        let limit = self.selection.limit.unwrap_or(usize::MAX);
        let segments = self.selections().map(|segment| Items::of(segment, T::from_item));
        Items::new(stream::iter(segments).flatten_unordered(CONCURRENT_SEGMENTS).take(limit))
    }

    /// How many items there are, up to the limit.
    pub fn count(self) -> BoxFuture<'a, Result<usize, Error>> {
        let limit = self.selection.limit.unwrap_or(usize::MAX);
        let counts = self.selections().map(|segment| -> BoxFuture<'a, _> { Box::pin(segment.count()) });
        let counts = stream::iter(counts).buffer_unordered(CONCURRENT_SEGMENTS).boxed();
        Box::pin(async move { Ok(counts.try_fold(0, async |sum, count| Ok(sum + count)).await?.min(limit)) })
    }

    fn selections(self) -> impl Iterator<Item = Selection<'a>> + Send {
        let Self { selection, segments: of, .. } = self;
        (0..of).map(move |index| Selection { segment: Some(Segment { index, of }), ..selection.clone() })
    }
}

impl<T> fmt::Debug for ParallelScan<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParallelScan").field("selection", &self.selection).field("segments", &self.segments).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::recorder::{Order, Recorder, found};

    #[tokio::test]
    async fn each_segment_is_read_to_its_end() {
        let recorder = Recorder::answering([found(&["1"], Some("1")), found(&["2"], None), found(&["3"], None)]);
        let orders = recorder.scan::<Order>();
        let mut all = orders.items().filter(Order::CENTS.gt(1)).segments(2).all().await.unwrap();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        assert_eq!(all, ["1", "2", "3"].map(Order::new));
        let mut asked: Vec<_> = (0..3).map(|index| recorder.body(index)).collect();
        asked.sort_by_key(|body| body["Segment"].as_u64());
        let segments: Vec<_> = asked.iter().map(|body| (&body["Segment"], &body["TotalSegments"])).collect();
        assert_eq!(segments.len(), 3);
        assert_eq!((segments[0], segments[2]), ((&json!(0), &json!(2)), (&json!(1), &json!(2))));
        assert!(asked.iter().all(|body| body["FilterExpression"] == "#n0 > :v0"));
    }

    #[tokio::test]
    async fn a_limit_is_that_of_the_whole_scan() {
        let recorder = Recorder::answering([found(&["1", "2"], None), found(&["3", "4"], None)]);
        assert_eq!(recorder.scan::<Order>().items().limit(3).segments(2).all().await.unwrap().len(), 3);
        let recorder = Recorder::answering([json!({"Count": 2}), json!({"Count": 2})]);
        assert_eq!(recorder.scan::<Order>().items().limit(3).segments(2).count().await.unwrap(), 3);
    }

    #[tokio::test]
    async fn there_is_one_segment_at_least() {
        let recorder = Recorder::default();
        recorder.scan::<Order>().items().segments(0).all().await.unwrap();
        assert_eq!(recorder.body(0)["TotalSegments"], 1);
        assert_eq!(recorder.count(), 1);
    }

    #[tokio::test]
    async fn a_cursor_is_not_for_segments() {
        let recorder = Recorder::answering([found(&["1"], Some("1"))]);
        let orders = recorder.scan::<Order>();
        let next = orders.page().await.unwrap().next;
        let error = orders.items().after(next).segments(2).all().await.unwrap_err();
        assert!(matches!(error, super::Error::InvalidCursor), "{error}");
        assert_eq!(recorder.count(), 1);
    }
}
