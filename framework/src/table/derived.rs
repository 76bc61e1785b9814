//! Keys of indexes that templates make of fields, when an update changes one of these.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    definition::Table,
    item::{Item, ItemError},
    layout::Discriminator,
    side::Side,
    template::Template,
};

/// What an update does to one attribute, as far as it is known before DynamoDB has done it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// It has this value afterwards.
    To(AttributeValue),
    /// It is no longer there.
    Removed,
    /// It has some other value.
    Unknown,
}

/// An attribute that an update has to write too: its value, or nothing if it has to go.
type Derived = (&'static str, Option<AttributeValue>);

/// What else an update of the item with that key has to write, so that it stays where it belongs: the keys of indexes, and, if
/// it may make the item, which entity it is.
pub(super) fn derived<T: Table>(
    key: &Item,
    changes: &[(&str, Change)],
    creates: bool,
) -> Result<Vec<Derived>, ItemError> {
    let mut known = Vec::new();
    for side in [Some(T::PARTITION), T::SORT].into_iter().flatten() {
        known.extend(side.parse(key)?);
    }
    let known = Known { key: known, changes, creates };
    let mut derived = Vec::new();
    for side in T::LAYOUT.indexes {
        if let Side::Template(name, template) = side {
            derived.extend(known.key_of_index(template)?.map(|key| (*name, key)));
        }
    }
    if let (true, Some(Discriminator { attribute, name })) = (creates, T::LAYOUT.entity) {
        derived.push((attribute, Some(AttributeValue::S(name.to_owned()))));
    }
    Ok(derived)
}

/// What is known of an item that is updated.
struct Known<'a> {
    key: Vec<(&'static str, AttributeValue)>,
    changes: &'a [(&'a str, Change)],
    creates: bool,
}

impl Known<'_> {
    fn change(&self, attribute: &str) -> Option<&Change> {
        self.changes.iter().rev().find(|(name, _)| *name == attribute).map(|(_, change)| change)
    }

    /// The new key, that there is none any more (`Some(None)`), or that it stays as it is (`None`).
    fn key_of_index(&self, template: &Template) -> Result<Option<Option<AttributeValue>>, ItemError> {
        let changed: Vec<&str> = template.attributes().filter(|name| self.change(name).is_some()).collect();
        let has_removed = changed.iter().any(|name| matches!(self.change(name), Some(Change::Removed)));
        match changed.first() {
            None if !self.creates => Ok(None),
            Some(_) if has_removed => Ok(Some(None)),
            changed => self.rendered(template, changed.copied()),
        }
    }

    fn rendered(
        &self,
        template: &Template,
        changed: Option<&str>,
    ) -> Result<Option<Option<AttributeValue>>, ItemError> {
        let mut parts = Vec::new();
        for attribute in template.attributes() {
            let of_key = self.key.iter().find(|(name, _)| *name == attribute).map(|(_, value)| value);
            match (self.change(attribute), of_key, changed) {
                (Some(Change::To(value)), ..) | (None, Some(value), _) => parts.push(value.clone()),
                (Some(_), ..) => return Err(unknown(attribute)),
                (None, None, Some(changed)) => return Err(missing(attribute, changed)),
                // The update makes an item that has no such attribute, so that the index does not have it.
                (None, None, None) => return Ok(None),
            }
        }
        Ok(Some(Some(AttributeValue::S(template.render(&parts)?))))
    }
}

fn unknown(attribute: &str) -> ItemError {
    let message = "an index is keyed by it, so that its new value has to be known: give it one with `set`";
    ItemError::new(message).in_field(attribute)
}

fn missing(attribute: &str, changed: &str) -> ItemError {
    let message = format!("an index is keyed by it and by `{changed}`, which is changed: set it in the same update");
    ItemError::new(message).in_field(attribute)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde::{Deserialize, Serialize};
    use skyloom_manifest::AttributeType;

    use super::{
        super::{
            definition::FromItem,
            item::to_attribute,
            key::PartitionOnly,
            layout::{Layout, from_stored},
            template::Piece,
        },
        *,
    };

    #[derive(Serialize, Deserialize)]
    struct Order {
        id: String,
    }

    const fn part(attribute: &'static str) -> Piece {
        Piece::Part { attribute, kind: AttributeType::S, digits: 0 }
    }

    impl FromItem for Order {
        fn from_item(item: Item) -> Result<Self, ItemError> {
            from_stored::<Self, Self>(item)
        }
    }

    impl Table for Order {
        const NAME: &'static str = "Shop";
        const PARTITION_KEY: &'static str = "pk";
        const SORT_KEY: Option<&'static str> = None;
        type Shape = PartitionOnly<String>;
        const PARTITION: Side = Side::Template("pk", Template(&[Piece::Text("ORDER#"), part("id")]));
        const LAYOUT: Layout = Layout {
            entity: Some(Discriminator { attribute: "entity", name: "Order" }),
            indexes: &[
                Side::Template("gsi_pk", Template(&[Piece::Text("STATUS#"), part("status")])),
                Side::Template("gsi_sk", Template(&[part("day"), Piece::Text("#"), part("id")])),
            ],
            unstored: &["id"],
        };
    }

    fn to(value: &str) -> Change {
        Change::To(to_attribute(value).unwrap().unwrap())
    }

    fn check(changes: &[(&str, Change)], creates: bool, expected: Expect) {
        let key = Item::from([("pk".to_owned(), AttributeValue::S("ORDER#7".into()))]);
        let shown = match derived::<Order>(&key, changes, creates) {
            Ok(derived) => derived.into_iter().map(|(name, value)| format!("{name} = {value:?}")).collect(),
            Err(error) => vec![error.to_string()],
        };
        expected.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn the_key_of_an_index_follows_the_fields_that_it_is_made_of() {
        check(&[("status", to("paid"))], false, expect![[r#"gsi_pk = Some(S("STATUS#paid"))"#]]);
        check(&[("day", to("monday"))], false, expect![[r#"gsi_sk = Some(S("monday#7"))"#]]);
        check(&[("status", Change::Removed)], false, expect!["gsi_pk = None"]);
        check(&[("note", to("x"))], false, expect![""]);
    }

    #[test]
    fn an_update_that_may_make_the_item_says_which_entity_it_is() {
        check(
            &[("status", to("paid"))],
            true,
            expect![[r#"
                gsi_pk = Some(S("STATUS#paid"))
                entity = Some(S("Order"))"#]],
        );
    }

    #[test]
    fn a_key_that_would_not_be_known_is_an_error() {
        check(
            &[("status", Change::Unknown)],
            false,
            expect!["`status`: an index is keyed by it, so that its new value has to be known: give it one with `set`"],
        );
        check(
            &[("day", to("a#b"))],
            false,
            expect!["`day`: `a#b` cannot be a part of a key in which `#` follows it, as it has that itself"],
        );
    }
}
