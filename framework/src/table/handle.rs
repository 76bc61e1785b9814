use aws_sdk_dynamodb::Client;
use skyloom_manifest::bridge::table_variable;

use super::{
    client::Dynamo,
    cursor_key::CursorKey,
    definition::Table,
    item::{Item, ItemError},
    key::Accepts,
    limits::check_key,
};
use crate::{Rejection, Scope};

/// A deployed table: its physical name, and the client that reaches it.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    pub(super) client: Client,
    pub(super) name: String,
    pub(super) cursor_key: CursorKey,
}

impl Handle {
    /// The table `T` of the function that runs.
    pub(super) fn of<T: Table>(scope: &Scope) -> Result<Self, Rejection> {
        let variable = table_variable(T::NAME);
        match scope.variable(&variable) {
            Some(name) => Ok(Self::new(scope.dynamo(), name)),
            None => Err(Rejection::Internal(missing(&variable, T::NAME).into())),
        }
    }

    pub(super) fn new(dynamo: &Dynamo, name: String) -> Self {
        Self { client: dynamo.client().clone(), name, cursor_key: dynamo.cursor_key().clone() }
    }
}

fn missing(variable: &str, table: &str) -> String {
    format!(
        "this function has no environment variable `{variable}`: it is deployed with the tables that the arguments of its \
         handler name, and none of them names `{table}`"
    )
}

/// The key as DynamoDB takes it.
pub(super) fn key_of<T: Table, K>(key: &K) -> Result<Item, ItemError>
where
    T::Shape: Accepts<K>,
{
    let (partition, sort) = T::Shape::values(key)?;
    let sort = T::SORT_KEY.zip(sort).map(|(name, value)| (name.to_owned(), value));
    let key = [(T::PARTITION_KEY.to_owned(), partition)].into_iter().chain(sort).collect();
    check_key::<T>(&key)?;
    Ok(key)
}
