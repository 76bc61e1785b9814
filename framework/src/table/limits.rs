//! DynamoDB's limits that are known before a request is sent, so that an error can name the item and the field.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    definition::Table,
    item::{Item, ItemError, Kind},
    item_name::ItemName,
    item_size::{digits_of, size_of, size_of_item},
};
use crate::registry::TABLES;

/// 400 KB.
const ITEM_BYTES: usize = 400 * 1024;
/// A leaf can be in 31 lists or maps.
const NESTING_LEVELS: usize = 32;
const NUMBER_DIGITS: usize = 38;

/// Which key an attribute is part of; the two differ in how long they may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum KeySide {
    Partition,
    Sort,
}

impl KeySide {
    fn bytes(self) -> usize {
        match self {
            Self::Partition => 2_048,
            Self::Sort => 1_024,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Partition => "partition key",
            Self::Sort => "sort key",
        }
    }
}

/// The item of a value, if DynamoDB can store it.
pub(super) fn item_of<T: Table>(value: &T) -> Result<Item, ItemError> {
    let item = value.to_item()?;
    check_item::<T>(&item).map_err(|error| error.in_item(&ItemName::of::<T>(&item)))?;
    Ok(item)
}

fn check_item<T: Table>(item: &Item) -> Result<(), ItemError> {
    check_key::<T>(item)?;
    for (name, side) in index_keys(T::NAME) {
        item.get(name).map_or(Ok(()), |value| check_key_value(name, value, side))?;
    }
    item.iter().try_for_each(|(name, value)| check_value(value, 1).map_err(|error| error.in_field(name)))?;
    match size_of_item(item) {
        bytes if bytes > ITEM_BYTES => Err(too_large(item, bytes)),
        _ => Ok(()),
    }
}

/// Checks the key of `T` that is among these attributes.
pub(super) fn check_key<T: Table>(attributes: &Item) -> Result<(), ItemError> {
    let sort = T::SORT_KEY.map(|name| (name, KeySide::Sort));
    for (name, side) in [(T::PARTITION_KEY, KeySide::Partition)].into_iter().chain(sort) {
        attributes.get(name).map_or(Ok(()), |value| check_key_value(name, value, side))?;
    }
    Ok(())
}

/// Checks one attribute of a key, in an item, a key or a condition.
pub(super) fn check_key_value(name: &str, value: &AttributeValue, side: KeySide) -> Result<(), ItemError> {
    let (key, most) = (side.name(), side.bytes());
    let message = match value {
        AttributeValue::N(_) => return Ok(()),
        value => match size_of(value) {
            0 => format!("the {key} is empty, and DynamoDB stores no empty key"),
            bytes if bytes > most => format!("the {key} has {bytes} bytes, and DynamoDB takes {most}"),
            _ => return Ok(()),
        },
    };
    Err(ItemError::new(message).in_field(name).of_kind(Kind::Key))
}

/// The key attributes of the indexes of a table that a macro has registered.
fn index_keys(table: &str) -> impl Iterator<Item = (&'static str, KeySide)> {
    let indexes = TABLES.iter().find(|entry| entry.name == table).map_or(&[][..], |entry| entry.indexes);
    indexes.iter().flat_map(|index| {
        let sides = [(Some(&index.partition_key), KeySide::Partition), (index.sort_key.as_ref(), KeySide::Sort)];
        sides.into_iter().flat_map(|(key, side)| {
            key.into_iter().flat_map(|key| key.side.columns(key.types)).map(move |(name, _)| (name, side))
        })
    })
}

fn check_value(value: &AttributeValue, level: usize) -> Result<(), ItemError> {
    match value {
        AttributeValue::L(_) | AttributeValue::M(_) if level == NESTING_LEVELS => Err(ItemError::new(format!(
            "it is nested too deep: DynamoDB takes {NESTING_LEVELS} levels of lists and maps"
        ))),
        AttributeValue::L(values) => values
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| check_value(value, level + 1).map_err(|error| error.at_index(index))),
        AttributeValue::M(values) => values
            .iter()
            .try_for_each(|(name, value)| check_value(value, level + 1).map_err(|error| error.in_field(name))),
        AttributeValue::N(number) => check_number(number),
        AttributeValue::Ns(numbers) => numbers.iter().try_for_each(|number| check_number(number)),
        _ => Ok(()),
    }
}

