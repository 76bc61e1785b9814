use std::{fmt, marker::PhantomData};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;

use super::{
    definition::{IndexOf, Table},
    item::{self, Item, ItemError},
    side::Side,
};

/// What the items of a table have besides the struct's fields, and which fields are not attributes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Which entity of a shared table it is.
    pub entity: Option<Discriminator>,
    /// The sides of indexes that are made by templates.
    pub indexes: &'static [Side],
    /// The fields that are parts of the table's key and stored nowhere else.
    pub unstored: &'static [&'static str],
}

/// The attribute of a shared table that says which entity an item is, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discriminator {
    /// The attribute's name.
    pub attribute: &'static str,
    /// The entity's name.
    pub name: &'static str,
}

impl Layout {
    /// The fields, and nothing else.
    pub const PLAIN: Self = Self { entity: None, indexes: &[], unstored: &[] };
}

/// A field that is a part of the table's key and not an attribute of its own.
///
/// It can be in no condition and in no update: the key as a whole is given in the call, and does not change.
pub struct KeyPart<T, V> {
    field: &'static str,
    types: PhantomData<fn() -> (T, V)>,
}

impl<T, V> KeyPart<T, V> {
    /// The field of that name.
    pub const fn new(field: &'static str) -> Self {
        Self { field, types: PhantomData }
    }

    /// The name that serde gives the field.
    pub const fn name(self) -> &'static str {
        self.field
    }
}

impl<T, V> Clone for KeyPart<T, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, V> Copy for KeyPart<T, V> {}

impl<T, V> fmt::Debug for KeyPart<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyPart").field(&self.field).finish()
    }
}

/// The item of a value, with the keys that templates make of its fields.
pub fn to_stored<T: Table>(value: &T) -> Result<Item, ItemError> {
    let mut item = item::to_item(value)?;
    let own = [Some(T::PARTITION), T::SORT];
    let sides = own.into_iter().flatten().chain(T::LAYOUT.indexes.iter().copied());
    let mut keys = Vec::new();
    for side in sides {
        if let Side::Template(name, _) = side {
            let key = key_of_item(&side, &item).map_err(|error| error.of_key(&side, &own))?;
            keys.extend(key.map(|key| (name, key)));
        }
    }
    for field in T::LAYOUT.unstored {
        item.remove(*field);
    }
    if let Some(Discriminator { attribute, name }) = T::LAYOUT.entity {
        keys.push((attribute, AttributeValue::S(name.to_owned())));
    }
    item.extend(keys.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Ok(item)
}

impl ItemError {
    /// An index has a key of its own, so that the error says whose key it is.
    fn of_key(self, side: &Side, own: &[Option<Side>]) -> Self {
        if own.contains(&Some(*side)) { self } else { self.in_field(side.name()) }
    }
}

/// The key that a template makes of an item's attributes. Without one of them there is none: an index does not have such an
/// item.
fn key_of_item(side: &Side, item: &Item) -> Result<Option<AttributeValue>, ItemError> {
    let Side::Template(_, template) = side else { return Ok(None) };
    let Some(parts) = template.attributes().map(|name| item.get(name).cloned()).collect::<Option<Vec<_>>>() else {
        return Ok(None);
    };
    template.render(&parts).map(|key| Some(AttributeValue::S(key)))
}

/// Reads a struct from an item of the table `T`, with the fields that are parts of its key.
pub fn from_stored<T: Table, V: DeserializeOwned>(mut item: Item) -> Result<V, ItemError> {
    if let Some(entity) = T::LAYOUT.entity {
        entity.check(item.remove(entity.attribute))?;
    }
    for side in [Some(T::PARTITION), T::SORT].into_iter().flatten() {
        if let Side::Template(name, _) = side {
            for (field, value) in side.parse(&item)? {
                item.insert(field.to_owned(), value);
            }
            item.remove(name);
        }
    }
    for side in T::LAYOUT.indexes {
        item.remove(side.name());
    }
    item::from_item(item)
}

/// Reads the struct of an index that has only some attributes: the index's own key has fields too.
pub fn from_projected<I: IndexOf<V>, V: DeserializeOwned>(mut item: Item) -> Result<V, ItemError> {
    for side in [Some(I::PARTITION), I::SORT].into_iter().flatten() {
        if let Side::Template(..) = side {
            for (field, value) in side.parse(&item)? {
                item.entry(field.to_owned()).or_insert(value);
            }
        }
    }
    from_stored::<I::Table, V>(item)
}

impl Discriminator {
    fn check(&self, found: Option<AttributeValue>) -> Result<(), ItemError> {
        let wanted = self.name;
        match found {
            Some(AttributeValue::S(name)) if name == wanted => Ok(()),
            Some(AttributeValue::S(name)) => {
                Err(ItemError::new(format!("the item is a `{name}`, and a `{wanted}` is read"))
                    .in_field(self.attribute))
            }
            _ => Err(ItemError::new(format!("the item does not say that it is a `{wanted}`")).in_field(self.attribute)),
        }
    }
}
