//! Entities that share a table, item collections, and an index that turns the key around.

use serde::{Deserialize, Serialize};
use skyloom::{Collection, Entity, Json, Read, ReadCollection, ReadIndex, Scan, Table, Write, handler};

use crate::transcript::{Lines, transcript};

#[derive(Table)]
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
#[index(ByDay, partition = "DAY#{day}", sort = "ORDER#{id:06}#{customer}")]
struct Purchase {
    customer: String,
    id: u64,
    day: String,
    total_cents: u64,
}

/// Its keys begin as those of a purchase do.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{purchase:06}#LINE#{line:03}", name = "Line")]
#[index(ByDay, partition = "DAY#{day}", sort = "LINE#{purchase:06}#{line:03}#{customer}")]
struct PurchaseLine {
    customer: String,
    purchase: u64,
    line: u16,
    day: String,
    product: String,
}

#[derive(Clone, Debug, PartialEq, Collection)]
enum CustomerItems {
    Customer(Customer),
    Purchase(Purchase),
    Line(PurchaseLine),
}

#[derive(Clone, Debug, PartialEq, Collection)]
#[collection(index = ByDay)]
enum OfDay {
    Purchase(Purchase),
    Line(PurchaseLine),
}

fn customer(email: &str) -> Customer {
    Customer { email: email.into(), name: "A".into() }
}

fn purchase(customer: &str, id: u64) -> Purchase {
    Purchase { customer: customer.into(), id, day: "2026-07-01".into(), total_cents: id * 100 }
}

fn line(customer: &str, purchase: u64, line: u16) -> PurchaseLine {
    PurchaseLine { customer: customer.into(), purchase, line, day: "2026-07-01".into(), product: "tea".into() }
}

#[handler(invoke)]
#[expect(clippy::too_many_arguments, reason = "each is another way to the same table")]
async fn entities(
    customers: Write<Customer>,
    purchases: Write<Purchase>,
    lines: Write<PurchaseLine>,
    profiles: Read<Customer>,
    bought: Read<Purchase>,
    items: ReadCollection<CustomerItems>,
    inverted: ReadIndex<Inverted, Purchase>,
    of_day: ReadIndex<ByDay, OfDay>,
    every: Scan<Purchase>,
) -> Json<Lines> {
    let bought_lines = [line("ann", 1, 1), line("ann", 1, 2), line("bob", 1, 1)];
    transcript! {
        customers.put_new(&customer("ann"));
        customers.put_new(&customer("bob"));
        customers.put_new(&customer("ann"));
        purchases.put_many(&[purchase("ann", 1), purchase("ann", 2), purchase("bob", 1)]);
        lines.put_many(&bought_lines);
        profiles.get("ann");
        profiles.query("ann").all();
        bought.get(("ann", 2));
        bought.query("ann").all();
        bought.query("ann").count();
        bought.query("ann").sort_ge(2).all();
        bought.query("ann").limit(1).all();
        bought.query("ann").descending().first();
        bought.query("ann").filter(Purchase::TOTAL_CENTS.lt(150)).all();
        items.query("ann").all();
        items.query("ann").sort_begins_with("ORDER#000001").all();
        items.query("ann").descending().limit(2).all();
        inverted.query(1).all();
        inverted.query(1).sort_gt("ann").all();
        of_day.query("2026-07-01").all();
        of_day.query("2026-07-01").sort_begins_with("LINE#").count();
        every.items().count();
        purchases.update(("ann", 2)).set(Purchase::TOTAL_CENTS, 5).only_if(Purchase::TOTAL_CENTS.gt(100));
        purchases.delete(("ann", 2)).returning_old();
        items.query("ann").count();
    }
}
