//! Items read by their keys, and queries of a table and of its indexes.

use serde::{Deserialize, Serialize};
use skyloom::{
    Json, Key, Read, ReadIndex, Table, Write, handler,
    table::{AttributeList, Cursor, Error, KeyShape, Page, Query, Select},
};

use crate::transcript::{Lines, transcript};

#[expect(clippy::duplicated_attributes, reason = "two indexes may have the same sort key (rust-clippy #12923)")]
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[index(ByStatus, partition = "status", sort = "placed_at")]
#[index(ByShop, partition = "shop", projection = ["cents"])]
#[index(ByNote, partition = "note", sort = "cents", projection = "keys")]
#[index(ByCents, local, sort = "cents")]
#[index(ByPlaced, local, sort = "placed_at", projection = ["status"])]
pub(crate) struct Order {
    #[partition_key]
    pub(crate) shopper: String,
    #[sort_key]
    pub(crate) id: String,
    pub(crate) status: Status,
    /// Not there in every third: the index of statuses does not have those.
    pub(crate) placed_at: Option<i64>,
    pub(crate) cents: u64,
    pub(crate) shop: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) tags: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Key, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Open,
    Paid,
}

/// No two are equal in an index, where they would be in no order.
pub(crate) fn order(shopper: &str, number: u32) -> Order {
    let (earlier, dearer) = if shopper == "ann" { (8, 0) } else { (30, 200) };
    Order {
        shopper: shopper.into(),
        id: format!("{number:03}"),
        status: if number.is_multiple_of(2) { Status::Open } else { Status::Paid },
        placed_at: (!number.is_multiple_of(3)).then_some(i64::from(number) - earlier),
        cents: u64::from(100 - number) + dearer,
        shop: (shopper == "ann" && number.is_multiple_of(5)).then(|| format!("shop {number}")),
        note: (number % 4 == 1).then(|| "a café".to_owned()),
        tags: (0..number % 3).map(|tag| format!("t{tag}")).collect(),
    }
}

fn orders_of(shopper: &str) -> Vec<Order> {
    (0..16).map(|number| order(shopper, number)).collect()
}

#[handler(invoke)]
async fn fills_orders(writes: Write<Order>) -> Json<Lines> {
    transcript! {
        writes.put_many(&orders_of("ann"));
        writes.put_many(&orders_of("bob")[..3]);
    }
}

#[handler(invoke)]
async fn reads_orders(orders: Read<Order>) -> Json<Lines> {
    let ann = || orders.query("ann");
    let open = || Order::STATUS.eq(Status::Open);
    transcript! {
        orders.get(("ann", "007"));
        orders.get_consistent(("bob", "001"));
        orders.get(("ann", "777"));
        orders.get_many([("ann", "005"), ("ann", "999"), ("bob", "001"), ("ann", "005")]);
        orders.get_many_consistent([("ann", "000"), ("eve", "000")]);
        ids(orders.get_many((0..150).map(|number| ("ann", format!("{number:03}")))));

        keys(ann().all());
        keys(ann().descending().all());
        keys(ann().consistent().all());
        keys(orders.query("eve").all());
        keys(ann().sort_eq("007").all());
        keys(ann().sort_lt("003").all());
        keys(ann().sort_le("003").all());
        keys(ann().sort_gt("012").all());
        keys(ann().sort_ge("012").all());
        keys(ann().sort_between("005", "008").all());
        keys(ann().sort_begins_with("01").all());
        keys(ann().sort_begins_with("01").descending().limit(3).all());
        keys(ann().sort_between("012", "0129").descending().all());
        ann().first();
        ann().descending().first();
        orders.query("eve").first();

        ann().count();
        ann().sort_ge("010").count();
        ann().limit(5).count();
        ann().filter(open()).count();
        ann().filter(open()).limit(5).count();
        keys(ann().filter(open()).all());
        keys(ann().filter(open()).limit(3).all());
        keys(ann().filter(open()).filter(Order::TAGS.contains("t1")).all());
        ann().filter(Order::CENTS.lt(0)).first();

        ann().limit(3).select((Order::ID, Order::CENTS, Order::NOTE)).all();
        ann().limit(2).select(Order::TAGS).first();
        ann().filter(open()).limit(2).select(Order::STATUS).all();
        streamed(ann().descending().limit(4));
        streamed(ann().filter(!open()));
    }
}

