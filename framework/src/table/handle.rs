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
        Self::named(scope, T::NAME)
    }

    /// The table of that name in the manifest.
    pub(super) fn named(scope: &Scope, table: &str) -> Result<Self, Rejection> {
        let variable = table_variable(table);
        match scope.variable(&variable) {
            Some(name) => Ok(Self::new(scope.dynamo(), name)),
            None => Err(Rejection::Internal(missing(&variable, table).into())),
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
    let (partition, sort) = T::Shape::parts(key)?;
    let mut key = T::PARTITION.write(partition)?;
    if let Some(side) = T::SORT {
        key.extend(side.write(sort)?);
    }
    let key = key.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    check_key::<T>(&key)?;
    Ok(key)
}
