use std::{fmt, marker::PhantomData};

use super::{
    Error, Page,
    condition::Condition,
    cursor::{Cursor, Schema},
    definition::{FromItem, LocalIndex},
    expression::Fragment,
    handle::Handle,
    item::ItemError,
    items::Items,
    key::{KeyLike, KeyShape, Sorted, parts_of},
    select::{AttributeList, Select},
    selection::Selection,
    sort::{Beginning, Leading, Range},
};

/// A query of one partition, of a table ([`OfTable`]) or an index ([`OfIndex`]), in the order of its sort key.
///
/// Nothing is asked before one of [`page`](Self::page), [`all`](Self::all), [`first`](Self::first),
/// [`stream`](Self::stream) and [`count`](Self::count). One condition on the sort key is possible; a later one replaces it.
#[must_use = "a query does nothing before `page`, `all`, `first`, `stream` or `count`"]
pub struct Query<'a, T, S, O = OfTable> {
    selection: Selection<'a>,
    types: PhantomData<fn(T, S, O)>,
}

/// A query reads the table itself.
#[derive(Debug)]
pub enum OfTable {}

/// A query reads the index `I`.
#[derive(Debug)]
pub struct OfIndex<I>(PhantomData<fn() -> I>);

/// What can be read with every write that was acknowledged before.
pub trait Consistent {}

impl Consistent for OfTable {}
impl<I: LocalIndex> Consistent for OfIndex<I> {}

impl<'a, T, S: KeyShape, O> Query<'a, T, S, O> {
    pub(super) fn new(
        table: &'a Handle,
        index: Option<&'static str>,
        schema: Schema,
        partition: &impl KeyLike<S::Partition>,
    ) -> Self {
        let partition = parts_of::<S::Partition>(partition).and_then(|parts| schema.partition.write(parts));
        let partition = partition.map_err(|error| error.in_field(schema.partition.name()));
        let selection = Selection { index, partition: Some(partition), ..Selection::new(table, schema) };
        Self { selection, types: PhantomData }
    }

    /// From the greatest sort key to the least.
    pub fn descending(mut self) -> Self {
        self.selection.descending = true;
        self
    }

    /// At most so many items: of a page, which has a limit of one at least, or of all.
    pub fn limit(mut self, items: u32) -> Self {
        self.selection.limit = Some(items as usize);
        self
    }

    /// Only items for which the condition holds, and those of earlier calls. They are read, and paid for, before it is
    /// looked at.
    pub fn filter(mut self, condition: Condition<T>) -> Self {
        self.selection.add_filter(condition);
        self
    }

    /// Begins after the page that gave the cursor; with `None` at the beginning.
    pub fn after(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.selection.after = cursor.into();
        self
    }

    /// How many items there are, up to the limit.
    pub async fn count(self) -> Result<usize, Error> {
        self.selection.count().await
    }
}

impl<'a, T: FromItem, S: KeyShape, O> Query<'a, T, S, O> {
    /// One page, in one request. Only [`Page::next`] says whether there are more.
    pub async fn page(self) -> Result<Page<T>, Error> {
        self.selection.page(T::from_item).await
    }

    /// All items, or as many as the limit says, in as many requests as it takes.
    pub async fn all(self) -> Result<Vec<T>, Error> {
        self.selection.all(T::from_item).await
    }

    /// The first item.
    pub async fn first(self) -> Result<Option<T>, Error> {
        self.selection.first(T::from_item).await
    }

    /// The items one after the other; a page is asked for when the items of the one before are taken.
    pub fn stream(self) -> Items<'a, T> {
        Items::of(self.selection, T::from_item)
    }
}

impl<'a, T, S: KeyShape, O> Query<'a, T, S, O> {
    /// Only these attributes of the items: one, or a tuple of up to eight.
    ///
    /// ```
    /// # use serde::{Deserialize, Serialize};
    /// # use skyloom::{Read, Table, table};
    /// # #[derive(Table, Serialize, Deserialize)]
    /// # pub struct Order { #[partition_key] shopper: String, #[sort_key] id: String, status: String, note: Option<String> }
    /// # async fn read(orders: Read<Order>) -> Result<(), table::Error> {
    /// let notes: Vec<(String, Option<String>)> = orders.query("ann").select((Order::ID, Order::NOTE)).all().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn select<L: AttributeList<T>>(self, attributes: L) -> Select<'a, T, L> {
        Select::new(self.selection, attributes)
    }
}

