use std::{fmt, marker::PhantomData};

use aws_sdk_dynamodb::Client;

use super::{
    definition::Table,
    delete::Delete,
    handle::{Handle, key_of},
    key::Accepts,
    put::Put,
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
        Put::new(&self.table, item)
    }

    /// Stores the item if there is none with the same key, and is [`Error::ConditionFailed`](super::Error::ConditionFailed) otherwise.
    pub fn put_new(&self, item: &T) -> Put<'_, T> {
        self.put(item).new_only()
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
        Delete::new(&self.table, key_of::<T, K>(&key))
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
            PutItem {"ConditionExpression":"attribute_not_exists(#n0)","ExpressionAttributeNames":{"#n0":"shopper"},"Item":{"cents":{"N":"5"},"id":{"S":"2"},"shopper":{"S":"ann"},"status":{"S":"open"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}
            PutItem {"ConditionExpression":"#n0 = :v0 AND #n1 < :v1","ExpressionAttributeNames":{"#n0":"status","#n1":"cents"},"ExpressionAttributeValues":{":v0":{"S":"open"},":v1":{"N":"9"}},"Item":{"cents":{"N":"5"},"id":{"S":"3"},"shopper":{"S":"ann"},"status":{"S":"open"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}"##]]
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
            DeleteItem {"ConditionExpression":"#n0 = :v0","ExpressionAttributeNames":{"#n0":"note"},"ExpressionAttributeValues":{":v0":{"S":"gone"}},"Key":{"id":{"S":"1"},"shopper":{"S":"ann"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}"##]]
        .assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn each_refusal_is_its_own_error() {
        let refused = async |code: &str| {
            let recorder = Recorder::refusing(code, "why", &Value::Null);
            recorder.write::<Order>().put_new(&Order::new("1")).await.unwrap_err()
        };
        assert!(matches!(refused("ConditionalCheckFailedException").await, Error::ConditionFailed(_)));
        assert!(matches!(refused("TransactionConflictException").await, Error::Conflict));
        assert!(matches!(refused("ResourceNotFoundException").await, Error::TableNotFound(why) if why == "why"));
        assert!(matches!(refused("AccessDeniedException").await, Error::AccessDenied(why) if why == "why"));
        let other = refused("ValidationException").await;
        assert_eq!(other.to_string(), "ValidationException: why");
    }
}
