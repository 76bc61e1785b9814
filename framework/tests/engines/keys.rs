//! Keys of numbers and of bytes, keys that templates make, and an index whose key is several attributes.

use serde::{Deserialize, Serialize};
use skyloom::{Bytes, Json, Read, ReadIndex, Table, Write, handler, table::Number};

use crate::transcript::{Lines, transcript};

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[index(ByAmount, partition = "year", sort = "amount")]
struct Reading {
    #[partition_key]
    meter: Bytes,
    #[sort_key]
    at: i64,
    year: u16,
    amount: Number,
}

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Blob {
    #[partition_key]
    bucket: i32,
    #[sort_key]
    hash: Bytes,
}

fn reading(at: i64, amount: &str) -> Reading {
    let amount = amount.parse().expect("it is a number");
    Reading { meter: Bytes::from_static(&[0, 255]), at, year: 2026, amount }
}

fn readings() -> Vec<Reading> {
    let amounts = ["1e37", "-0.5", "12345678901234567890123456789012345678", "0", "1e-37", "-1e36", "12.5"];
    amounts.iter().zip([-100, -9, 0, 3, 20, 100, i64::MAX]).map(|(amount, at)| reading(at, amount)).collect()
}

fn blob(bytes: &'static [u8]) -> Blob {
    Blob { bucket: -1, hash: Bytes::from_static(bytes) }
}

#[handler(invoke)]
async fn keys_of_other_types(
    readings_of: Read<Reading>,
    writes: Write<Reading>,
    by_amount: ReadIndex<ByAmount>,
    blobs: Read<Blob>,
    puts: Write<Blob>,
) -> Json<Lines> {
    let meter = Bytes::from_static(&[0, 255]);
    let all = || readings_of.query(&meter);
    let number = |text: &str| text.parse::<Number>().expect("it is a number");
    transcript! {
        writes.put_many(&readings());
        readings_of.get((&meter, -9));
        readings_of.get((&meter, i64::MAX));
        all().select(Reading::AT).all();
        all().descending().select(Reading::AT).all();
        all().sort_lt(0).select(Reading::AT).all();
        all().sort_between(-9, 20).select(Reading::AT).all();
        all().sort_ge(100).limit(1).select(Reading::AT).all();
        by_amount.query(2026).select(Reading::AT).all();
        by_amount.query(2026).sort_gt(number("12.49")).select(Reading::AT).all();
        by_amount.query(2026).sort_between(number("-1"), number("1e-36")).select(Reading::AT).all();
        puts.put_many(&[&[0_u8][..], &[0, 0], &[127], &[128], &[255], &[255, 255, 1]].map(blob));
        blobs.query(-1).all();
        blobs.query(-1).descending().limit(2).all();
        blobs.query(-1).sort_gt(Bytes::from_static(&[127])).all();
        blobs.query(-1).sort_between(Bytes::from_static(&[0, 0]), Bytes::from_static(&[128])).all();
        puts.delete((-1, Bytes::from_static(&[128]))).returning_old();
        blobs.query(-1).count();
    }
}

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[table(partition = "USER#{user}", sort = "TRIP#{day}#{id:04}")]
#[index(ByState, partition = "STATE#{state}", sort = "{day}#{id:04}", projection = ["cents"])]
#[index(ByPlace, partition = ["country", "city"], sort = ["street", "number"])]
#[index(ByCost, local, sort = "cents", projection = "keys")]
struct Trip {
    user: String,
    day: String,
    id: u32,
    state: Option<String>,
    country: String,
    city: String,
    street: String,
    number: u32,
    cents: u64,
}

fn trip(id: u32) -> Trip {
    Trip {
        user: "ann".into(),
        day: format!("2026-07-{:02}", 1 + id / 4),
        id,
        state: (!id.is_multiple_of(3)).then(|| ["", "open", "paid"][id as usize % 3].to_owned()),
        country: "se".into(),
        city: if id.is_multiple_of(2) { "umea" } else { "lund" }.into(),
        street: format!("street {}", id / 8),
        number: id % 8,
        cents: u64::from(1000 - id),
    }
}

#[handler(invoke)]
async fn keys_of_templates(
    trips: Read<Trip>,
    writes: Write<Trip>,
    by_state: ReadIndex<ByState>,
    by_place: ReadIndex<ByPlace>,
    by_cost: ReadIndex<ByCost>,
) -> Json<Lines> {
    let all: Vec<_> = (0..20).map(trip).collect();
    let ann = || trips.query("ann");
    transcript! {
        writes.put_many(&all);
        trips.get(("ann", ("2026-07-03", 9)));
        trips.get(("ann", ("2026-07-04", 9)));
        ann().sort_eq("2026-07-03").select(Trip::CENTS).all();
        ann().sort_eq(("2026-07-03", 9)).select(Trip::CENTS).all();
        ann().sort_begins_with("2026-07-0").count();
        ann().sort_lt(("2026-07-01", 2)).select(Trip::CENTS).all();
        ann().sort_le("2026-07-01").select(Trip::CENTS).all();
        ann().sort_gt("2026-07-04").select(Trip::CENTS).all();
        ann().sort_between("2026-07-02", ("2026-07-03", 8)).select(Trip::CENTS).all();
        by_state.query("open").sort_lt("2026-07-02").all();
        by_state.query("paid").descending().filter(ByStateItem::CENTS.lt(990)).all();
        by_cost.query("ann").limit(2).all();
        by_cost.query("ann").consistent().sort_gt(997).all();
        by_place.query(("se", "lund")).sort_eq("street 1").select(Trip::CENTS).all();
        by_place.query(("se", "lund")).sort_ge(("street 1", 4)).select(Trip::CENTS).all();
        by_place.query(("se", "lund")).sort_between(("street 1", 2), ("street 1", 5)).select(Trip::CENTS).all();
        by_place.query(("se", "umea")).sort_begins_with("street").count();
        by_place.query(("se", "umea")).descending().first();
        by_place.query(("se", "nowhere")).first();
        writes.delete(("ann", ("2026-07-03", 9))).returning_old();
        writes.update(("ann", ("2026-07-03", 8))).set(Trip::CENTS, 7);
        by_cost.query("ann").first();
    }
}