impl<T, S: KeyShape, O> Query<'_, T, S, O> {
    /// Sees every write that was acknowledged before, at twice the price. Not of a global index.
    pub fn consistent(mut self) -> Self
    where
        O: Consistent,
    {
        self.selection.consistent = true;
        self
    }
}

/// Conditions on the sort key. A sort key of several parts is compared by its leading parts: `sort_eq(&first)`,
/// `sort_ge((&first, &second))`. The parts before the last that is given are equal; the condition is on the last.
impl<T, S: KeyShape, O> Query<'_, T, S, O> {
    /// The sort key has that value, or these leading parts.
    pub fn sort_eq<N>(self, value: impl Leading<S::Sort, N>) -> Self
    where
        S: Sorted,
    {
        self.sorted(value.leading().map(Range::Equal))
    }

    /// The sort key is less.
    pub fn sort_lt<N>(self, value: impl Leading<S::Sort, N>) -> Self
    where
        S: Sorted,
    {
        self.sorted(value.leading().map(Range::Less))
    }

    /// The sort key is less or equal.
    pub fn sort_le<N>(self, value: impl Leading<S::Sort, N>) -> Self
    where
        S: Sorted,
    {
        self.sorted(value.leading().map(Range::LessOrEqual))
    }

    /// The sort key is greater.
    pub fn sort_gt<N>(self, value: impl Leading<S::Sort, N>) -> Self
    where
        S: Sorted,
    {
        self.sorted(value.leading().map(Range::Greater))
    }

    /// The sort key is greater or equal.
    pub fn sort_ge<N>(self, value: impl Leading<S::Sort, N>) -> Self
    where
        S: Sorted,
    {
        self.sorted(value.leading().map(Range::GreaterOrEqual))
    }

    /// The sort key is one of the two, or between them.
    pub fn sort_between<N, M>(self, least: impl Leading<S::Sort, N>, greatest: impl Leading<S::Sort, M>) -> Self
    where
        S: Sorted,
    {
        let range = |least| Ok(Range::Between(least, greatest.leading()?));
        self.sorted(least.leading().and_then(range))
    }

    /// The sort key is a string that begins with that one; of several parts the last that is given does.
    pub fn sort_begins_with<N>(self, beginning: impl Beginning<S::Sort, N>) -> Self
    where
        S: Sorted,
    {
        self.sorted(beginning.beginning().map(Range::Begins))
    }

    fn sorted(mut self, range: Result<Range, ItemError>) -> Self {
        self.selection.sort = match (range, &self.selection.schema.sort) {
            (Ok(range), Some(side)) => range.on(side),
            (Err(error), Some(side)) => Fragment::failed(error.in_field(side.name())),
            (_, None) => Fragment::failed(ItemError::new("the shape has a sort key and the table or index names none")),
        };
        self
    }
}

