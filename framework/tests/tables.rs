//! Tables as handlers use them, against the local runner's DynamoDB and with the handlers' own policies.

#[path = "tables/conditions.rs"]
mod conditions;
#[path = "tables/documents.rs"]
mod documents;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use serde::{Deserialize, Serialize};
use skyloom::{
    Bytes, Error, Key, Read, ReadIndex, Scan, Table, Write, handler,
    table::{self, Cursor},
};
use skyloom_local::Local;

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[index(ByStatus, partition = "status", sort = "placed_at")]
#[index(ByCents, local, sort = "cents")]
struct Order {
    #[partition_key]
    shopper: String,
    #[sort_key]
    id: String,
    status: Status,
    placed_at: Option<u64>,
    cents: u64,
    tags: Vec<String>,
    ratio: f64,
    seal: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Key, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Open,
    Paid,
}

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Counter {
    #[partition_key]
    page: u64,
    hits: Option<i64>,
    name: Option<String>,
}

/// Even ones are open; every third has not been placed.
fn order(shopper: &str, number: u32) -> Order {
    Order {
        shopper: shopper.into(),
        id: format!("{number:03}"),
        status: if number.is_multiple_of(2) { Status::Open } else { Status::Paid },
        placed_at: (!number.is_multiple_of(3)).then_some(number.into()),
        cents: u64::MAX - u64::from(number),
        tags: vec![format!("t{number}")],
        ratio: 0.1 * f64::from(number),
        seal: Bytes::from_static(&[0, 255]),
    }
}

fn orders_of_ann() -> Vec<Order> {
    (0..60).map(|number| order("ann", number)).collect()
}

#[handler(invoke)]
async fn reads(orders: Read<Order>, writes: Write<Order>) -> Result<(), Error> {
    let all = orders_of_ann();
    writes.put_many(&all).await?;
    assert_eq!(orders.get(("ann", "007")).await?, Some(order("ann", 7)));
    assert_eq!(orders.get_consistent(("ann", "777")).await?, None);
    let some = orders.get_many([("ann", "005"), ("ann", "999"), ("ann", "001"), ("ann", "005")]).await?;
    assert_eq!(some, [Some(order("ann", 5)), None, Some(order("ann", 1)), Some(order("ann", 5))]);
    let many = orders.get_many((0..150).map(|number| ("ann", format!("{number:03}")))).await?;
    assert_eq!(many.into_iter().flatten().collect::<Vec<_>>(), all);

    assert_eq!(orders.query("ann").all().await?, all);
    assert_eq!(orders.query("ann").sort_begins_with("01").count().await?, 10);
    assert_eq!(orders.query("ann").sort_between("010", "012").descending().first().await?, Some(order("ann", 12)));
    assert_eq!(orders.query("ann").sort_gt("058").consistent().all().await?, [order("ann", 59)]);
    assert_eq!(orders.query("ann").filter(Order::STATUS.eq(Status::Open)).count().await?, 30);
    let few = Order::STATUS.eq(Status::Open).and(!Order::TAGS.contains("t2"));
    assert_eq!(orders.query("ann").filter(few).limit(10).all().await?.len(), 10);
    Ok(())
}

#[skyloom_local::test]
async fn what_is_written_is_read(app: Local) {
    app.invoke::<()>("reads", &()).await.unwrap();
}

#[handler(invoke)]
async fn pages(orders: Read<Order>, writes: Write<Order>, by_status: ReadIndex<ByStatus>) -> Result<(), Error> {
    let all = orders_of_ann();
    writes.put_many(&all).await?;
    writes.put(&order("bob", 7)).await?;
    let (mut seen, mut cursor) = (Vec::new(), None::<Cursor>);
    loop {
        let page = orders.query("ann").limit(7).after(cursor).page().await?;
        seen.extend(page.items);
        let Some(next) = page.next else { break };
        cursor = next.to_string().parse().ok();
    }
    assert_eq!(seen, all);

    let cursor = orders.query("ann").limit(3).page().await?.next;
    let of_bob = orders.query("bob").after(cursor.clone()).page().await;
    assert!(matches!(of_bob, Err(table::Error::InvalidCursor)), "{of_bob:?}");
    let outside = orders.query("ann").sort_gt("050").after(cursor.clone()).page().await;
    assert!(matches!(outside, Err(table::Error::InvalidCursor)), "{outside:?}");
    let of_the_table = by_status.query(Status::Open).after(cursor).page().await;
    assert!(matches!(of_the_table, Err(table::Error::InvalidCursor)), "{of_the_table:?}");
    Ok(())
}

#[skyloom_local::test]
async fn pages_follow_each_other_and_stay_in_their_partition(app: Local) {
    app.invoke::<()>("pages", &()).await.unwrap();
}

