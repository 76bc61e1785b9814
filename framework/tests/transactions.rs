//! Transactions as handlers use them, against the local runner's DynamoDB and with the handlers' own policies.

use aws_sdk_dynamodb::error::ProvideErrorMetadata as _;
use serde::{Deserialize, Serialize};
use skyloom::{
    Error, Json, Table, Transact, TransactRead, Write, handler,
    table::{self, Cancellation, PartAction},
};
use skyloom_local::Local;

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Order {
    #[partition_key]
    shopper: String,
    #[sort_key]
    id: u64,
    sku: String,
}

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Stock {
    #[partition_key]
    sku: String,
    count: i64,
}

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Shopper {
    #[partition_key]
    name: String,
    blocked: bool,
}

fn order(id: u64) -> Order {
    Order { shopper: "ann".into(), id, sku: "pen".into() }
}

type Shop = Transact<(Order, Stock, Shopper)>;

/// Stores the order, takes it from the stock, and looks that the shopper is not blocked.
async fn place_order(tx: &Shop, order: &Order, token: &str) -> Result<(), table::Error> {
    let (orders, stock, shoppers) = tx.tables();
    tx.write([
        orders.put_new(order).into(),
        stock.update(&order.sku).add(Stock::COUNT, -1).only_if(Stock::COUNT.gt(0)).into(),
        shoppers.check(&order.shopper, Shopper::BLOCKED.eq(false)),
    ])
    .token(token)
    .await
}

#[handler(invoke)]
async fn place(Json((order, token)): Json<(Order, String)>, tx: Shop) -> Result<(), table::Error> {
    place_order(&tx, &order, &token).await
}

#[handler(invoke)]
async fn place_in_vain(Json(order): Json<Order>, tx: Shop) -> Result<Json<String>, Error> {
    let error = place_order(&tx, &order, "in vain").await.expect_err("it is not possible");
    let table::Error::TransactionCancelled(cancelled) = &error else { return Err(error.into()) };
    for part in cancelled.parts() {
        let known = match part.action {
            PartAction::Put => part.found::<Order>().map(|found| found.is_some()),
            PartAction::Update => part.found::<Stock>().map(|found| found.is_some_and(|stock| stock.count == 0)),
            PartAction::Check => part.found::<Shopper>().map(|found| found.is_some_and(|shopper| shopper.blocked)),
            _ => Ok(false),
        };
        assert!(matches!(part.reason, Cancellation::ConditionFailed(_)) && known == Ok(true), "{part}");
    }
    Ok(Json(error.to_string()))
}

async fn shop(app: &Local, count: i64) {
    app.table::<Stock>().put(&Stock { sku: "pen".into(), count }).await;
    app.table::<Shopper>().put(&Shopper { name: "ann".into(), blocked: false }).await;
}

#[skyloom_local::test]
async fn all_parts_of_a_transaction_happen(app: Local) {
    shop(&app, 2).await;
    app.invoke::<()>("place", &(order(1), "t-1")).await.unwrap();
    assert_eq!(app.table::<Order>().all().await, [order(1)]);
    assert_eq!(app.table::<Stock>().get("pen").await.unwrap().count, 1);
}

#[skyloom_local::test]
async fn the_same_token_does_it_once_and_other_parts_are_told(app: Local) {
    shop(&app, 5).await;
    for _ in 0..3 {
        app.invoke::<()>("place", &(order(1), "t-1")).await.unwrap();
    }
    assert_eq!(app.table::<Stock>().get("pen").await.unwrap().count, 4);
    let error = app.invoke::<()>("place", &(order(2), "t-1")).await.unwrap_err();
    assert!(error.contains("used for another request"), "{error}");
    assert_eq!(app.table::<Order>().all().await, [order(1)]);
}

#[skyloom_local::test]
async fn no_part_happens_if_one_is_not_possible(app: Local) {
    shop(&app, 1).await;
    app.invoke::<()>("place", &(order(1), "t-1")).await.unwrap();
    let twice: String = app.invoke("place_in_vain", &order(1)).await.unwrap();
    assert_eq!(
        twice,
        "the transaction did nothing: part 0 (put of Order {id: 1, shopper: \"ann\"}): the condition failed; \
         part 1 (update of Stock {sku: \"pen\"}): the condition failed"
    );
    app.table::<Shopper>().put(&Shopper { name: "ann".into(), blocked: true }).await;
    app.table::<Stock>().put(&Stock { sku: "pen".into(), count: 9 }).await;
    let blocked: String = app.invoke("place_in_vain", &order(2)).await.unwrap();
    assert!(blocked.ends_with("part 2 (check of Shopper {name: \"ann\"}): the condition failed"), "{blocked}");
    assert_eq!(app.table::<Order>().all().await, [order(1)]);
    assert_eq!(app.table::<Stock>().get("pen").await.unwrap().count, 9);
}

#[handler(invoke)]
async fn reads_together(tx: TransactRead<(Order, Stock)>) -> Result<(), Error> {
    let (orders, stock) = tx.tables();
    let found = tx.get((orders.key(("ann", 1)), stock.key("pen"), stock.key("ink"))).await?;
    assert_eq!(found, (Some(order(1)), Some(Stock { sku: "pen".into(), count: 1 }), None));
    let many = tx.get_many((0..100).map(|id| orders.key(("ann", id)))).await?;
    assert_eq!(many.into_iter().flatten().collect::<Vec<_>>(), [order(1)]);
    let refused = tx.client().scan().table_name("x").send().await.expect_err("the policy does not grant it");
    assert_eq!(refused.code(), Some("AccessDeniedException"));
    Ok(())
}

#[skyloom_local::test]
async fn items_of_several_tables_are_read_together(app: Local) {
    shop(&app, 2).await;
    app.invoke::<()>("place", &(order(1), "t-1")).await.unwrap();
    app.invoke::<()>("reads_together", &()).await.unwrap();
}

#[skyloom_local::test]
async fn a_transaction_grants_what_its_parts_need_and_nothing_else(app: Local) {
    let granted = |name: &str| {
        let function = app.manifest().functions.iter().find(|function| function.name == name).unwrap();
        function.permissions.iter().map(|permission| permission.actions.join(" ")).collect::<Vec<_>>()
    };
    let writes = "dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:UpdateItem";
    assert_eq!(granted("place"), [writes; 3]);
    assert_eq!(granted("reads_together"), ["dynamodb:GetItem"; 2]);
}

#[handler(invoke)]
async fn writes_many(stock: Write<Stock>) -> Result<(), Error> {
    let all: Vec<_> = (0..60).map(|number| Stock { sku: number.to_string(), count: number }).collect();
    stock.put_many(&all).await?;
    let puts = all[..20].iter().map(|old| stock.put_request(&Stock { count: 100, ..old.clone() }));
    let deletes = all[20..40].iter().map(|old| stock.delete_request(&old.sku));
    stock.write_many(puts.chain(deletes).collect::<Vec<_>>()).await?;
    stock.delete_many(all[50..].iter().map(|old| &old.sku)).await?;
    Ok(())
}

#[skyloom_local::test]
async fn many_items_are_put_and_deleted(app: Local) {
    app.invoke::<()>("writes_many", &()).await.unwrap();
    let all = app.table::<Stock>().all().await;
    assert_eq!(all.len(), 30);
    assert_eq!(all.iter().filter(|stock| stock.count == 100).count(), 20);
}