#[handler(invoke)]
async fn reads_indexes(
    by_status: ReadIndex<ByStatus>,
    by_shop: ReadIndex<ByShop>,
    by_note: ReadIndex<ByNote>,
    by_cents: ReadIndex<ByCents>,
    by_placed: ReadIndex<ByPlaced>,
) -> Json<Lines> {
    transcript! {
        keys(by_status.query(Status::Paid).sort_gt(-6).all());
        keys(by_status.query(Status::Paid).sort_lt(0).descending().all());
        keys(by_status.query(Status::Open).sort_eq(2).all());
        keys(by_status.query(Status::Open).sort_between(-4, 2).all());
        by_status.query(Status::Open).count();
        by_status.query(Status::Open).filter(Order::NOTE.not_exists()).count();
        by_status.query(Status::Paid).sort_ge(5).select((Order::ID, Order::PLACED_AT)).all();
        by_shop.query("shop 10").all();
        by_shop.query("shop 10").filter(ByShopItem::CENTS.lt(90)).first();
        by_note.query("a café").all();
        by_note.query("a café").sort_le(95).descending().limit(2).all();
        keys(by_cents.query("ann").sort_lt(90).all());
        keys(by_cents.query("ann").sort_ge(97).consistent().all());
        by_cents.query("bob").select((Order::CENTS, Order::ID)).all();
        by_placed.query("ann").sort_between(-8, -4).all();
        by_placed.query("ann").consistent().descending().limit(2).all();
        by_placed.query("ann").count();
    }
}

#[handler(invoke)]
async fn reads_pages(orders: Read<Order>, by_status: ReadIndex<ByStatus>, by_cents: ReadIndex<ByCents>) -> Json<Lines> {
    let ann = || orders.query("ann");
    transcript! {
        pages(|after| ann().limit(6).after(after).page());
        pages(|after| ann().limit(8).after(after).page());
        pages(|after| ann().descending().limit(7).after(after).page());
        pages(|after| ann().sort_between("003", "013").limit(4).after(after).page());
        pages(|after| ann().filter(Order::STATUS.eq(Status::Open)).limit(3).after(after).page());
        first_page(ann().limit(2).select((Order::ID, Order::SHOP)));
        pages(|after| by_status.query(Status::Paid).limit(4).after(after).page());
        pages(|after| by_status.query(Status::Paid).sort_gt(-6).descending().limit(2).after(after).page());
        pages(|after| by_cents.query("ann").limit(5).after(after).page());
    }
}

fn key(order: &Order) -> String {
    format!("{}/{}", order.shopper, order.id)
}

async fn keys(orders: impl Future<Output = Result<Vec<Order>, Error>>) -> Result<Vec<String>, Error> {
    Ok(orders.await?.iter().map(key).collect())
}

async fn ids(orders: impl Future<Output = Result<Vec<Option<Order>>, Error>>) -> Result<Vec<String>, Error> {
    Ok(orders.await?.iter().flatten().map(key).collect())
}

/// The keys of each page, to the last.
async fn pages<F>(page: impl Fn(Option<Cursor>) -> F) -> Result<Vec<Vec<String>>, Error>
where
    F: Future<Output = Result<Page<Order>, Error>>,
{
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let Page { items, next, .. } = page(after).await?;
        pages.push(items.iter().map(key).collect());
        after = next;
        if after.is_none() {
            return Ok(pages);
        }
    }
}

/// What a page has, and whether another follows.
async fn first_page<L: AttributeList<Order>>(select: Select<'_, Order, L>) -> Result<(Vec<L::Values>, bool), Error> {
    let page = select.page().await?;
    Ok((page.items, page.next.is_some()))
}

async fn streamed<S: KeyShape, O>(query: Query<'_, Order, S, O>) -> Result<Vec<String>, Error> {
    let (mut stream, mut keys) = (query.stream(), Vec::new());
    while let Some(order) = stream.try_next().await? {
        keys.push(key(&order));
    }
    Ok(keys)
}