#[handler(invoke)]
async fn indexes(
    writes: Write<Order>,
    by_status: ReadIndex<ByStatus>,
    by_cents: ReadIndex<ByCents>,
    scan: Scan<Order>,
) -> Result<(), Error> {
    writes.put_many(&orders_of_ann()).await?;
    let (mut open, mut cursor) = (0, None);
    loop {
        let page = by_status.query(Status::Open).limit(7).after(cursor).page().await?;
        open += page.items.len();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(open, 20, "what has not been placed is not in the index");
    assert_eq!(by_status.query(Status::Open).sort_le(10).count().await?, 4);
    assert_eq!(by_cents.query("ann").sort_ge(u64::MAX - 2).all().await?.len(), 3);

    assert_eq!(scan.all().await?.len(), 60);
    assert_eq!(scan.filter(Order::CENTS.is_in((0..120).map(|number| u64::MAX - number))).count().await?, 60);
    assert_eq!(scan.filter(Order::CENTS.is_in([0_u64; 0])).count().await?, 0);
    let next = scan.items().limit(10).page().await?.next;
    assert_eq!(scan.items().after(next).all().await?.len(), 50);
    Ok(())
}

#[skyloom_local::test]
async fn indexes_and_scans_find_what_has_their_key(app: Local) {
    app.invoke::<()>("indexes", &()).await.unwrap();
}

#[handler(invoke)]
async fn changes(orders: Write<Order>, counters: Write<Counter>) -> Result<(), Error> {
    orders.put_new(&order("ann", 2)).await?;
    assert!(matches!(orders.put_new(&order("ann", 2)).await, Err(table::Error::ConditionFailed(_))));
    let pay = || orders.update(("ann", "002")).set(Order::STATUS, Status::Paid);
    let paid = pay().set(Order::PLACED_AT, None).add(Order::CENTS, -1).only_if(Order::STATUS.eq(Status::Open)).await?;
    let cents = u64::MAX - 3;
    assert_eq!(paid, Order { status: Status::Paid, placed_at: None, cents, ..order("ann", 2) });
    let again = pay().only_if(Order::STATUS.eq(Status::Open)).await;
    assert!(matches!(again, Err(table::Error::ConditionFailed(_))), "{again:?}");
    let missing = orders.update(("ann", "none")).set(Order::CENTS, 1).only_if(Order::CENTS.gt(1)).await;
    assert!(matches!(missing, Err(table::Error::ItemNotFound)), "{missing:?}");

    let counter = counters.update(5).add(Counter::HITS, 2).set(Counter::NAME, "start").or_create().await?;
    assert_eq!(counter, Counter { page: 5, hits: Some(2), name: Some("start".into()) });
    assert_eq!(counters.update(5).remove(Counter::NAME).await?.name, None);
    let other = counters.delete(5).only_if(Counter::HITS.eq(3)).await;
    assert!(matches!(other, Err(table::Error::ConditionFailed(_))), "{other:?}");
    counters.delete(5).only_if(Counter::HITS.between(1, 3)).await?;
    counters.delete(5).await?;

    let big = Order { tags: vec!["x".repeat(500_000)], ..order("ann", 2) };
    let refused = orders.put(&big).await;
    assert!(matches!(refused, Err(table::Error::TooLarge(_))), "{refused:?}");
    Ok(())
}

#[skyloom_local::test]
async fn changes_are_made_where_their_condition_holds(app: Local) {
    app.invoke::<()>("changes", &()).await.unwrap();
    assert_eq!(app.table::<Order>().query("ann").await.len(), 1);
    assert_eq!(app.table::<Counter>().all().await, []);
}

#[handler(invoke)]
async fn oversteps(orders: Read<Order>, by_status: ReadIndex<ByStatus>) -> Result<(), Error> {
    let (client, name) = (orders.client(), orders.table_name());
    assert_eq!(refusal(client.scan().table_name(name).send().await), "AccessDeniedException");
    let item = table::to_item(&order("ann", 1)).map_err(Error::internal)?;
    let put = client.put_item().table_name(name).set_item(Some(item));
    assert_eq!(refusal(put.send().await), "AccessDeniedException");
    assert_eq!(refusal(client.scan().table_name(name).index_name("ByStatus").send().await), "AccessDeniedException");
    assert_eq!(by_status.query(Status::Open).all().await?, []);
    Ok(())
}

fn refusal<T: std::fmt::Debug, E: ProvideErrorMetadata>(result: Result<T, E>) -> String {
    result.expect_err("the policy does not grant it").code().unwrap_or_default().to_owned()
}

#[skyloom_local::test]
async fn the_raw_client_can_do_no_more_than_the_signature_says(app: Local) {
    app.invoke::<()>("oversteps", &()).await.unwrap();
    assert_eq!(app.table::<Order>().all().await, []);
}
