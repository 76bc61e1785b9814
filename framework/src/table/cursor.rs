use std::{convert::Infallible, fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};
use skyloom_manifest::AttributeType;

use super::{
    Error,
    collection::{self, Collection},
    cursor_key::CursorKey,
    definition::{IndexOf, Table},
    entity::{self, Kinds},
    item::{Item, parse_json, to_json},
    key::{KeyParts, KeyShape, type_of},
    side::Side,
};

/// Where the next page of a query begins. It is a string that is safe in URLs.
///
/// It is encrypted and authenticated, with a key that all functions of the application have, and good only for the query
/// that made it: the same table or index, partition, order and kind of condition on the sort key. A caller may hand back
/// anything else: that is [`Error::InvalidCursor`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    pub(super) fn sealed(position: &Item, key: &CursorKey, binding: &[u8]) -> Result<Self, Error> {
        let sealed = key.seal(binding, &to_json(position)).map_err(|_| Error::InvalidCursor)?;
        Ok(Self(BASE64.encode(sealed)))
    }

    /// The key after which the page begins, if the cursor belongs to this binding and the position to this schema.
    pub(super) fn open(&self, key: &CursorKey, binding: &[u8], schema: &Schema) -> Result<Item, Error> {
        let sealed = BASE64.decode(&self.0).map_err(|_| Error::InvalidCursor)?;
        let json = key.open(binding, &sealed).map_err(|_| Error::InvalidCursor)?;
        let position = parse_json(&json).map_err(|_| Error::InvalidCursor)?;
        // A deployment may have changed the key of an index since.
        if schema.fits(&position) { Ok(position) } else { Err(Error::InvalidCursor) }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Any string may be a cursor; whether it is one of a query is seen when the query is made.
impl FromStr for Cursor {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

/// The key of a table or index, and which attributes say where a page begins.
#[derive(Clone, Debug)]
pub(super) struct Schema {
    pub(super) partition: Side,
    pub(super) sort: Option<Side>,
    /// The entities to choose, where the key does not say it.
    pub(super) kinds: Kinds,
    position: Vec<(&'static str, AttributeType)>,
}

impl Schema {
    pub(super) fn of_table<T: Table>() -> Self {
        let position = columns::<T::Shape>(&T::PARTITION, T::SORT.as_ref()).collect();
        let kinds = entity::of_query(T::NAME, entity::kinds::<T>(), &T::PARTITION, T::SORT.as_ref());
        Self { partition: T::PARTITION, sort: T::SORT, kinds, position }
    }

    /// Of a scan, which no key limits.
    pub(super) fn of_scan<T: Table>() -> Self {
        Self { kinds: entity::of_all(T::NAME, entity::kinds::<T>()), ..Self::of_table::<T>() }
    }

    /// The partition of a collection, with all sort keys that there are.
    pub(super) fn of_collection<C: Collection>() -> Self {
        let table = Self::of_table::<C::First>();
        let kinds = entity::kinds::<C::First>().map(|(attribute, _)| (attribute, C::ENTITIES));
        let kinds = entity::of_query(<C::First as Table>::NAME, kinds, &table.partition, None);
        Self { sort: Some(collection::sort_of::<C>()), kinds, ..table }
    }

    /// Items of an index can have equal keys there, so that the key of the table is part of the position.
    pub(super) fn of_index<I: IndexOf<T>, T>() -> Self {
        let mut position = Self::of_table::<I::Table>().position;
        for (name, kind) in columns::<I::Shape>(&I::PARTITION, I::SORT.as_ref()) {
            if position.iter().all(|(known, _)| *known != name) {
                position.push((name, kind));
            }
        }
        let kinds = I::KINDS.or(entity::kinds::<I::Table>());
        Self { partition: I::PARTITION, sort: I::SORT, kinds: entity::of_all(I::TABLE, kinds), position }
    }

    fn fits(&self, key: &Item) -> bool {
        let has = |(name, kind): &(&str, AttributeType)| key.get(*name).and_then(type_of) == Some(*kind);
        key.len() == self.position.len() && self.position.iter().all(has)
    }
}

fn columns<S: KeyShape>(
    partition: &Side,
    sort: Option<&Side>,
) -> impl Iterator<Item = (&'static str, AttributeType)> + use<S> {
    let sort = sort.map(|sort| sort.columns(S::SORT_TYPES)).unwrap_or_default();
    partition.columns(S::Partition::TYPES).into_iter().chain(sort)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{
        super::recorder::{ByStatus, Counter, Order, Recorder, found},
        *,
    };

    async fn cursor_after(id: &str) -> Cursor {
        let recorder = Recorder::answering([found(&[id], Some(id))]);
        recorder.read::<Order>().query("ann").limit(1).page().await.unwrap().next.unwrap()
    }

    #[tokio::test]
    async fn a_cursor_continues_where_the_page_ended() {
        let cursor = cursor_after("7").await;
        let text = serde_json::to_string(&cursor).unwrap();
        let cursor: Cursor = serde_json::from_str(&text).unwrap();
        let recorder = Recorder::default();
        recorder.read::<Order>().query("ann").after(Some(cursor)).page().await.unwrap();
        assert_eq!(recorder.body(0)["ExclusiveStartKey"], json!({"shopper": {"S": "ann"}, "id": {"S": "7"}}));
    }

    #[tokio::test]
    async fn a_cursor_is_good_for_its_own_query_only() {
        let cursor = cursor_after("7").await;
        let recorder = Recorder::default();
        let orders = recorder.read::<Order>();
        for other in [orders.query("bob"), orders.query("ann").descending(), orders.query("ann").sort_gt("1")] {
            let error = other.after(cursor.clone()).page().await.unwrap_err();
            assert!(matches!(error, Error::InvalidCursor));
        }
        assert_eq!(recorder.count(), 0);
        let same = orders.query("ann").filter(Order::CENTS.gt(1)).limit(9).consistent();
        same.after(cursor).page().await.unwrap();
    }

    #[tokio::test]
    async fn a_condition_on_the_sort_key_may_follow_the_clock() {
        let recorder = Recorder::answering([found(&["5"], Some("5"))]);
        let orders = recorder.read::<Order>();
        let next = orders.query("ann").sort_gt("1").page().await.unwrap().next;
        orders.query("ann").sort_gt("2").after(next.clone()).page().await.unwrap();
        let error = orders.query("ann").sort_ge("2").after(next).page().await.unwrap_err();
        assert!(matches!(error, Error::InvalidCursor));
    }

    #[tokio::test]
    async fn a_cursor_says_nothing_of_the_items() {
        let cursor = cursor_after("the-secret-id").await.to_string();
        let bytes = BASE64.decode(&cursor).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("secret"));
        assert_eq!(cursor_after("the-secret-id").await.to_string(), cursor, "equal pages have equal cursors");
    }

    #[tokio::test]
    async fn a_cursor_of_something_else_is_invalid() {
        let recorder = Recorder::default();
        let of_order = cursor_after("7").await;
        for cursor in [of_order.clone(), "%".parse().unwrap(), "e30".parse().unwrap(), "".parse().unwrap()] {
            let error = recorder.read::<Counter>().query(1).after(cursor).page().await.unwrap_err();
            assert!(matches!(error, Error::InvalidCursor));
        }
        let error = recorder.index::<ByStatus, Order>().query("open").after(of_order).all().await.unwrap_err();
        assert!(matches!(error, Error::InvalidCursor));
        assert_eq!(recorder.count(), 0);
    }

    #[tokio::test]
    async fn a_cursor_that_dynamodb_refuses_is_invalid() {
        let message = "The provided starting key does not match the range key predicate";
        let made = Recorder::answering([found(&["7"], Some("7"))]);
        let next = made.read::<Order>().query("ann").sort_gt("1").page().await.unwrap().next;
        let recorder = Recorder::refusing("ValidationException", message, &Value::Null);
        let orders = recorder.read::<Order>();
        let query = orders.query("ann").sort_gt("8").after(next);
        assert!(matches!(query.page().await.unwrap_err(), Error::InvalidCursor));
    }
}
