//! Keys that templates make of fields, keys of several attributes, and projections, against the local runner's DynamoDB.

use serde::{Deserialize, Serialize};
use skyloom::{Error, Key, Read, ReadIndex, Scan, Table, Write, handler};
use skyloom_local::Local;

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[table(partition = "USER#{user}", sort = "ORDER#{placed_at}#{id:08}")]
#[index(ByStatus, partition = "STATUS#{status}", sort = "{placed_at}#{id:08}", projection = ["total_cents"])]
#[index(ByPlace, partition = ["country", "city"], sort = ["street", "number"])]
#[index(ByTotal, local, sort = "total_cents", projection = "keys")]
struct Order {
    user: String,
    placed_at: String,
    id: u64,
    status: Option<Status>,
    country: String,
    city: String,
    street: String,
    number: u32,
    total_cents: u64,
    note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Key, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Open,
    Paid,
}

/// Every third order is in no index of statuses.
fn order(id: u64) -> Order {
    Order {
        user: "ann".into(),
        placed_at: format!("2026-07-{:02}", 1 + id / 4),
        id,
        status: match id % 3 {
            0 => None,
            1 => Some(Status::Open),
            _ => Some(Status::Paid),
        },
        country: "se".into(),
        city: if id.is_multiple_of(2) { "umea" } else { "lund" }.into(),
        street: format!("street {}", id / 8),
        number: u32::try_from(id % 8).expect("less than 8"),
        total_cents: 1000 - id,
        note: None,
    }
}

fn ids(orders: &[Order]) -> Vec<u64> {
    orders.iter().map(|order| order.id).collect()
}

async fn store(orders: &Write<Order>) -> Result<(), Error> {
    let all: Vec<Order> = (0..40).map(order).collect();
    orders.put_many(&all).await?;
    let other = Order { user: "bob".into(), ..order(3) };
    orders.put(&other).await?;
    Ok(())
}

