//! An argument's type is a policy: of what it grants, its methods need every action, and nothing else.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;
use skyloom::{
    Collection, Entity, Error, Key, Read, ReadCollection, ReadIndex, Scan, Table, Transact, TransactRead, Write,
    handler,
};
use skyloom_local::{__private::run, Local};
use skyloom_manifest::Resource;

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[index(ByStatus, partition = "status")]
#[index(ByCents, local, sort = "cents")]
struct Order {
    #[partition_key]
    shopper: String,
    #[sort_key]
    id: u64,
    status: Status,
    cents: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Key, Serialize, Deserialize)]
enum Status {
    Open,
}

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Stock {
    #[partition_key]
    sku: String,
    count: i64,
}

#[derive(Table)]
#[index(Inverted, partition = "sk", sort = "pk")]
struct Shop;

#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{email}", sort = "PROFILE")]
struct Customer {
    email: String,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Collection)]
enum CustomerItems {
    Customer(Customer),
}

fn order(id: u64) -> Order {
    Order { shopper: "ann".into(), id, status: Status::Open, cents: 5 }
}

fn customer() -> Customer {
    Customer { email: "ann".into(), name: "Ann".into() }
}

#[handler(invoke)]
async fn reads(orders: Read<Order>) -> Result<(), Error> {
    orders.get(("ann", 1)).await?;
    orders.get_consistent(("ann", 1)).await?;
    orders.get_many([("ann", 1)]).await?;
    orders.query("ann").consistent().page().await?;
    orders.query("ann").count().await?;
    Ok(())
}

#[handler(invoke)]
async fn writes(orders: Write<Order>) -> Result<(), Error> {
    orders.put(&order(1)).await?;
    orders.put_new(&order(2)).returning_old().await?;
    orders.update(("ann", 1)).set(Order::CENTS, 6_u64).await?;
    orders.delete(("ann", 1)).returning_old().await?;
    orders.put_many([&order(3)]).await?;
    orders.write_many([orders.put_request(&order(4)), orders.delete_request(("ann", 3))]).await?;
    Ok(())
}

#[handler(invoke)]
async fn reads_an_index(by_status: ReadIndex<ByStatus>) -> Result<(), Error> {
    by_status.query(Status::Open).all().await?;
    Ok(())
}

#[handler(invoke)]
async fn reads_a_local_index(by_cents: ReadIndex<ByCents>) -> Result<(), Error> {
    by_cents.query("ann").sort_gt(1).consistent().all().await?;
    Ok(())
}

#[handler(invoke)]
async fn scans(orders: Scan<Order>) -> Result<(), Error> {
    orders.all().await?;
    orders.items().count().await?;
    Ok(())
}

#[handler(invoke)]
async fn transacts(tx: Transact<(Order, Stock)>) -> Result<(), Error> {
    let (orders, stock) = tx.tables();
    let open = || Order::STATUS.eq(Status::Open);
    let pen = |sku: &str| Stock { sku: sku.into(), count: 1 };
    tx.write([orders.put_new(&order(1)).into(), orders.put(&order(2)).into(), stock.put(&pen("pen")).into()]).await?;
    tx.write([
        orders.update(("ann", 1)).set(Order::CENTS, 6_u64).into(),
        orders.check(("ann", 2), open()),
        stock.update("pen").add(Stock::COUNT, 1).into(),
        stock.delete("cap").into(),
    ])
    .await?;
    tx.write([orders.delete(("ann", 2)).into(), stock.check("pen", Stock::COUNT.gt(0))]).await?;
    Ok(())
}

#[handler(invoke)]
async fn reads_in_a_transaction(tx: TransactRead<(Order, Stock)>) -> Result<(), Error> {
    let (orders, stock) = tx.tables();
    tx.get((orders.key(("ann", 1)), stock.key("pen"))).await?;
    Ok(())
}

#[handler(invoke)]
async fn writes_an_entity(customers: Write<Customer>) -> Result<(), Error> {
    customers.put(&customer()).await?;
    customers.update("ann").set(Customer::NAME, "A").await?;
    customers.put_many([&customer()]).await?;
    customers.delete("ann").await?;
    Ok(())
}

#[handler(invoke)]
async fn reads_an_entity(customers: Read<Customer>) -> Result<(), Error> {
    customers.get("ann").await?;
    customers.get_many(["ann"]).await?;
    customers.query("ann").all().await?;
    Ok(())
}

