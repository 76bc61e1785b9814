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