impl<T, S, O> fmt::Debug for Query<'_, T, S, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Query").field(&self.selection).finish()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::{
        super::recorder::{ByStatus, Order, Recorder, found},
        *,
    };

    type Orders<'a> = Query<'a, Order, <Order as crate::Table>::Shape>;

    async fn check(query: impl FnOnce(Orders<'_>) -> Orders<'_>, expected: Expect) {
        let recorder = Recorder::default();
        let orders = recorder.read::<Order>();
        query(orders.query("ann")).page().await.unwrap();
        expected.assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn a_partition_is_queried_with_a_condition_on_the_sort_key() {
        check(|query| query, expect![[r##"Query {"ExpressionAttributeNames":{"#n0":"shopper"},"ExpressionAttributeValues":{":v0":{"S":"ann"}},"KeyConditionExpression":"#n0 = :v0"}"##]]).await;
        check(|query| query.sort_begins_with("2026-").descending().limit(20), expect![[r##"Query {"ExpressionAttributeNames":{"#n0":"shopper","#n1":"id"},"ExpressionAttributeValues":{":v0":{"S":"ann"},":v1":{"S":"2026-"}},"KeyConditionExpression":"#n0 = :v0 AND begins_with(#n1, :v1)","Limit":20,"ScanIndexForward":false}"##]]).await;
        check(|query| query.sort_between("a", "b").consistent(), expect![[r##"Query {"ConsistentRead":true,"ExpressionAttributeNames":{"#n0":"shopper","#n1":"id"},"ExpressionAttributeValues":{":v0":{"S":"ann"},":v1":{"S":"a"},":v2":{"S":"b"}},"KeyConditionExpression":"#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2"}"##]]).await;
        check(|query| query.sort_ge("a").filter(Order::STATUS.eq("open")), expect![[r##"Query {"ExpressionAttributeNames":{"#n0":"shopper","#n1":"id","#n2":"status"},"ExpressionAttributeValues":{":v0":{"S":"ann"},":v1":{"S":"a"},":v2":{"S":"open"}},"FilterExpression":"#n2 = :v2","KeyConditionExpression":"#n0 = :v0 AND #n1 >= :v1"}"##]]).await;
    }

    #[tokio::test]
    async fn of_several_filters_all_have_to_hold() {
        let recorder = Recorder::default();
        let either = Order::STATUS.eq("open").or(Order::NOTE.exists());
        recorder.read::<Order>().query("ann").filter(either).filter(Order::CENTS.gt(1)).page().await.unwrap();
        expect!["(#n1 = :v1 OR attribute_exists(#n2)) AND #n3 > :v2"]
            .assert_eq(recorder.body(0)["FilterExpression"].as_str().unwrap());
    }

    #[tokio::test]
    async fn an_index_is_queried_by_its_own_key() {
        let recorder = Recorder::default();
        recorder.index::<ByStatus, Order>().query("open").sort_lt(100).all().await.unwrap();
        expect![[r##"Query {"ExpressionAttributeNames":{"#n0":"status","#n1":"cents"},"ExpressionAttributeValues":{":v0":{"S":"open"},":v1":{"N":"100"}},"IndexName":"ByStatus","KeyConditionExpression":"#n0 = :v0 AND #n1 < :v1"}"##]].assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn all_follows_the_pages_and_stops_at_the_limit() {
        let answers = || [found(&["1", "2"], Some("2")), found(&[], Some("3")), found(&["4", "5"], None)];
        let ids = |orders: Vec<Order>| orders.into_iter().map(|order| order.id).collect::<Vec<_>>();

        let recorder = Recorder::answering(answers());
        assert_eq!(ids(recorder.read::<Order>().query("ann").all().await.unwrap()), ["1", "2", "4", "5"]);
        assert_eq!(recorder.count(), 3);
        assert_eq!(recorder.body(1)["ExclusiveStartKey"], json!({"shopper": {"S": "ann"}, "id": {"S": "2"}}));

        let recorder = Recorder::answering(answers());
        assert_eq!(ids(recorder.read::<Order>().query("ann").limit(3).all().await.unwrap()), ["1", "2", "4"]);
        assert_eq!([&recorder.body(0)["Limit"], &recorder.body(1)["Limit"]], [3, 1]);
    }

    #[tokio::test]
    async fn the_first_item_behind_a_filter_is_searched_for_in_whole_pages() {
        let recorder = Recorder::answering([found(&[], Some("2")), found(&["3", "4"], Some("4"))]);
        let orders = recorder.read::<Order>();
        let first = orders.query("ann").filter(Order::CENTS.gt(1)).first().await.unwrap();
        assert_eq!(first, Some(Order::new("3")));
        assert_eq!((recorder.count(), &recorder.body(0)["Limit"]), (2, &Value::Null));
    }

    #[tokio::test]
    async fn items_are_counted_without_being_sent() {
        let recorder =
            Recorder::answering([json!({"Count": 2, "LastEvaluatedKey": {"a": {"S": "b"}}}), json!({"Count": 3})]);
        assert_eq!(recorder.read::<Order>().query("ann").count().await.unwrap(), 5);
        assert_eq!(recorder.body(0)["Select"], "COUNT");
    }
}
