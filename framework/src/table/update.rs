use std::collections::HashMap;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use skyloom_manifest::bridge::BoxFuture;

use super::{
    Error, Item,
    attribute::{Attribute, exists},
    condition::Condition,
    definition::Table,
    expression::{Fragment, Placeholders},
    handle::Handle,
    item::{ItemError, to_attribute},
    value::{AddedTo, ValueFor},
};

/// Changes attributes of an item when it is awaited, and gives the item after the change.
///
/// The item has to exist: [`Error::ItemNotFound`] says that it does not. With [`or_create`](Self::or_create) it is made.
#[must_use = "nothing is changed before it is awaited"]
#[derive(Debug)]
pub struct Update<'a, T> {
    pub(super) table: &'a Handle,
    key: Result<Item, ItemError>,
    set: Fragment,
    add: Fragment,
    remove: Fragment,
    condition: Option<Condition<T>>,
    creates: bool,
}

impl<'a, T: Table> Update<'a, T> {
    pub(super) fn new(table: &'a Handle, key: Result<Item, ItemError>) -> Self {
        let nothing = Fragment::default;
        Self { table, key, set: nothing(), add: nothing(), remove: nothing(), condition: None, creates: false }
    }

    /// Gives the attribute that value. To set it to `None` is to remove it.
    pub fn set<V>(mut self, attribute: Attribute<T, V>, value: impl ValueFor<V>) -> Self {
        let value = to_attribute(&value);
        if let Ok(None) = value {
            return self.remove(attribute);
        }
        let name = attribute.name();
        self.set = self.set.listed(Fragment::of(name).text(" = ").value_of(name, value));
        self
    }

    /// Adds to the attribute, whatever it is by then; an absent one counts as zero.
    pub fn add<V>(mut self, attribute: Attribute<T, V>, amount: impl AddedTo<V>) -> Self {
        let name = attribute.name();
        self.add = self.add.listed(Fragment::of(name).text(" ").value_of(name, to_attribute(&amount)));
        self
    }

    /// Removes the attribute. What it was has to have a default, or be an `Option`, for the item to be read again.
    pub fn remove<V>(mut self, attribute: Attribute<T, V>) -> Self {
        self.remove = self.remove.listed(Fragment::of(attribute.name()));
        self
    }

    /// Only if the condition holds for the item as it is; [`Error::ConditionFailed`] otherwise.
    pub fn only_if(mut self, condition: Condition<T>) -> Self {
        self.condition = Some(condition.added_to(self.condition));
        self
    }

    /// Makes the item, of its key and these attributes, if it does not exist.
    pub fn or_create(mut self) -> Self {
        self.creates = true;
        self
    }

    async fn send(self) -> Result<T, Error> {
        let creates = self.creates;
        let output = self.request()?.send().await.map_err(|error| refusal(error, creates))?;
        Ok(T::from_item(output.attributes.unwrap_or_default())?)
    }

    fn request(self) -> Result<UpdateItemFluentBuilder, ItemError> {
        let table = self.table;
        let Written { key, actions, condition, names, values } = self.written()?;
        let request = table.client.update_item().table_name(&table.name).set_key(Some(key));
        Ok(request
            .set_update_expression(actions)
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld))
    }

    /// What is asked for, alone and in a transaction.
    pub(super) fn written(self) -> Result<Written, ItemError> {
        let required = (!self.creates).then(|| Condition::new(exists(T::PARTITION_KEY)));
        let condition = match self.condition {
            Some(condition) => Some(condition.added_to(required)),
            None => required,
        };
        let mut placeholders = Placeholders::default();
        let actions = placeholders.write(actions(self.set, self.remove, self.add))?;
        let condition = placeholders.write(condition.map(Condition::into_fragment).unwrap_or_default())?;
        let (names, values) = placeholders.finish();
        Ok(Written { key: self.key?, actions, condition, names, values })
    }
}

/// An update as requests take it.
pub(super) struct Written {
    pub(super) key: Item,
    pub(super) actions: Option<String>,
    pub(super) condition: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<Item>,
}

/// `SET a = :v REMOVE b ADD c :v`.
fn actions(set: Fragment, remove: Fragment, add: Fragment) -> Fragment {
    let clauses = [("SET ", set), ("REMOVE ", remove), ("ADD ", add)];
    let clauses = clauses.into_iter().filter(|(_, list)| !list.is_empty());
    clauses.fold(Fragment::default(), |before, (word, list)| {
        let before = if before.is_empty() { before } else { before.text(" ") };
        before.text(word).append(list)
    })
}

/// A failed condition comes with the item that it was looked at on; without one there is no item.
fn refusal<R>(error: SdkError<UpdateItemError, R>, creates: bool) -> Error
where
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) if !creates && failed.item().is_none() => {
            Error::ItemNotFound
        }
        _ => Error::of(error),
    }
}

impl<'a, T: Table> IntoFuture for Update<'a, T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use super::super::{
        Error,
        recorder::{Order, Recorder},
    };

    fn updated() -> Recorder {
        Recorder::answering([json!({"Attributes": Order::wire("1")})])
    }

    #[tokio::test]
    async fn an_update_gives_the_new_item() {
        let recorder = updated();
        let orders = recorder.write::<Order>();
        let update =
            orders.update(("ann", "1")).set(Order::STATUS, "paid").set(Order::NOTE, None).add(Order::CENTS, -5);
        let order = update.only_if(Order::STATUS.eq("open").or(Order::CENTS.eq(0))).await.unwrap();
        assert_eq!(order, Order::new("1"));
        expect![[r##"UpdateItem {"ConditionExpression":"attribute_exists(#n3) AND (#n0 = :v2 OR #n2 = :v3)","ExpressionAttributeNames":{"#n0":"status","#n1":"note","#n2":"cents","#n3":"shopper"},"ExpressionAttributeValues":{":v0":{"S":"paid"},":v1":{"N":"-5"},":v2":{"S":"open"},":v3":{"N":"0"}},"Key":{"id":{"S":"1"},"shopper":{"S":"ann"}},"ReturnValues":"ALL_NEW","ReturnValuesOnConditionCheckFailure":"ALL_OLD","UpdateExpression":"SET #n0 = :v0 REMOVE #n1 ADD #n2 :v1"}"##]].assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn an_update_may_create() {
        let recorder = updated();
        recorder.write::<Order>().update(("ann", "1")).add(Order::CENTS, 1_u8).or_create().await.unwrap();
        assert_eq!(recorder.body(0)["ConditionExpression"], Value::Null);
    }

    #[tokio::test]
    async fn a_missing_item_is_told_from_one_that_is_otherwise() {
        let refused = async |more: Value| {
            let recorder =
                Recorder::refusing("ConditionalCheckFailedException", "The conditional request failed", &more);
            recorder.write::<Order>().update(("ann", "1")).set(Order::NOTE, "x").await.unwrap_err()
        };
        assert!(matches!(refused(json!({})).await, Error::ItemNotFound));
        assert!(matches!(refused(json!({"Item": Order::wire("1")})).await, Error::ConditionFailed));
    }

    #[tokio::test]
    async fn a_value_that_cannot_be_stored_is_not_sent() {
        let recorder = Recorder::default();
        const RATIO: super::Attribute<Order, f64> = super::Attribute::new("ratio");
        let error = recorder.write::<Order>().update(("ann", "1")).set(RATIO, f64::NAN).await.unwrap_err();
        assert_eq!(error.to_string(), "`ratio`: DynamoDB has no number for NaN");
        assert_eq!(recorder.count(), 0);
    }
}
