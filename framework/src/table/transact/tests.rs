use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{
    super::{
        Error,
        recorder::{Counter, Order, Recorder},
    },
    *,
};

impl Recorder {
    fn transact<L: TableList>(&self, tables: usize) -> Transact<L> {
        Transact::new(Handles::new(self.handle(), vec![self.handle(); tables - 1]))
    }

    fn transact_read<L: TableList>(&self, tables: usize) -> TransactRead<L> {
        TransactRead::new(Handles::new(self.handle(), vec![self.handle(); tables - 1]))
    }
}

fn cancelled(reasons: Value) -> Recorder {
    Recorder::refusing(
        "TransactionCanceledException",
        "Transaction cancelled",
        &json!({"CancellationReasons": reasons}),
    )
}

async fn refusal(reasons: Value) -> Error {
    let recorder = cancelled(reasons);
    let tx = recorder.transact::<(Order, Counter)>(2);
    let (orders, counters) = tx.tables();
    let parts = [orders.put_new(&Order::new("1")).into(), counters.delete(7).into()];
    tx.write(parts).await.unwrap_err()
}

#[tokio::test]
async fn a_transaction_has_a_part_for_each_change() {
    let recorder = Recorder::default();
    let tx = recorder.transact::<(Order, Counter)>(2);
    let (orders, counters) = tx.tables();
    tx.write([
        orders.put_new(&Order::new("1")).into(),
        orders.update(("ann", "2")).set(Order::STATUS, "paid").only_if(Order::CENTS.gt(1)).into(),
        orders.delete(("ann", "3")).only_if(Order::STATUS.eq("open")).into(),
        orders.check(("ann", "4"), Order::NOTE.exists()),
        counters.put(&Counter { id: 7 }).into(),
    ])
    .token("t-1")
    .await
    .unwrap();
    let body = recorder.body(0);
    assert_eq!(body["ClientRequestToken"], "t-1");
    let parts: Vec<_> = body["TransactItems"].as_array().unwrap().iter().map(Value::to_string).collect();
    expect![[r##"
        {"Put":{"ConditionExpression":"attribute_not_exists(#n0)","ExpressionAttributeNames":{"#n0":"shopper"},"Item":{"cents":{"N":"5"},"id":{"S":"1"},"shopper":{"S":"ann"},"status":{"S":"open"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD","TableName":"shop-Table"}}
        {"Update":{"ConditionExpression":"attribute_exists(#n1) AND #n2 > :v1","ExpressionAttributeNames":{"#n0":"status","#n1":"shopper","#n2":"cents"},"ExpressionAttributeValues":{":v0":{"S":"paid"},":v1":{"N":"1"}},"Key":{"id":{"S":"2"},"shopper":{"S":"ann"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD","TableName":"shop-Table","UpdateExpression":"SET #n0 = :v0"}}
        {"Delete":{"ConditionExpression":"#n0 = :v0","ExpressionAttributeNames":{"#n0":"status"},"ExpressionAttributeValues":{":v0":{"S":"open"}},"Key":{"id":{"S":"3"},"shopper":{"S":"ann"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD","TableName":"shop-Table"}}
        {"ConditionCheck":{"ConditionExpression":"attribute_exists(#n0)","ExpressionAttributeNames":{"#n0":"note"},"Key":{"id":{"S":"4"},"shopper":{"S":"ann"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD","TableName":"shop-Table"}}
        {"Put":{"Item":{"id":{"N":"7"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD","TableName":"shop-Table"}}"##]].assert_eq(&parts.join("\n"));
}

#[tokio::test]
async fn without_a_token_there_is_one_for_the_retries() {
    let recorder = Recorder::default();
    let tx = recorder.transact::<Counter>(1);
    tx.write([tx.tables().put(&Counter { id: 1 }).into()]).await.unwrap();
    assert_eq!(recorder.body(0)["ClientRequestToken"].as_str().unwrap().len(), 36);
    tx.write([]).await.unwrap();
    assert_eq!(recorder.count(), 1, "nothing is not sent");
}

#[tokio::test]
async fn what_cannot_be_a_transaction_is_not_sent() {
    let recorder = Recorder::default();
    let tx = recorder.transact::<(Counter, Order)>(2);
    let (counters, orders) = tx.tables();
    let put = |id| counters.put(&Counter { id }).into();
    let big = |id| {
        let order = Order { note: Some("x".repeat(400_000)), ..Order::new(id) };
        orders.put(&order).into()
    };
    let check = async |write: TransactWrite<'_>, expected: Expect| {
        expected.assert_eq(&write.await.unwrap_err().to_string());
    };
    check(tx.write((0..101).map(put)), expect!["too large: the transaction has 101 parts, and DynamoDB takes 100"])
        .await;
    check(
        tx.write([put(1), put(2), counters.delete(1).into()]),
        expect!["Counter {id: 1} is in the request twice, and DynamoDB takes an item once"],
    )
    .await;
    check(
        tx.write(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"].map(big)),
        expect!["too large: the transaction has 4400376 bytes, and DynamoDB takes 4194304 (4 MB)"],
    )
    .await;
    check(
        tx.write([put(1)]).token("x".repeat(37)),
        expect!["a client request token has 1 to 36 characters, and this one has 37"],
    )
    .await;
    check(tx.write([put(1)]).token(""), expect!["a client request token has 1 to 36 characters, and this one has 0"])
        .await;
    check(
        tx.write([orders.delete(("ann", "")).into()]),
        expect!["`id`: the sort key is empty, and DynamoDB stores no empty key"],
    )
    .await;
    assert_eq!(recorder.count(), 0);
    tx.write((0..100).map(put)).token("x".repeat(36)).await.unwrap();
}

#[tokio::test]
async fn a_cancellation_says_which_part_failed_and_why() {
    let error = refusal(json!([
        {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": Order::wire("1")},
        {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"},
    ]))
    .await;
    expect![[r#"the transaction did nothing: part 0 (put of Order {id: "1", shopper: "ann"}): the condition failed; part 1 (delete of Counter {id: 7}): something else is changing the item"#]].assert_eq(&error.to_string());
    assert!(!error.is_retryable());
    let Error::TransactionCancelled(cancelled) = error else { panic!("{error}") };
    let [first, second] = cancelled.parts() else { panic!("{cancelled}") };
    assert_eq!((first.index, first.action, first.item.table()), (0, PartAction::Put, "Order"));
    assert_eq!(first.found::<Order>(), Ok(Some(Order::new("1"))));
    assert!(matches!((second.index, &second.reason), (1, Cancellation::Conflict)));
}

#[tokio::test]
async fn a_part_that_was_possible_is_not_listed() {
    let error = refusal(json!([{"Code": "None"}, {"Code": "ConditionalCheckFailed"}])).await;
    expect!["the transaction did nothing: part 1 (delete of Counter {id: 7}): the condition failed, and there is no such item"].assert_eq(&error.to_string());
}

#[tokio::test]
async fn the_reasons_decide_what_a_caller_is_told() {
    let status = async |codes: [&str; 2]| {
        let error = refusal(json!(codes.map(|code| json!({"Code": code})))).await;
        (error.is_retryable(), crate::Error::from(error).status().as_u16())
    };
    assert_eq!(status(["ConditionalCheckFailed", "ThrottlingError"]).await, (false, 409));
    assert_eq!(status(["None", "TransactionConflict"]).await, (true, 409));
    assert_eq!(status(["ThrottlingError", "TransactionConflict"]).await, (true, 503));
    assert_eq!(status(["ValidationError", "TransactionConflict"]).await, (false, 500));
}

#[tokio::test]
async fn other_refusals_are_their_own_errors() {
    let refused = async |code: &str| {
        let recorder = Recorder::refusing(code, "why", &Value::Null);
        let tx = recorder.transact::<Counter>(1);
        tx.write([tx.tables().delete(1).into()]).await.unwrap_err()
    };
    assert!(matches!(refused("IdempotentParameterMismatchException").await, Error::IdempotentParameterMismatch));
    assert!(matches!(refused("AccessDeniedException").await, Error::AccessDenied(_)));
}

#[tokio::test]
async fn items_of_several_tables_are_read_at_one_moment() {
    let answer = json!({"Responses": [{"Item": Order::wire("1")}, {}, {"Item": {"id": {"N": "2"}}}]});
    let recorder = Recorder::answering([answer]);
    let tx = recorder.transact_read::<(Order, Counter)>(2);
    let (orders, counters) = tx.tables();
    let found = tx.get((orders.key(("ann", "1")), counters.key(1), counters.key(2))).await.unwrap();
    assert_eq!(found, (Some(Order::new("1")), None, Some(Counter { id: 2 })));
    expect![[r#"TransactGetItems {"TransactItems":[{"Get":{"Key":{"id":{"S":"1"},"shopper":{"S":"ann"}},"TableName":"shop-Table"}},{"Get":{"Key":{"id":{"N":"1"}},"TableName":"shop-Table"}},{"Get":{"Key":{"id":{"N":"2"}},"TableName":"shop-Table"}}]}"#]].assert_eq(&recorder.asked());
}

#[tokio::test]
async fn up_to_100_keys_of_a_table_are_read_at_one_moment() {
    let recorder = Recorder::answering([json!({"Responses": [{"Item": {"id": {"N": "1"}}}, {}]})]);
    let tx = recorder.transact_read::<Counter>(1);
    let counters = tx.tables();
    assert_eq!(tx.get_many([1, 2].map(|id| counters.key(id))).await.unwrap(), [Some(Counter { id: 1 }), None]);
    assert_eq!(tx.get_many([]).await.unwrap(), [] as [Option<Counter>; 0]);
    let error = tx.get_many((0..101).map(|id| counters.key(id))).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge(_)), "{error}");
    let error = tx.get((counters.key(1), counters.key(1))).await.unwrap_err();
    assert!(matches!(error, Error::DuplicateItem(_)), "{error}");
    assert_eq!(recorder.count(), 1);
}
