use std::{collections::HashMap, fmt, marker::PhantomData};

use aws_sdk_dynamodb::Client;
use skyloom_manifest::bridge::BoxFuture;

use super::{
    Error, Item,
    attribute::not_exists,
    condition::Condition,
    definition::Table,
    expression::Placeholders,
    handle::{Handle, key_of},
    item::ItemError,
    key::Accepts,
    limits::item_of,
    update::Update,
};
use crate::{Action, FromEvent, Needs, Rejection, Scope, Trigger};

/// An argument that writes the table `T`, and cannot read it.
///
/// Its handler may call `dynamodb:PutItem`, `dynamodb:UpdateItem`, `dynamodb:DeleteItem` and `dynamodb:BatchWriteItem` on
/// this table.
pub struct Write<T> {
    pub(super) table: Handle,
    items: PhantomData<fn() -> T>,
}

impl<E: Trigger, T: Table> FromEvent<E> for Write<T> {
    const NEEDS: Needs =
        Needs::table::<T>(&[Action::PutItem, Action::UpdateItem, Action::DeleteItem, Action::BatchWriteItem]);

    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        Handle::of::<T>(scope).map(Self::new)
    }
}

impl<T: Table> Write<T> {
    pub(super) fn new(table: Handle) -> Self {
        Self { table, items: PhantomData }
    }

    /// Stores the item, in place of one with the same key.
    pub fn put(&self, item: &T) -> Put<'_, T> {
        Put { table: &self.table, item: item_of(item), condition: None }
    }

    /// Stores the item if there is none with the same key, and is [`Error::ConditionFailed`] otherwise.
    pub fn put_new(&self, item: &T) -> Put<'_, T> {
        self.put(item).only_if(Condition::new(not_exists(T::PARTITION_KEY)))
    }

    /// Changes attributes of the item with that key, and gives the item after the change.
    pub fn update<K>(&self, key: K) -> Update<'_, T>
    where
        T::Shape: Accepts<K>,
    {
        Update::new(&self.table, key_of::<T, K>(&key))
    }

    /// Deletes the item with that key. It is no error if there is none.
    pub fn delete<K>(&self, key: K) -> Delete<'_, T>
    where
        T::Shape: Accepts<K>,
    {
        Delete { table: &self.table, key: key_of::<T, K>(&key), condition: None }
    }

    /// The SDK's client, for what is not here. It too may only do what the handler's policy grants.
    pub fn client(&self) -> &Client {
        &self.table.client
    }

    /// The name of the table in the account.
    pub fn table_name(&self) -> &str {
        &self.table.name
    }
}

/// Stores an item when it is awaited.
#[must_use = "nothing is stored before it is awaited"]
#[derive(Debug)]
pub struct Put<'a, T> {
    pub(super) table: &'a Handle,
    pub(super) item: Result<Item, ItemError>,
    pub(super) condition: Option<Condition<T>>,
}

impl<T> Put<'_, T> {
    /// Only if the condition holds for the item that is there; [`Error::ConditionFailed`] otherwise.
    pub fn only_if(mut self, condition: Condition<T>) -> Self {
        self.condition = Some(condition.added_to(self.condition));
        self
    }

    async fn send(self) -> Result<(), Error> {
        let Written { condition, names, values } = Written::of(self.condition)?;
        let request = self.table.client.put_item().table_name(&self.table.name).set_item(Some(self.item?));
        let request = request
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values);
        request.send().await.map(drop).map_err(Error::of)
    }
}

/// Deletes an item when it is awaited.
#[must_use = "nothing is deleted before it is awaited"]
#[derive(Debug)]
pub struct Delete<'a, T> {
    pub(super) table: &'a Handle,
    pub(super) key: Result<Item, ItemError>,
    pub(super) condition: Option<Condition<T>>,
}

impl<T> Delete<'_, T> {
    /// Only if the condition holds for the item; [`Error::ConditionFailed`] otherwise, also if there is no item.
    pub fn only_if(mut self, condition: Condition<T>) -> Self {
        self.condition = Some(condition.added_to(self.condition));
        self
    }

    async fn send(self) -> Result<(), Error> {
        let Written { condition, names, values } = Written::of(self.condition)?;
        let request = self.table.client.delete_item().table_name(&self.table.name).set_key(Some(self.key?));
        let request = request
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values);
        request.send().await.map(drop).map_err(Error::of)
    }
}

