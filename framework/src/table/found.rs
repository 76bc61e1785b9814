use super::{
    Error,
    definition::FromItem,
    item::{Item, ItemError},
    version::version_of,
};

/// The item that was there when a condition failed, if there was one.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Table, Write, table};
/// # #[derive(Table, Serialize, Deserialize)]
/// # struct Order { #[partition_key] id: String, status: String }
/// async fn place(orders: Write<Order>, order: &Order) -> Result<Order, table::Error> {
///     match orders.put_new(order).await {
///         Ok(()) => Ok(Order { id: order.id.clone(), status: order.status.clone() }),
///         Err(table::Error::ConditionFailed(found)) => Ok(found.item()?.expect("only an item that is there fails it")),
///         Err(other) => Err(other),
///     }
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found(Option<Item>);

impl Found {
    pub(super) fn new(item: Option<Item>) -> Self {
        Self(item.filter(|item| !item.is_empty()))
    }

    /// The item.
    ///
    /// # Errors
    /// When it does not fit the type.
    pub fn item<T: FromItem>(&self) -> Result<Option<T>, Error> {
        Ok(self.0.clone().map(T::from_item).transpose()?)
    }

    /// The item as DynamoDB has it.
    pub fn attributes(&self) -> Option<&Item> {
        self.0.as_ref()
    }
}

/// What a write needs of the item that is there, so that its failure can be told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// There has to be an item.
    pub(super) exists: bool,
    /// The attribute of the version, and which one it has to be.
    pub(super) version: Option<(&'static str, u64)>,
}

impl Expected {
    /// The error of a condition that failed on this item.
    pub(super) fn failure(self, item: Option<Item>) -> Error {
        let found = Found::new(item);
        match (found.attributes(), self.version) {
            (None, _) if self.exists => Error::ItemNotFound,
            (item, Some((attribute, expected))) if has_other_version(item, attribute, expected) => {
                Error::VersionConflict(found)
            }
            _ => Error::ConditionFailed(found),
        }
    }
}

fn has_other_version(item: Option<&Item>, attribute: &str, expected: u64) -> bool {
    let version: Result<u64, ItemError> = item.map_or(Ok(0), |item| version_of(item, attribute));
    version.is_ok_and(|version| version != expected)
}
