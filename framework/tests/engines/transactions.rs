//! Transactions over several tables, and each way in which they are cancelled.

use serde::{Deserialize, Serialize};
use skyloom::{Json, Table, Transact, TransactRead, Write, handler};

use crate::transcript::{Lines, transcript};

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Sale {
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
    #[version]
    version: u64,
}

fn sale(id: u64) -> Sale {
    Sale { shopper: "ann".into(), id, sku: "pen".into() }
}

fn shopper(name: &str, blocked: bool, version: u64) -> Shopper {
    Shopper { name: name.into(), blocked, version }
}

type Shop = Transact<(Sale, Stock, Shopper)>;
type Seen = TransactRead<(Sale, Stock, Shopper)>;

#[handler(invoke)]
async fn transactions(tx: Shop, read: Seen, stocks: Write<Stock>, people: Write<Shopper>) -> Json<Lines> {
    let (sales, stock, shoppers) = tx.tables();
    let (sold, left, who) = read.tables();
    let take = |count: i64| stock.update("pen").add(Stock::COUNT, -count).only_if(Stock::COUNT.ge(count));
    let place =
        |id: u64| [sales.put_new(&sale(id)).into(), take(1).into(), shoppers.check("ann", Shopper::BLOCKED.eq(false))];
    transcript! {
        stocks.put(&Stock { sku: "pen".into(), count: 9 });
        people.put(&shopper("ann", false, 0));
        tx.write(place(1));
        tx.write(place(2)).token("token 2");
        tx.write([sales.put(&sale(2)).only_if(Sale::exists()).into(), sales.delete(("ann", 1)).into()]);
        tx.write([shoppers.put(&shopper("ann", true, 1)).into(), shoppers.put(&shopper("bob", false, 0)).into()]);
        tx.write([stock.update("ink").set(Stock::COUNT, 5).or_create().into(), shoppers.update("bob").set(Shopper::BLOCKED, true).into()]);
        tx.write([stock.delete("ink").only_if(Stock::COUNT.eq(5)).into(), shoppers.delete("bob").expecting(2_u64).into()]);
        read.get((sold.key(("ann", 1)), left.key("pen"), who.key("ann")));
        read.get((who.key("bob"), sold.key(("ann", 2))));
        read.get_many((0..25).map(|id| sold.key(("ann", id))));
        read.get_many((0..100).map(|id| sold.key(("ann", id))));
    }
}

#[handler(invoke)]
async fn transactions_refused(tx: Shop, read: Seen) -> Json<Lines> {
    let (sales, stock, shoppers) = tx.tables();
    let (sold, left, who) = read.tables();
    let take = |count: i64| stock.update("pen").add(Stock::COUNT, -count).only_if(Stock::COUNT.ge(count));
    transcript! {
        tx.write([sales.put_new(&sale(2)).into(), take(100).into(), shoppers.check("ann", Shopper::BLOCKED.eq(false))]);
        tx.write([sales.put_new(&sale(7)).into(), shoppers.check("ann", Shopper::BLOCKED.eq(true)), take(100).into()]);
        tx.write([stock.update("none").set(Stock::COUNT, 5).into(), sales.delete(("ann", 99)).only_if(Sale::exists()).into()]);
        tx.write([shoppers.put(&shopper("ann", false, 1)).into(), sales.put(&sale(8)).into()]);
        tx.write([shoppers.delete("ann").expecting(1_u64).into()]);
        tx.write([shoppers.check("none", Shopper::exists())]);
        tx.write([sales.put(&sale(5)).into(), sales.delete(("ann", 5)).into()]);
        tx.write((0..101).map(|id| sales.put(&sale(id)).into()));
        read.get((sold.key(("ann", 7)), left.key("pen"), who.key("ann"), left.key("none")));
        read.get_many((0..101).map(|id| sold.key(("ann", id))));
    }
}

#[handler(invoke)]
async fn transactions_repeated(tx: Transact<Stock>, stocks: Write<Stock>) -> Json<Lines> {
    let stock = tx.tables();
    let take = |count: i64| [stock.update("nib").add(Stock::COUNT, -count).into()];
    transcript! {
        stocks.put(&Stock { sku: "nib".into(), count: 9 });
        tx.write(take(1)).token("nib");
        tx.write(take(1)).token("nib");
        tx.write(take(2)).token("nib");
        stocks.delete("nib").returning_old();
    }
}