/// A condition as requests take it: its text, and the names and values that its placeholders stand for.
pub(super) struct Written {
    pub(super) condition: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<Item>,
}

impl Written {
    pub(super) fn of<T>(condition: Option<Condition<T>>) -> Result<Self, ItemError> {
        let mut placeholders = Placeholders::default();
        let condition = placeholders.write(condition.map(Condition::into_fragment).unwrap_or_default())?;
        let (names, values) = placeholders.finish();
        Ok(Self { condition, names, values })
    }
}

impl<'a, T: 'a> IntoFuture for Put<'a, T> {
    type Output = Result<(), Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<'a, T: 'a> IntoFuture for Delete<'a, T> {
    type Output = Result<(), Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<T> Clone for Write<T> {
    fn clone(&self) -> Self {
        Self { table: self.table.clone(), items: PhantomData }
    }
}

impl<T> fmt::Debug for Write<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Write").field(&self.table.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::Value;

    use super::super::{
        Error,
        recorder::{Order, Recorder},
    };

    #[tokio::test]
    async fn an_item_is_put_with_or_without_a_condition() {
        let recorder = Recorder::default();
        let orders = recorder.write::<Order>();
        orders.put(&Order::new("1")).await.unwrap();
        orders.put_new(&Order::new("2")).await.unwrap();
        orders.put(&Order::new("3")).only_if(Order::STATUS.eq("open")).only_if(Order::CENTS.lt(9)).await.unwrap();
        expect![[r##"
            PutItem {"Item":{"cents":{"N":"5"},"id":{"S":"1"},"shopper":{"S":"ann"},"status":{"S":"open"}}}
            PutItem {"ConditionExpression":"attribute_not_exists(#n0)","ExpressionAttributeNames":{"#n0":"shopper"},"Item":{"cents":{"N":"5"},"id":{"S":"2"},"shopper":{"S":"ann"},"status":{"S":"open"}}}
            PutItem {"ConditionExpression":"#n0 = :v0 AND #n1 < :v1","ExpressionAttributeNames":{"#n0":"status","#n1":"cents"},"ExpressionAttributeValues":{":v0":{"S":"open"},":v1":{"N":"9"}},"Item":{"cents":{"N":"5"},"id":{"S":"3"},"shopper":{"S":"ann"},"status":{"S":"open"}}}"##]]
        .assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn an_item_is_deleted_by_its_key() {
        let recorder = Recorder::default();
        let orders = recorder.write::<Order>();
        orders.delete(("ann", "1")).await.unwrap();
        orders.delete(("ann", "1")).only_if(Order::NOTE.eq("gone")).await.unwrap();
        expect![[r##"
            DeleteItem {"Key":{"id":{"S":"1"},"shopper":{"S":"ann"}}}
            DeleteItem {"ConditionExpression":"#n0 = :v0","ExpressionAttributeNames":{"#n0":"note"},"ExpressionAttributeValues":{":v0":{"S":"gone"}},"Key":{"id":{"S":"1"},"shopper":{"S":"ann"}}}"##]]
        .assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn each_refusal_is_its_own_error() {
        let refused = async |code: &str| {
            let recorder = Recorder::refusing(code, "why", &Value::Null);
            recorder.write::<Order>().put_new(&Order::new("1")).await.unwrap_err()
        };
        assert!(matches!(refused("ConditionalCheckFailedException").await, Error::ConditionFailed));
        assert!(matches!(refused("TransactionConflictException").await, Error::Conflict));
        assert!(matches!(refused("ResourceNotFoundException").await, Error::TableNotFound(why) if why == "why"));
        assert!(matches!(refused("AccessDeniedException").await, Error::AccessDenied(why) if why == "why"));
        let other = refused("ValidationException").await;
        assert_eq!(other.to_string(), "ValidationException: why");
    }
}