fn check_number(number: &str) -> Result<(), ItemError> {
    match digits_of(number) {
        digits if digits > NUMBER_DIGITS => Err(ItemError::new(format!(
            "the number {number} has {digits} significant digits, and DynamoDB keeps {NUMBER_DIGITS}"
        ))),
        _ => Ok(()),
    }
}

fn too_large(item: &Item, bytes: usize) -> ItemError {
    let sizes = item.iter().map(|(name, value)| (size_of(value), name));
    let largest = sizes.max().map(|(most, name)| (most, name.as_str()));
    let (most, name) = largest.unwrap_or_default();
    let message = format!(
        "the item has {bytes} bytes, {most} of them in this attribute, and DynamoDB takes {ITEM_BYTES} (400 KB)"
    );
    ItemError::new(message).in_field(name).of_kind(Kind::Size)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::{
        super::recorder::{Order, Recorder},
        *,
    };

    async fn refused(order: Order, expected: Expect) {
        let recorder = Recorder::default();
        let error = recorder.write::<Order>().put(&order).await.unwrap_err();
        assert_eq!(recorder.count(), 0);
        let text = error.to_string();
        expected.assert_eq(&format!("{} {text}", crate::Error::from(error).status().as_u16()));
    }

    #[tokio::test]
    async fn what_dynamodb_cannot_store_is_not_sent() {
        refused(
            Order { note: Some("x".repeat(410_000)), ..Order::new("1") },
            expect![[r#"500 too large: `note` of Order {id: "1", shopper: "ann"}: the item has 410034 bytes, 410000 of them in this attribute, and DynamoDB takes 409600 (400 KB)"#]],
        )
        .await;
        refused(
            Order::new(""),
            expect![[
                r#"400 `id` of Order {id: "", shopper: "ann"}: the sort key is empty, and DynamoDB stores no empty key"#
            ]],
        )
        .await;
        refused(
            Order { shopper: "é".repeat(1_025), ..Order::new("1") },
            expect![[r#"400 `shopper` of Order {id: "1", shopper: "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé"…}: the partition key has 2050 bytes, and DynamoDB takes 2048"#]],
        )
        .await;
    }

    #[tokio::test]
    async fn a_key_that_cannot_be_is_not_asked_for() {
        let recorder = Recorder::default();
        let orders = recorder.read::<Order>();
        let long = "x".repeat(1_025);
        for error in [
            orders.get(("ann", &long)).await.unwrap_err(),
            orders.get_many([("", "1")]).await.unwrap_err(),
            orders.query("").all().await.unwrap_err(),
            orders.query("ann").sort_ge(&long).all().await.unwrap_err(),
            recorder.write::<Order>().delete(("ann", "")).await.unwrap_err(),
            recorder.write::<Order>().update(("", "1")).set(Order::CENTS, 1).await.unwrap_err(),
        ] {
            assert!(matches!(error, super::super::Error::InvalidKey(_)), "{error}");
        }
        assert_eq!(recorder.count(), 0);
        orders.query("ann").sort_ge("x".repeat(1_024)).all().await.unwrap();
        assert_eq!(recorder.count(), 1);
    }

    #[test]
    fn what_is_nested_too_deep_is_found_with_its_path() {
        let nested = |levels: usize| {
            let value = (0..levels).fold(json!({"N": "1"}), |value, _| json!({"L": [value]}));
            super::super::item::parse_json(&json!({"a": value}).to_string()).unwrap()
        };
        assert_eq!(check_value(&nested(31)["a"], 1), Ok(()));
        let error = check_value(&nested(32)["a"], 1).unwrap_err();
        assert_eq!(error.path(), "[0]".repeat(31));
    }

    #[test]
    fn a_number_has_38_digits() {
        assert_eq!(check_number(&"9".repeat(38)), Ok(()));
        assert_eq!(check_number(&format!("-0.00{}000e5", "9".repeat(38))), Ok(()));
        assert!(check_number(&u128::MAX.to_string()).is_err());
    }
}