#[handler(invoke)]
async fn reads_a_collection(items: ReadCollection<CustomerItems>) -> Result<(), Error> {
    items.query("ann").all().await?;
    Ok(())
}

#[handler(invoke)]
async fn reads_a_shared_index(profiles: ReadIndex<Inverted, Customer>) -> Result<(), Error> {
    profiles.query(()).all().await?;
    Ok(())
}

/// What a function is granted: actions, each with the ARN that it is on.
fn granted(app: &Local, function: &str) -> BTreeSet<(String, String)> {
    let name = &app.manifest().application;
    let table = |table: &str| format!("arn:aws:dynamodb:us-east-1:000000000000:table/{name}-{table}");
    let permissions = &app.manifest().function(function).expect("the function").permissions;
    let grants = permissions.iter().flat_map(|permission| {
        let on = match &permission.resource {
            Resource::Table { table: name } => table(name),
            Resource::Index { table: name, index } => format!("{}/index/{index}", table(name)),
            Resource::Secret { secret } => secret.clone(),
            Resource::Connections { api, method } => format!("{api} {}", method.as_str()),
            Resource::Arn { arn } => arn.clone(),
        };
        permission.actions.iter().map(move |action| (action.clone(), on.clone()))
    });
    grants.collect()
}

/// Runs a function in an application of its own, without one of its permissions if that is named.
fn used(function: &str, without: Option<&str>) -> (Result<(), String>, BTreeSet<(String, String)>) {
    let mut used = None;
    run(skyloom::__private::application("skyloom"), function, async |app| {
        app.table::<Order>().put(&order(9)).await;
        app.table::<Stock>().put(&Stock { sku: "pen".into(), count: 5 }).await;
        if let Some(action) = without {
            app.revoke(function, action);
        }
        let result = app.invoke::<()>(function, &()).await;
        used = Some((result, app.used_permissions(function)));
    });
    used.expect("the test has run")
}

#[skyloom_local::test]
async fn every_argument_is_tried_here(app: Local) {
    let functions: BTreeSet<&str> = app.manifest().functions.iter().map(|function| function.name.as_str()).collect();
    assert_eq!(functions, FUNCTIONS.into_iter().collect());
}

const FUNCTIONS: [&str; 11] = [
    "reads",
    "reads_a_collection",
    "reads_a_local_index",
    "reads_a_shared_index",
    "reads_an_entity",
    "reads_an_index",
    "reads_in_a_transaction",
    "scans",
    "transacts",
    "writes",
    "writes_an_entity",
];

#[skyloom_local::test]
async fn what_an_argument_grants_its_methods_use(app: Local) {
    let granted = FUNCTIONS.map(|function| granted(&app, function));
    let used = std::thread::spawn(|| FUNCTIONS.map(|function| used(function, None))).join().expect("no panic");
    for ((function, granted), (result, used)) in FUNCTIONS.iter().zip(granted).zip(used) {
        assert_eq!(result, Ok(()), "{function}");
        assert_eq!(used, granted, "{function}");
    }
}

#[skyloom_local::test]
async fn without_any_one_action_it_fails(app: Local) {
    let mut cases = Vec::new();
    for function in FUNCTIONS {
        let actions: BTreeSet<String> = granted(&app, function).into_iter().map(|(action, _)| action).collect();
        cases.extend(actions.into_iter().map(|action| (function, action)));
    }
    let results = std::thread::spawn(|| {
        let results = cases.into_iter().map(|(function, action)| (used(function, Some(&action)).0, function, action));
        results.collect::<Vec<_>>()
    });
    for (result, function, action) in results.join().expect("no panic") {
        let error = result.expect_err(&format!("{function} has no {action}"));
        assert!(
            error.contains(&format!("not authorized to perform: {action}")),
            "{function} without {action}: {error}"
        );
    }
}

#[skyloom_local::test]
async fn no_function_goes_beyond_the_permissions_boundary(app: Local) {
    let action = json!(["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"]);
    let statement = json!({ "Effect": "Allow", "Action": action, "Resource": "*" });
    app.set_permissions_boundary(&json!({ "Version": "2012-10-17", "Statement": statement }).to_string());
    assert_eq!(app.invoke::<()>("reads", &()).await, Ok(()));
    let error = app.invoke::<()>("writes", &()).await.unwrap_err();
    assert!(error.contains("because no permissions boundary allows the dynamodb:PutItem action"), "{error}");
}
