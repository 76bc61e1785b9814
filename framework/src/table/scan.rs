use std::{fmt, marker::PhantomData};

use aws_sdk_dynamodb::Client;

use super::{
    Error, Page,
    condition::Condition,
    cursor::{Cursor, Schema},
    definition::Table,
    handle::Handle,
    items::Items,
    parallel_scan::ParallelScan,
    select::{AttributeList, Select},
    selection::Selection,
};
use crate::{Action, FromEvent, Needs, Rejection, Scope, Trigger};

/// An argument that reads the whole table `T`, in no order, and pays for all of it.
///
/// Its handler may call `dynamodb:Scan` on this table.
pub struct Scan<T> {
    table: Handle,
    items: PhantomData<fn() -> T>,
}

impl<E: Trigger, T: Table> FromEvent<E> for Scan<T> {
    const NEEDS: Needs = Needs::table::<T>(&[Action::Scan]);

    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        Handle::of::<T>(scope).map(Self::new)
    }
}

impl<T: Table> Scan<T> {
    pub(super) fn new(table: Handle) -> Self {
        Self { table, items: PhantomData }
    }

    /// Every item.
    pub async fn all(&self) -> Result<Vec<T>, Error> {
        self.items().all().await
    }

    /// The first page; the others are `items().after(cursor)`.
    pub async fn page(&self) -> Result<Page<T>, Error> {
        self.items().page().await
    }

    /// Only items for which the condition holds. They are read, and paid for, before it is looked at.
    pub fn filter(&self, condition: Condition<T>) -> Scanning<'_, T> {
        self.items().filter(condition)
    }

    /// A scan with a limit, a filter or a cursor.
    pub fn items(&self) -> Scanning<'_, T> {
        Scanning { selection: Selection::new(&self.table, Schema::of_scan::<T>()), items: PhantomData }
    }

    /// The SDK's client, for what is not here. It too may only do what the handler's policy grants.
    pub fn client(&self) -> &Client {
        &self.table.client
    }

    /// The name of the table in the account.
    pub fn table_name(&self) -> &str {
        &self.table.name
    }
}

/// A scan that has not begun.
#[must_use = "a scan does nothing before `page`, `all`, `stream` or `count`"]
pub struct Scanning<'a, T> {
    selection: Selection<'a>,
    items: PhantomData<fn() -> T>,
}

impl<'a, T: Table> Scanning<'a, T> {
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

    /// Sees every write that was acknowledged before, at twice the price.
    pub fn consistent(mut self) -> Self {
        self.selection.consistent = true;
        self
    }

    /// One page, in one request. Only [`Page::next`] says whether there are more.
    pub async fn page(self) -> Result<Page<T>, Error> {
        self.selection.page(T::from_item).await
    }

    /// All items, or as many as the limit says, in as many requests as it takes.
    pub async fn all(self) -> Result<Vec<T>, Error> {
        self.selection.all(T::from_item).await
    }

    /// The items one after the other; a page is asked for when the items of the one before are taken.
    pub fn stream(self) -> Items<'a, T> {
        Items::of(self.selection, T::from_item)
    }

    /// In so many segments, several of them at the same time, for tables that one reader takes too long for. There is no
    /// order among them, and no cursor. DynamoDB has from 1 to 1,000,000 segments; other numbers count as the nearest.
    ///
    /// ```
    /// # use serde::{Deserialize, Serialize};
    /// # use skyloom::{Scan, Table, table};
    /// # #[derive(Table, Serialize, Deserialize)]
    /// # pub struct Order { #[partition_key] id: String, total_cents: u64 }
    /// async fn revenue(orders: Scan<Order>) -> Result<u64, table::Error> {
    ///     let mut all = orders.items().segments(8).stream();
    ///     let mut sum = 0;
    ///     while let Some(order) = all.try_next().await? {
    ///         sum += order.total_cents;
    ///     }
    ///     Ok(sum)
    /// }
    /// ```
    pub fn segments(self, segments: u32) -> ParallelScan<'a, T> {
        ParallelScan::new(self.selection, segments)
    }

    /// Only these attributes of the items: one, or a tuple of up to eight.
    pub fn select<L: AttributeList<T>>(self, attributes: L) -> Select<'a, T, L> {
        Select::new(self.selection, attributes)
    }

    /// How many items there are, up to the limit.
    pub async fn count(self) -> Result<usize, Error> {
        self.selection.count().await
    }
}

impl<T> Clone for Scan<T> {
    fn clone(&self) -> Self {
        Self { table: self.table.clone(), items: PhantomData }
    }
}

impl<T> fmt::Debug for Scan<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scan").field(&self.table.name).finish()
    }
}

impl<T> fmt::Debug for Scanning<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scanning").field(&self.selection).finish()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::super::recorder::{Order, Recorder};

    #[tokio::test]
    async fn a_scan_reads_page_after_page() {
        let key = json!({"shopper": {"S": "ann"}, "id": {"S": "1"}});
        let recorder = Recorder::answering([
            json!({"Items": [Order::wire("1")], "LastEvaluatedKey": key}),
            json!({"Items": [Order::wire("2")]}),
        ]);
        let items = recorder.scan::<Order>().filter(Order::NOTE.not_exists()).all().await.unwrap();
        assert_eq!(items, [Order::new("1"), Order::new("2")]);
        expect![[r##"
            Scan {"ExpressionAttributeNames":{"#n0":"note"},"FilterExpression":"attribute_not_exists(#n0)"}
            Scan {"ExclusiveStartKey":{"id":{"S":"1"},"shopper":{"S":"ann"}},"ExpressionAttributeNames":{"#n0":"note"},"FilterExpression":"attribute_not_exists(#n0)"}"##]]
        .assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn a_page_of_a_scan_has_a_cursor() {
        let key = json!({"shopper": {"S": "ann"}, "id": {"S": "1"}});
        let recorder = Recorder::answering([json!({"Items": [], "LastEvaluatedKey": key})]);
        let orders = recorder.scan::<Order>();
        let page = orders.page().await.unwrap();
        orders.items().limit(10).after(page.next).page().await.unwrap();
        expect![[r#"
            Scan {}
            Scan {"ExclusiveStartKey":{"id":{"S":"1"},"shopper":{"S":"ann"}},"Limit":10}"#]]
        .assert_eq(&recorder.asked());
    }
}
