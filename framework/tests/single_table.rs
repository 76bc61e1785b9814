//! Entities that share a table, against the local runner's DynamoDB and with the handlers' own policies.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    types::{AttributeValue, Put, PutRequest, TransactWriteItem, WriteRequest},
};
use expect_test::expect;
use serde::{Deserialize, Serialize};
use skyloom::{
    Change, ChangeRecord, Collection, Entity, Error, Json, Read, ReadCollection, ReadIndex, Scan, Table, Write,
    handler, tracing,
};
use skyloom_local::Local;

#[derive(Table)]
#[table(stream = "new-and-old-images", ttl = "expires_at")]
#[index(Inverted, partition = "sk", sort = "pk")]
#[index(ByDay, partition = "gsi1pk", sort = "gsi1sk")]
struct Shop;

#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{email}", sort = "PROFILE")]
struct Customer {
    email: String,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{id:06}")]
#[index(ByDay, partition = "DAY#{day}", sort = "ORDER#{id:06}")]
struct Order {
    customer: String,
    id: u64,
    day: String,
    total_cents: u64,
}

/// Its keys begin as those of an order do.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{order:06}#LINE#{line:03}", name = "Line")]
#[index(ByDay, partition = "DAY#{day}", sort = "LINE#{order:06}#{line:03}")]
struct OrderLine {
    customer: String,
    order: u64,
    line: u16,
    day: String,
    product: String,
}

#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "PRODUCT#{id}", sort = "PRODUCT#{id_again}")]
struct Product {
    id: String,
    id_again: String,
}

#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "CART")]
struct Cart {
    customer: String,
    expires_at: u64,
}

#[derive(Clone, Debug, PartialEq, Collection)]
enum CustomerItems {
    Customer(Customer),
    Order(Order),
    Line(OrderLine),
}

#[derive(Clone, Debug, PartialEq, Collection)]
enum Bought {
    Order(Order),
    Line(OrderLine),
}

#[derive(Clone, Debug, PartialEq, Collection)]
#[collection(index = ByDay)]
enum OfDay {
    Order(Order),
    Line(OrderLine),
}

fn customer(email: &str) -> Customer {
    Customer { email: email.into(), name: "A".into() }
}

fn order(customer: &str, id: u64) -> Order {
    Order { customer: customer.into(), id, day: "2026-07-01".into(), total_cents: id * 100 }
}

fn line(customer: &str, order: u64, line: u16) -> OrderLine {
    OrderLine { customer: customer.into(), order, line, day: "2026-07-01".into(), product: "tea".into() }
}

#[handler(invoke)]
async fn fill(
    customers: Write<Customer>,
    orders: Write<Order>,
    lines: Write<OrderLine>,
    products: Write<Product>,
) -> Result<(), Error> {
    for email in ["ann", "bob"] {
        customers.put_new(&customer(email)).await?;
        orders.put_many(&[order(email, 1), order(email, 2)]).await?;
        lines.put_many(&[line(email, 1, 1), line(email, 1, 2)]).await?;
    }
    products.put(&Product { id: "tea".into(), id_again: "tea".into() }).await?;
    assert!(matches!(customers.put_new(&customer("ann")).await, Err(skyloom::table::Error::ConditionFailed { .. })));
    Ok(())
}

#[handler(invoke)]
async fn entities(
    customers: Read<Customer>,
    orders: Read<Order>,
    lines: Read<OrderLine>,
    all: Scan<Order>,
) -> Result<(), Error> {
    assert_eq!(customers.get("ann").await?, Some(customer("ann")));
    assert_eq!(customers.query("ann").all().await?, [customer("ann")]);
    assert_eq!(orders.get(("ann", 2)).await?, Some(order("ann", 2)));
    assert_eq!(orders.get(("ann", 3)).await?, None);
    assert_eq!(orders.query("ann").all().await?, [order("ann", 1), order("ann", 2)]);
    assert_eq!(orders.query("ann").sort_ge(2).all().await?, [order("ann", 2)]);
    assert_eq!(orders.query("ann").descending().first().await?, Some(order("ann", 2)));
    assert_eq!(orders.query("ann").count().await?, 2);
    assert_eq!(orders.query("ann").filter(Order::TOTAL_CENTS.lt(150)).all().await?, [order("ann", 1)]);
    assert_eq!(lines.query("ann").sort_eq(1).all().await?, [line("ann", 1, 1), line("ann", 1, 2)]);
    assert_eq!(lines.get(("ann", (1, 2))).await?, Some(line("ann", 1, 2)));
    assert_eq!(all.all().await?.len(), 4);
    Ok(())
}

#[handler(invoke)]
async fn collections(items: ReadCollection<CustomerItems>, bought: ReadCollection<Bought>) -> Result<(), Error> {
    use CustomerItems as I;
    let expected = [
        I::Order(order("ann", 1)),
        I::Line(line("ann", 1, 1)),
        I::Line(line("ann", 1, 2)),
        I::Order(order("ann", 2)),
        I::Customer(customer("ann")),
    ];
    assert_eq!(items.query("ann").all().await?, expected);
    assert_eq!(items.query("ann").sort_begins_with("ORDER#000001").all().await?, expected[..3]);
    let page = items.query("ann").limit(2).page().await?;
    assert_eq!(items.query("ann").after(page.next).all().await?, expected[2..]);
    assert_eq!(bought.query("ann").count().await?, 4);
    assert_eq!(bought.query("ann").all().await?.len(), 4);
    Ok(())
}

#[handler(invoke)]
async fn by_index(
    inverted: ReadIndex<Inverted, Order>,
    profiles: ReadIndex<Inverted, Customer>,
    by_day: ReadIndex<ByDay, Order>,
    of_day: ReadIndex<ByDay, OfDay>,
) -> Result<(), Error> {
    assert_eq!(inverted.query(1).all().await?, [order("ann", 1), order("bob", 1)]);
    assert_eq!(inverted.query(1).sort_gt("ann").all().await?, [order("bob", 1)]);
    assert_eq!(profiles.query(()).all().await?, [customer("ann"), customer("bob")]);
    assert_eq!(by_day.query("2026-07-01").sort_eq(2).count().await?, 2);
    assert_eq!(by_day.query("2026-07-01").all().await?.len(), 4);
    assert_eq!(of_day.query("2026-07-01").sort_begins_with("LINE#").count().await?, 4);
    assert_eq!(of_day.query("2026-07-01").all().await?.len(), 8);
    Ok(())
}

#[skyloom_local::test]
async fn entities_of_a_table_do_not_see_each_other(app: Local) {
    app.invoke::<()>("fill", &()).await.unwrap();
    app.invoke::<()>("entities", &()).await.unwrap();
    assert_eq!(app.table::<Product>().all().await.len(), 1);
}

#[skyloom_local::test]
async fn a_collection_has_all_entities_of_a_partition(app: Local) {
    app.invoke::<()>("fill", &()).await.unwrap();
    app.invoke::<()>("collections", &()).await.unwrap();
}

#[skyloom_local::test]
async fn entities_are_read_through_indexes_of_their_table(app: Local) {
    app.invoke::<()>("fill", &()).await.unwrap();
    app.invoke::<()>("by_index", &()).await.unwrap();
}

/// Has the rights of a customer's reader and writer, and tries to use them on a product.
#[handler(invoke)]
async fn trespass(read: Read<Customer>, write: Write<Customer>) -> Result<Json<Vec<String>>, Error> {
    let (client, table) = (write.client(), write.table_name());
    let key = |partition: &str| {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        HashMap::from([("pk".to_owned(), text(partition)), ("sk".to_owned(), text("PROFILE"))])
    };
    let put_request = |partition: &str| {
        let put = PutRequest::builder().set_item(Some(key(partition))).build().expect("it has an item");
        WriteRequest::builder().put_request(put).build()
    };
    let transact_put = |partition: &str| {
        let put = Put::builder().table_name(table).set_item(Some(key(partition))).build().expect("it has an item");
        TransactWriteItem::builder().put(put).build()
    };
    let mut answers = Vec::new();
    for partition in ["CUSTOMER#ann", "PRODUCT#tea"] {
        let put = client.put_item().table_name(table).set_item(Some(key(partition))).send().await;
        answers.push(shown("PutItem", put));
        let batch = [put_request("CUSTOMER#bob"), put_request(partition)].into_iter().collect();
        let batch = client.batch_write_item().request_items(table, batch).send().await;
        answers.push(shown("BatchWriteItem", batch));
        let transaction = client.transact_write_items().transact_items(transact_put("CUSTOMER#eve"));
        let transaction = transaction.transact_items(transact_put(partition)).send().await;
        answers.push(shown("TransactWriteItems", transaction));
        let get = read.client().get_item().table_name(table).set_key(Some(key(partition))).send().await;
        answers.push(shown("GetItem", get));
        let query = read.client().query().table_name(table).key_condition_expression("pk = :p");
        let query = query.expression_attribute_values(":p", AttributeValue::S(partition.to_owned())).send().await;
        answers.push(shown("Query", query));
    }
    Ok(Json(answers))
}

fn shown<T, E, R>(operation: &str, result: Result<T, SdkError<E, R>>) -> String
where
    E: ProvideErrorMetadata,
{
    let code = result.err().map(|error| error.code().unwrap_or("no answer").to_owned());
    format!("{operation}: {}", code.as_deref().unwrap_or("done"))
}

#[skyloom_local::test]
async fn a_handler_of_an_entity_may_not_touch_another_one(app: Local) {
    let answers: Vec<String> = app.invoke("trespass", &()).await.unwrap();
    expect![[r#"
        PutItem: done
        BatchWriteItem: done
        TransactWriteItems: done
        GetItem: done
        Query: done
        PutItem: AccessDeniedException
        BatchWriteItem: AccessDeniedException
        TransactWriteItems: AccessDeniedException
        GetItem: AccessDeniedException
        Query: AccessDeniedException"#]]
    .assert_eq(&answers.join("\n"));
    let permissions = &app.manifest().function("trespass").unwrap().permissions;
    assert!(permissions.iter().all(|permission| permission.leading_keys == ["CUSTOMER#*"]), "{permissions:?}");
}

#[skyloom_local::test]
async fn who_takes_several_entities_may_do_to_each_what_it_takes_it_for(app: Local) {
    let permissions = &app.manifest().function("fill").unwrap().permissions;
    let [permission] = &permissions[..] else { panic!("{permissions:?}") };
    assert_eq!(permission.leading_keys, ["CUSTOMER#*", "PRODUCT#*"]);
    let permissions = &app.manifest().function("entities").unwrap().permissions;
    let scan = permissions.iter().find(|permission| permission.actions == ["dynamodb:Scan"]).unwrap();
    assert_eq!(scan.leading_keys, [""; 0], "a scan is about no key");
}

/// What happened, in a word.
fn word<T>(change: &Change<T>) -> &'static str {
    match change {
        Change::Inserted { .. } => "inserted",
        Change::Modified { .. } => "modified",
        Change::Removed { expired: true, .. } => "expired",
        Change::Removed { .. } => "removed",
    }
}

#[handler(stream = Shop)]
async fn orders_change(change: Change<Order>) {
    let order = change.new_item().or(change.old_item()).expect("it has one of both");
    tracing::info!(said = format!("{} {} {}", word(&change), order.customer, order.id), "change");
}

/// Of a range the function judges the numbers itself.
#[handler(stream = Shop, filter(new.total_cents >= 200), filter(old.total_cents >= 1000, event = "remove"))]
async fn orders_of_weight(changes: Vec<Change<Order>>) {
    let said: Vec<_> = changes.iter().map(word).collect();
    tracing::info!(said = said.join(" "), "change");
}

#[handler(stream = Shop, filter(any(event = "remove", event = "insert")))]
async fn carts_come_and_go(cart: ChangeRecord<Cart>) {
    tracing::info!(said = word(&cart.change), "change");
}

#[handler(stream = Shop)]
async fn things_are_bought(changes: Vec<Change<Bought>>) {
    for change in changes {
        let what = match change.into_new() {
            Some(Bought::Order(_)) => "order",
            Some(Bought::Line(line)) => &line.product.clone(),
            None => "nothing",
        };
        tracing::info!(said = what, "change");
    }
}

/// What a stream's handler said of each change.
fn said(app: &Local, function: &str) -> Vec<String> {
    let lines = app.logs(function).into_iter();
    let lines = lines.filter_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok());
    lines.filter_map(|line| line["said"].as_str().map(str::to_owned)).collect()
}

#[skyloom_local::test]
async fn a_stream_handler_gets_the_changes_of_its_entity(app: Local) {
    app.table::<Order>().put(&order("ann", 1)).await;
    app.table::<OrderLine>().put(&line("ann", 1, 1)).await;
    app.table::<Order>().put(&Order { total_cents: 1000, ..order("ann", 1) }).await;
    app.table::<Order>().put(&Order { total_cents: 2000, ..order("ann", 1) }).await;
    app.table::<Order>().delete(("ann", 1)).await;
    app.settle().await;
    assert_eq!(said(&app, "orders_change"), ["inserted ann 1", "modified ann 1", "modified ann 1", "removed ann 1"]);
    assert_eq!(said(&app, "orders_of_weight"), ["modified modified removed"]);
    assert_eq!(said(&app, "things_are_bought"), ["order", "tea", "order", "order", "nothing"]);
}

#[skyloom_local::test]
async fn the_changes_of_another_entity_invoke_nothing(app: Local) {
    app.table::<Customer>().put(&customer("ann")).await;
    app.table::<Product>().put(&Product { id: "tea".into(), id_again: "tea".into() }).await;
    app.table::<Customer>().delete("ann").await;
    app.settle().await;
    for function in ["orders_change", "orders_of_weight", "carts_come_and_go", "things_are_bought"] {
        assert_eq!(app.invocations(function), 0, "{function}");
    }
}

#[skyloom_local::test]
async fn an_entity_whose_time_is_over_is_a_change_of_it_alone(app: Local) {
    let soon = app.now() + Duration::from_secs(3600);
    let expires_at = soon.duration_since(std::time::UNIX_EPOCH).expect("it is later").as_secs();
    app.table::<Cart>().put(&Cart { customer: "ann".into(), expires_at }).await;
    app.advance(Duration::from_secs(4 * 24 * 3600)).await;
    assert_eq!(said(&app, "carts_come_and_go"), ["inserted", "expired"]);
    assert_eq!(app.invocations("orders_change"), 0);
}

/// A mapping that was made for another version of the handler may deliver what this one does not take.
#[skyloom_local::test]
async fn changes_of_other_entities_that_come_all_the_same_are_passed_over(app: Local) {
    let record = |number: &str, kind: &str| {
        let text = |text: &str| serde_json::json!({ "S": text });
        let item = serde_json::json!({ "pk": text("CUSTOMER#ann"), "sk": text("ORDER#000007"), "entity": text(kind),
            "day": text("2026-07-01"), "total_cents": { "N": "700" } });
        serde_json::json!({ "eventName": "INSERT", "dynamodb": { "SequenceNumber": number, "NewImage": item } })
    };
    let event = serde_json::json!({ "Records": [record("1", "Customer"), record("2", "Order"), record("3", "Line")] });
    let answer: serde_json::Value = app.invoke("orders_change", &event).await.unwrap();
    assert_eq!(answer, serde_json::json!({ "batchItemFailures": [] }));
    assert_eq!(said(&app, "orders_change"), ["inserted ann 7"]);
}
