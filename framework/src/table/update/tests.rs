use expect_test::{Expect, expect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::{
    Attribute, Error, FromItem, ItemError, PartitionOnly, SetAttribute, Table, Update, Versioned, from_item,
    recorder::{Order, Recorder},
};
use super::Item;

fn updated() -> Recorder {
    Recorder::answering([json!({"Attributes": Order::wire("1")})])
}

#[tokio::test]
async fn an_update_gives_the_new_item() {
    let recorder = updated();
    let orders = recorder.write::<Order>();
    let update = orders.update(("ann", "1")).set(Order::STATUS, "paid").set(Order::NOTE, None).add(Order::CENTS, -5);
    let order = update.only_if(Order::STATUS.eq("open").or(Order::CENTS.eq(0))).await.unwrap();
    assert_eq!(order, Order::new("1"));
    expect![[r##"UpdateItem {"ConditionExpression":"attribute_exists(#n3) AND (#n0 = :v2 OR #n2 = :v3)","ExpressionAttributeNames":{"#n0":"status","#n1":"note","#n2":"cents","#n3":"shopper"},"ExpressionAttributeValues":{":v0":{"S":"paid"},":v1":{"N":"-5"},":v2":{"S":"open"},":v3":{"N":"0"}},"Key":{"id":{"S":"1"},"shopper":{"S":"ann"}},"ReturnValues":"ALL_NEW","ReturnValuesOnConditionCheckFailure":"ALL_OLD","UpdateExpression":"SET #n0 = :v0 REMOVE #n1 ADD #n2 :v1"}"##]].assert_eq(&recorder.asked());
}

#[tokio::test]
async fn an_update_may_create() {
    let recorder = updated();
    recorder.write::<Order>().update(("ann", "1")).add(Order::CENTS, 1_u8).or_create().await.unwrap();
    assert_eq!(recorder.body(0)["ConditionExpression"], Value::Null);
    assert_eq!(recorder.body(0)["ReturnValuesOnConditionCheckFailure"], Value::Null);
}

#[tokio::test]
async fn an_update_may_give_the_old_item_or_none() {
    let recorder = Recorder::answering([json!({"Attributes": Order::wire("1")}), json!({}), json!({})]);
    let orders = recorder.write::<Order>();
    let update = || orders.update(("ann", "1")).set(Order::NOTE, "x").or_create();
    assert_eq!(update().returning_old().await.unwrap(), Some(Order::new("1")));
    assert_eq!(update().returning_old().await.unwrap(), None);
    let () = update().returning_nothing().await.unwrap();
    let asked = [0, 2].map(|index| recorder.body(index)["ReturnValues"].clone());
    assert_eq!(asked, [json!("ALL_OLD"), Value::Null]);
}

struct Labels;

impl SetAttribute for Labels {
    type Element = String;
}

const LABELS: Attribute<Order, Option<Labels>> = Attribute::new("labels");
const LOG: Attribute<Order, Vec<String>> = Attribute::new("log");
const RATES: Attribute<Order, std::collections::BTreeMap<String, u64>> = Attribute::new("rates");

/// The update expression with its names and values, or the error before it is sent.
async fn check(change: impl FnOnce(Update<'_, Order>) -> Update<'_, Order>, expected: Expect) {
    let recorder = updated();
    let result = change(recorder.write::<Order>().update(("ann", "1"))).await;
    let shown = match result {
        Err(error) => {
            assert_eq!(recorder.count(), 0);
            error.to_string()
        }
        Ok(_) => {
            let body = recorder.body(0);
            let mut text = body["UpdateExpression"].as_str().unwrap_or("nothing").to_owned();
            for (key, name) in body["ExpressionAttributeNames"].as_object().into_iter().flatten() {
                text = text.replace(key, name.as_str().unwrap());
            }
            for (key, value) in body["ExpressionAttributeValues"].as_object().into_iter().flatten() {
                text = text.replace(key, &value.to_string());
            }
            text
        }
    };
    expected.assert_eq(&shown);
}

#[tokio::test]
async fn each_action_has_its_expression() {
    check(|it| it, expect!["nothing"]).await;
    check(|it| it.set(Order::CENTS, 5_u64), expect![[r#"SET cents = {"N":"5"}"#]]).await;
    check(|it| it.set(Order::NOTE, Order::STATUS), expect!["SET note = status"]).await;
    check(|it| it.set_if_absent(Order::NOTE, "x"), expect![[r#"SET note = if_not_exists(note, {"S":"x"})"#]]).await;
    check(|it| it.set(LOG.at(2), "x").remove(LOG.at(0)), expect![[r#"SET log[2] = {"S":"x"} REMOVE log[0]"#]]).await;
    check(
        |it| it.append(LOG, ["x", "y"]),
        expect![[r#"SET log = list_append(if_not_exists(log, {"L":[]}), {"L":[{"S":"x"},{"S":"y"}]})"#]],
    )
    .await;
    check(
        |it| it.prepend(LOG, ["x"]),
        expect![[r#"SET log = list_append({"L":[{"S":"x"}]}, if_not_exists(log, {"L":[]}))"#]],
    )
    .await;
    check(|it| it.append(LOG, [""; 0]), expect!["nothing"]).await;
    check(|it| it.add(Order::CENTS, 1_u64), expect![[r#"ADD cents {"N":"1"}"#]]).await;
    check(
        |it| it.add(RATES.entry("eu.a"), 1_u64),
        expect![[r#"SET rates.eu.a = if_not_exists(rates.eu.a, {"N":"0"}) + {"N":"1"}"#]],
    )
    .await;
    check(|it| it.add(LABELS, ["b", "a", "b"]), expect![[r#"ADD labels {"SS":["a","b"]}"#]]).await;
    check(|it| it.delete(LABELS, vec!["a"]), expect![[r#"DELETE labels {"SS":["a"]}"#]]).await;
    check(|it| it.delete(LABELS, [""; 0]).add(LABELS, &[] as &[&str]), expect!["nothing"]).await;
}

#[tokio::test]
async fn paths_that_overlap_are_not_sent() {
    check(|it| it.set(Order::NOTE, "x").remove(Order::NOTE), expect!["`note`: it is changed twice in one update"])
        .await;
    check(|it| it.remove(LOG).append(LOG, ["x"]), expect!["`log`: it is changed twice in one update"]).await;
    check(
        |it| it.remove(LOG.at(1)).set(LOG, vec![]),
        expect!["`log`: it overlaps with `log[1]`, which the same update changes"],
    )
    .await;
    check(|it| it.set(LOG.at(1), "a").set(LOG.at(2), "b"), expect![[r#"SET log[1] = {"S":"a"}, log[2] = {"S":"b"}"#]])
        .await;
}

#[tokio::test]
async fn a_key_is_not_changed() {
    const ID: Attribute<Order, String> = Attribute::new("id");
    check(
        |it| it.set(Order::NOTE, "x").set(ID, "2"),
        expect!["`id`: an update cannot change a key: put the item under its new key and delete the old one"],
    )
    .await;
}

#[tokio::test]
async fn a_value_that_cannot_be_stored_is_not_sent() {
    const RATIO: Attribute<Order, f64> = Attribute::new("ratio");
    check(|it| it.set(RATIO, f64::NAN), expect!["`ratio`: DynamoDB has no number for NaN"]).await;
    check(
        |it| it.set_if_absent(Order::NOTE, "x").add(RATIO, f64::NAN),
        expect!["`ratio`: DynamoDB has no number for NaN"],
    )
    .await;
}

async fn refused(more: Value) -> Error {
    let recorder = Recorder::refusing("ConditionalCheckFailedException", "The conditional request failed", &more);
    recorder.write::<Order>().update(("ann", "1")).set(Order::NOTE, "x").await.unwrap_err()
}

#[tokio::test]
async fn a_missing_item_is_told_from_one_that_is_otherwise() {
    assert!(matches!(refused(json!({})).await, Error::ItemNotFound));
    let Error::ConditionFailed(found) = refused(json!({"Item": Order::wire("1")})).await else { panic!() };
    assert_eq!(found.item().unwrap(), Some(Order::new("1")));
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Account {
    id: u64,
    version: u64,
}

impl FromItem for Account {
    fn from_item(item: Item) -> Result<Self, ItemError> {
        from_item(item)
    }
}

impl Table for Account {
    const NAME: &'static str = "Account";
    const PARTITION_KEY: &'static str = "id";
    const SORT_KEY: Option<&'static str> = None;
    const VERSION: Option<&'static str> = Some("version");
    type Shape = PartitionOnly<u64>;
}

impl Versioned for Account {}

#[tokio::test]
async fn each_write_makes_the_version_greater_and_compares_what_it_was_told() {
    let account = json!({"id": {"N": "1"}, "version": {"N": "2"}});
    let recorder = Recorder::answering([json!({}), json!({}), json!({}), json!({"Attributes": account})]);
    let accounts = recorder.write::<Account>();
    accounts.put(&Account { id: 1, version: 0 }).await.unwrap();
    accounts.put(&Account { id: 1, version: 7 }).await.unwrap();
    accounts.put_new(&Account { id: 1, version: 0 }).await.unwrap();
    accounts.update(1).expecting(1_u64).await.unwrap();
    accounts.delete(1).expecting(2_u32).await.unwrap();
    expect![[r##"
        PutItem {"ConditionExpression":"attribute_not_exists(#n0)","ExpressionAttributeNames":{"#n0":"version"},"Item":{"id":{"N":"1"},"version":{"N":"1"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}
        PutItem {"ConditionExpression":"#n0 = :v0","ExpressionAttributeNames":{"#n0":"version"},"ExpressionAttributeValues":{":v0":{"N":"7"}},"Item":{"id":{"N":"1"},"version":{"N":"8"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}
        PutItem {"ConditionExpression":"attribute_not_exists(#n0)","ExpressionAttributeNames":{"#n0":"id"},"Item":{"id":{"N":"1"},"version":{"N":"1"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}
        UpdateItem {"ConditionExpression":"attribute_exists(#n1) AND #n0 = :v1","ExpressionAttributeNames":{"#n0":"version","#n1":"id"},"ExpressionAttributeValues":{":v0":{"N":"1"},":v1":{"N":"1"}},"Key":{"id":{"N":"1"}},"ReturnValues":"ALL_NEW","ReturnValuesOnConditionCheckFailure":"ALL_OLD","UpdateExpression":"ADD #n0 :v0"}
        DeleteItem {"ConditionExpression":"#n0 = :v0","ExpressionAttributeNames":{"#n0":"version"},"ExpressionAttributeValues":{":v0":{"N":"2"}},"Key":{"id":{"N":"1"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}"##]].assert_eq(&recorder.asked());
}

#[tokio::test]
async fn another_version_is_told_from_another_condition() {
    let refusing = |item: Value| {
        Recorder::refusing("ConditionalCheckFailedException", "The conditional request failed", &json!({"Item": item}))
    };
    let stored = || json!({"id": {"N": "1"}, "version": {"N": "2"}});
    let put = refusing(stored()).write::<Account>().put(&Account { id: 1, version: 1 }).await;
    let Err(Error::VersionConflict(found)) = put else { panic!("{put:?}") };
    assert_eq!(found.item().unwrap(), Some(Account { id: 1, version: 2 }));
    let same = refusing(stored()).write::<Account>().put(&Account { id: 1, version: 2 }).await;
    assert!(matches!(same, Err(Error::ConditionFailed(_))), "{same:?}");
    let gone = refusing(json!({})).write::<Account>().delete(1).expecting(1_u64).await;
    assert!(matches!(gone, Err(Error::VersionConflict(_))), "{gone:?}");
    let none = refusing(json!({})).write::<Account>().update(1).expecting(1_u64).await;
    assert!(matches!(none, Err(Error::ItemNotFound)), "{none:?}");
    let there = refusing(stored()).write::<Account>().put_new(&Account { id: 1, version: 0 }).await;
    assert!(matches!(there, Err(Error::ConditionFailed(_))), "{there:?}");
}

#[tokio::test]
async fn a_batch_does_not_write_over_versions() {
    let recorder = Recorder::default();
    let error = recorder.write::<Account>().put_many(&[Account { id: 1, version: 1 }]).await.unwrap_err();
    expect!["`version`: a batch cannot compare the versions of `Account`: write each item by itself"]
        .assert_eq(&error.to_string());
    assert_eq!(recorder.count(), 0);
}