#[handler(invoke)]
async fn made_keys(orders: Read<Order>, writes: Write<Order>, all: Scan<Order>) -> Result<(), Error> {
    store(&writes).await?;
    assert_eq!(orders.get(("ann", ("2026-07-03", 9))).await?, Some(order(9)));
    assert_eq!(orders.get(("ann", ("2026-07-03", 8))).await?, Some(order(8)));
    assert_eq!(orders.get(("ann", ("2026-07-04", 8))).await?, None);
    let some = orders.get_many([("ann", ("2026-07-01", 1)), ("ann", ("2026-07-01", 39))]).await?;
    assert_eq!(some, [Some(order(1)), None]);

    let ann = || orders.query("ann");
    assert_eq!(ids(&ann().all().await?), (0..40).collect::<Vec<_>>());
    assert_eq!(ids(&ann().sort_eq("2026-07-03").all().await?), [8, 9, 10, 11]);
    assert_eq!(ids(&ann().sort_eq(("2026-07-03", 9)).all().await?), [9]);
    assert_eq!(ids(&ann().sort_begins_with("2026-07-1").all().await?), [36, 37, 38, 39]);
    assert_eq!(ids(&ann().sort_lt("2026-07-02").all().await?), [0, 1, 2, 3]);
    assert_eq!(ids(&ann().sort_lt(("2026-07-01", 2)).all().await?), [0, 1]);
    assert_eq!(ids(&ann().sort_le(("2026-07-01", 2)).all().await?), [0, 1, 2]);
    assert_eq!(ids(&ann().sort_le("2026-07-01").all().await?), [0, 1, 2, 3]);
    assert_eq!(ids(&ann().sort_gt("2026-07-09").all().await?), [36, 37, 38, 39]);
    assert_eq!(ids(&ann().sort_gt(("2026-07-10", 38)).all().await?), [39]);
    assert_eq!(ids(&ann().sort_ge(("2026-07-10", 38)).all().await?), [38, 39]);
    assert_eq!(ids(&ann().sort_between("2026-07-02", ("2026-07-03", 8)).all().await?), [4, 5, 6, 7, 8]);

    let mut cursor = None;
    let mut paged = Vec::new();
    loop {
        let page = ann().limit(7).after(cursor).page().await?;
        paged.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(ids(&paged), (0..40).collect::<Vec<_>>());

    assert_eq!(all.all().await?.len(), 41);
    writes.delete(("ann", ("2026-07-01", 1))).await?;
    assert_eq!(orders.get(("ann", ("2026-07-01", 1))).await?, None);
    Ok(())
}

#[handler(invoke)]
async fn values_that_no_key_can_have(orders: Read<Order>, writes: Write<Order>) -> Result<(), Error> {
    let odd = Order { placed_at: "2026#07".into(), ..order(1) };
    let error = writes.put(&odd).await.expect_err("it is refused").to_string();
    assert!(error.starts_with("`placed_at`: `2026#07` cannot be a part of a key in which `#` follows"), "{error}");
    let error = orders.get(("ann", ("", 1))).await.expect_err("it is refused").to_string();
    assert!(error.contains("a part of a key is not empty"), "{error}");
    let error = orders.get(("ann", ("2026", 1_000_000_000))).await.expect_err("it is refused").to_string();
    assert!(error.contains("1000000000 has more than the 8 digits"), "{error}");
    Ok(())
}

#[handler(invoke)]
async fn indexes(
    writes: Write<Order>,
    by_status: ReadIndex<ByStatus>,
    by_place: ReadIndex<ByPlace>,
    by_total: ReadIndex<ByTotal>,
) -> Result<(), Error> {
    store(&writes).await?;
    let open: Vec<ByStatusItem> = by_status.query(Status::Open).sort_lt("2026-07-02").all().await?;
    let expected = ByStatusItem {
        user: "ann".into(),
        placed_at: "2026-07-01".into(),
        id: 1,
        status: Some(Status::Open),
        total_cents: 999,
    };
    assert_eq!(open, [expected]);
    let cheap = by_status.query(Status::Paid).filter(ByStatusItem::TOTAL_CENTS.lt(964)).all().await?;
    assert_eq!(cheap.iter().map(|order| order.id).collect::<Vec<_>>(), [38]);

    let lund = || by_place.query(("se", "lund"));
    assert_eq!(ids(&lund().sort_eq("street 1").all().await?), [9, 11, 13, 15]);
    assert_eq!(ids(&lund().sort_eq(("street 1", 3)).all().await?), [11]);
    assert_eq!(ids(&lund().sort_ge(("street 1", 4)).all().await?), [13, 15]);
    assert_eq!(ids(&lund().sort_between(("street 1", 2), ("street 1", 5)).all().await?), [11, 13]);
    assert_eq!(lund().sort_begins_with("street").count().await?, 21);
    let first = lund().limit(2).page().await?;
    let second = lund().limit(2).after(first.next).page().await?;
    assert_eq!([ids(&first.items), ids(&second.items)].concat().len(), 4);
    let error =
        lund().sort_between(("street 1", 2), ("street 2", 5)).all().await.expect_err("it is refused").to_string();
    assert_eq!(error, "both ends of `sort_between` have the same leading parts, up to the last");

    let least: Option<ByTotalItem> = by_total.query("ann").first().await?;
    let expected = ByTotalItem { user: "ann".into(), placed_at: "2026-07-10".into(), id: 39, total_cents: 961 };
    assert_eq!(least, Some(expected));
    Ok(())
}

#[skyloom_local::test]
async fn keys_are_made_of_fields_and_read_back(app: Local) {
    app.invoke::<()>("made_keys", &()).await.unwrap();
}

#[skyloom_local::test]
async fn a_value_that_no_key_can_have_is_not_sent(app: Local) {
    app.invoke::<()>("values_that_no_key_can_have", &()).await.unwrap();
}

#[skyloom_local::test]
async fn an_index_gives_what_it_has(app: Local) {
    app.invoke::<()>("indexes", &()).await.unwrap();
}
