use std::{convert::Infallible, fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};
use skyloom_manifest::AttributeType;

use super::{
    Error,
    collection::{self, Collection},
    definition::{IndexOf, Table},
    entity::{self, Kinds},
    item::{Item, parse_json, to_json},
    key::{KeyParts, KeyShape, type_of},
    side::Side,
};

/// Where the next page of a query begins. It is a string that is safe in URLs.
///
/// A caller may hand back anything: a cursor that the query could not have made is [`Error::InvalidCursor`], and a forged
/// one cannot reach a partition other than the one that the query names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    pub(super) fn of(key: &Item) -> Self {
        Self(BASE64.encode(to_json(key)))
    }

    /// The key after which the page begins, if it is one of `schema`.
    pub(super) fn key(&self, schema: &Schema) -> Result<Item, Error> {
        let key = self.decode().ok_or(Error::InvalidCursor)?;
        if schema.fits(&key) { Ok(key) } else { Err(Error::InvalidCursor) }
    }

    fn decode(&self) -> Option<Item> {
        let json = BASE64.decode(&self.0).ok()?;
        parse_json(std::str::from_utf8(&json).ok()?).ok()
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
    async fn a_cursor_cannot_reach_another_partition() {
        let cursor = cursor_after("7").await;
        let recorder = Recorder::default();
        recorder.read::<Order>().query("bob").after(cursor).page().await.unwrap();
        assert_eq!(recorder.body(0)["ExclusiveStartKey"]["shopper"], json!({"S": "bob"}));
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
        let recorder = Recorder::refusing("ValidationException", message, &Value::Null);
        let orders = recorder.read::<Order>();
        let query = orders.query("ann").sort_gt("8").after(cursor_after("7").await);
        assert!(matches!(query.page().await.unwrap_err(), Error::InvalidCursor));
    }
}
