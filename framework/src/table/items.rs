use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    vec,
};

use futures_util::{
    Stream, StreamExt as _,
    stream::{self, BoxStream},
};

use super::{Error, Item, item::ItemError, pages::Pages, selection::Selection};

/// The items of a query or scan as a stream; a page is asked for when the items of the one before are taken.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Read, Table, table};
/// # #[derive(Table, Serialize, Deserialize)]
/// # pub struct Order { #[partition_key] pub shopper: String, #[sort_key] pub id: String, pub total_cents: u64 }
/// /// How many of the newest orders it takes to spend so much.
/// async fn orders_up_to(orders: Read<Order>, shopper: &str, cents: u64) -> Result<usize, table::Error> {
///     let mut newest = orders.query(shopper).descending().stream();
///     let (mut spent, mut count) = (0, 0);
///     while spent < cents && let Some(order) = newest.try_next().await? {
///         spent += order.total_cents;
///         count += 1;
///     }
///     Ok(count)
/// }
/// ```
///
/// It is a [`Stream`] for all that takes one. After an error it ends.
#[must_use = "a stream reads nothing before it is polled"]
pub struct Items<'a, T>(BoxStream<'a, Result<T, Error>>);

impl<'a, T: Send + 'a> Items<'a, T> {
    pub(super) fn new(stream: impl Stream<Item = Result<T, Error>> + Send + 'a) -> Self {
        Self(stream.boxed())
    }

    /// The items of a selection, read by `read`.
    pub(super) fn of(selection: Selection<'a>, read: impl Fn(Item) -> Result<T, ItemError> + Send + Sync + 'a) -> Self {
        Self::new(stream::try_unfold(State::Before(Box::new(selection)), next).map(move |item| Ok(read(item?)?)))
    }

    /// The next item; none after the last.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        self.0.next().await.transpose()
    }
}

enum State<'a> {
    /// Nothing was asked yet, so that what is wrong with the selection is the stream's first item.
    Before(Box<Selection<'a>>),
    Within(Box<Pages<'a>>, vec::IntoIter<Item>),
}

async fn next(state: State<'_>) -> Result<Option<(Item, State<'_>)>, Error> {
    let (mut pages, mut items) = match state {
        State::Before(selection) => (Box::new(Pages::new(*selection, false)?), Vec::new().into_iter()),
        State::Within(pages, items) => (pages, items),
    };
    loop {
        if let Some(item) = items.next() {
            return Ok(Some((item, State::Within(pages, items))));
        }
        let Some(page) = pages.next().await? else { return Ok(None) };
        items = page.items.into_iter();
    }
}

impl<T> Stream for Items<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Items").finish()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt as _;

    use super::super::recorder::{Order, Recorder, found};

    fn ids(orders: &[Order]) -> Vec<&str> {
        orders.iter().map(|order| order.id.as_str()).collect()
    }

    #[tokio::test]
    async fn a_page_is_asked_for_when_its_items_are_wanted() {
        let recorder = Recorder::answering([found(&["1", "2"], Some("2")), found(&[], Some("3")), found(&["4"], None)]);
        let orders = recorder.read::<Order>();
        let mut stream = orders.query("ann").stream();
        assert_eq!(recorder.count(), 0);
        for (id, requests) in [("1", 1), ("2", 1), ("4", 3)] {
            assert_eq!(stream.try_next().await.unwrap().unwrap().id, id);
            assert_eq!(recorder.count(), requests);
        }
        assert_eq!(stream.try_next().await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_stream_ends_at_the_limit() {
        let recorder = Recorder::answering([found(&["1", "2"], Some("2")), found(&["3", "4"], Some("4"))]);
        let orders: Vec<_> = recorder.read::<Order>().query("ann").limit(3).stream().try_collect().await.unwrap();
        assert_eq!(ids(&orders), ["1", "2", "3"]);
        assert_eq!([&recorder.body(0)["Limit"], &recorder.body(1)["Limit"]], [3, 1]);
    }

    #[tokio::test]
    async fn a_stream_of_an_impossible_query_begins_with_the_error() {
        let recorder = Recorder::default();
        let orders = recorder.read::<Order>();
        let mut stream = orders.query("").stream();
        assert!(stream.try_next().await.is_err());
        assert_eq!(stream.try_next().await.unwrap(), None);
        assert_eq!(recorder.count(), 0);
    }

    #[tokio::test]
    async fn a_scan_is_a_stream_too() {
        let recorder = Recorder::answering([found(&["1"], Some("1")), found(&["2"], None)]);
        let orders: Vec<_> = recorder.scan::<Order>().items().stream().try_collect().await.unwrap();
        assert_eq!(ids(&orders), ["1", "2"]);
    }
}
