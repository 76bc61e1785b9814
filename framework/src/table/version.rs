//! Optimistic locking: a number in each item that every write makes one greater.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    attribute::Attribute,
    condition::Condition,
    definition::Table,
    item::{Item, ItemError},
};

/// A table whose items have a version, the field that is marked with `#[version]`: nobody's change is lost.
///
/// - [`put`](super::Write::put) stores the item with a version one greater than the struct's, if the stored item still
///   has the struct's. A struct whose version is 0 is stored only if no version is stored: there is no item, or it was
///   written before the field was a version. Then the struct is out of date; whoever goes on with it reads it again.
/// - [`put_new`](super::Write::put_new) does so if there is no item at all.
/// - [`update`](super::Write::update) makes the version one greater, whatever it is;
///   [`expecting`](super::Update::expecting) makes it fail if it is another.
/// - [`delete`](super::Write::delete) looks at no version unless it is told by [`expecting`](super::Delete::expecting).
/// - A batch cannot look at versions, so it is refused.
///
/// The failure is [`Error::VersionConflict`](super::Error::VersionConflict), HTTP's 409. Whoever wants to change what is
/// there by then tries again:
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use skyloom::{Read, Table, Write, table};
///
/// #[derive(Table, Serialize, Deserialize)]
/// pub struct Account {
///     #[partition_key]
///     pub id: String,
///     pub entries: Vec<i64>,
///     #[version]
///     pub version: u64,
/// }
///
/// async fn book(reads: Read<Account>, writes: Write<Account>, id: &str, amount: i64) -> Result<(), table::Error> {
///     loop {
///         let mut account = reads.get_consistent(id).await?.ok_or(table::Error::ItemNotFound)?;
///         account.entries.push(amount);
///         match writes.put(&account).await {
///             Err(table::Error::VersionConflict(_)) => continue,
///             result => return result,
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the items of `{Self}` have no version",
    note = "write `#[version]` on a field of the type `u64`"
)]
pub trait Versioned: Table {}

/// A type that can be a version.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a version",
    note = "a version is a `u64` or a `u32`, which begins at 0 and grows with each write"
)]
pub trait VersionNumber {}

impl VersionNumber for u32 {}
impl VersionNumber for u64 {}

/// Does not compile for a type that cannot be a version.
pub const fn assert_version<V: VersionNumber>() {}

/// The item with the next version, and the one that it has now.
pub(super) fn with_next_version(mut item: Item, attribute: &str) -> Result<(Item, u64), ItemError> {
    let version = version_of(&item, attribute)?;
    let next =
        version.checked_add(1).ok_or_else(|| ItemError::new("there is no greater version").in_field(attribute))?;
    item.insert(attribute.to_owned(), AttributeValue::N(next.to_string()));
    Ok((item, version))
}

/// The version of an item, 0 if it has none.
pub(super) fn version_of(item: &Item, attribute: &str) -> Result<u64, ItemError> {
    let version = match item.get(attribute) {
        None => Some(0),
        Some(AttributeValue::N(number)) => number.parse().ok(),
        Some(_) => None,
    };
    version.ok_or_else(|| ItemError::new("a version is a whole number").in_field(attribute))
}

/// The item has that version; an item without one has 0.
pub(super) fn has_version<T>(attribute: &'static str, version: u64) -> Condition<T> {
    let attribute = Attribute::<T, u64>::new(attribute);
    if version == 0 { attribute.not_exists() } else { attribute.eq(version) }
}

/// Says that a request which takes no condition cannot write items that have a version.
pub(super) fn check_unversioned<T: Table>() -> Result<(), ItemError> {
    match T::VERSION {
        None => Ok(()),
        Some(attribute) => {
            let why = format!("a batch cannot compare the versions of `{}`: write each item by itself", T::NAME);
            Err(ItemError::new(why).in_field(attribute))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_version_has_no_next() {
        let item = |version: u64| Item::from([("v".to_owned(), AttributeValue::N(version.to_string()))]);
        assert_eq!(with_next_version(item(8), "v"), Ok((item(9), 8)));
        let error = with_next_version(item(u64::MAX), "v").unwrap_err();
        assert_eq!(error.to_string(), "`v`: there is no greater version");
    }
}
