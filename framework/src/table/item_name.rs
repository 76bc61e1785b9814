use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    definition::Table,
    item::{Item, to_json},
};

/// Which item a request or an error is about: `Order {id: "7", shopper: "ann"}`.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemName {
    table: &'static str,
    key: Item,
}

/// A key that is too long is among what errors name.
const SHOWN_CHARACTERS: usize = 64;

impl ItemName {
    /// The item of `T` with the key that is among these attributes.
    pub(super) fn of<T: Table>(attributes: &Item) -> Self {
        let names = [T::PARTITION_KEY].into_iter().chain(T::SORT_KEY);
        let key = names.filter_map(|name| Some((name.to_owned(), attributes.get(name)?.clone()))).collect();
        Self { table: T::NAME, key }
    }

    /// Equal for equal items, whatever the order of their attributes.
    pub(super) fn identity(&self) -> (&'static str, String) {
        (self.table, to_json(&self.key))
    }

    /// The name of the table in the manifest: the struct's.
    pub fn table(&self) -> &'static str {
        self.table
    }

    /// The attributes of the item's key.
    pub fn key(&self) -> &Item {
        &self.key
    }
}

impl fmt::Display for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut attributes: Vec<_> = self.key.iter().collect();
        attributes.sort_by_key(|(name, _)| *name);
        write!(f, "{} {{", self.table)?;
        for (place, (name, value)) in attributes.into_iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{name}: ")?;
            write_value(f, value)?;
        }
        f.write_str("}")
    }
}

fn write_value(f: &mut fmt::Formatter<'_>, value: &AttributeValue) -> fmt::Result {
    match value {
        AttributeValue::S(text) => match text.char_indices().nth(SHOWN_CHARACTERS) {
            Some((end, _)) => write!(f, "{:?}\u{2026}", &text[..end]),
            None => write!(f, "{text:?}"),
        },
        AttributeValue::N(number) => f.write_str(number),
        AttributeValue::B(bytes) => write!(f, "{} bytes", bytes.as_ref().len()),
        other => write!(f, "{other:?}"), // never a key, and never sent
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::recorder::{Counter, Order},
        *,
    };

    #[test]
    fn an_item_is_named_by_its_table_and_its_key() {
        let named = |order: &Order| ItemName::of::<Order>(&order.to_item().unwrap()).to_string();
        assert_eq!(named(&Order::new("7")), r#"Order {id: "7", shopper: "ann"}"#);
        let long = named(&Order::new(&"é".repeat(3_000)));
        assert_eq!(long, format!("Order {{id: \"{}\"\u{2026}, shopper: \"ann\"}}", "é".repeat(64)));
        assert_eq!(ItemName::of::<Counter>(&Counter { id: 7 }.to_item().unwrap()).to_string(), "Counter {id: 7}");
    }
}
