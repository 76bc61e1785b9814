//! Provisioned capacity: that of the table and of each of its indexes. One that scales is counted at its least.

use serde_json::Value;

use super::{
    number,
    prices::{HOURS, INFREQUENT, READ_UNIT, WRITE_UNIT},
};

/// A table of one region; one on demand costs nothing by itself.
pub(super) fn regional(table: &Value) -> Option<f64> {
    if !is_provisioned(table) {
        return None;
    }
    let with_throughput = indexes(table).iter().chain([table]);
    let throughput = with_throughput.map(|it| &it["ProvisionedThroughput"]);
    let (reads, writes) = throughput.fold((0.0, 0.0), |(reads, writes), it| {
        let of = |name: &str| number(&it[name]).unwrap_or_default();
        (reads + of("ReadCapacityUnits"), writes + of("WriteCapacityUnits"))
    });
    Some(monthly(table, reads, writes))
}

/// A table of several regions: each has reads of its own and gets all writes.
pub(super) fn replicated(table: &Value) -> Option<f64> {
    let replicas = table["Replicas"].as_array().filter(|_| is_provisioned(table))?;
    let writes: f64 = indexes(table).iter().chain([table]).map(writes).sum();
    Some(replicas.iter().map(|replica| monthly(replica, reads_in(table, replica), writes)).sum())
}

/// Without a word about it, a table has provisioned capacity.
fn is_provisioned(table: &Value) -> bool {
    table["BillingMode"] != "PAY_PER_REQUEST"
}

fn indexes(table: &Value) -> &[Value] {
    table["GlobalSecondaryIndexes"].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// An index that a replica does not name has the reads that it has in the stack's own region, which is the first.
fn reads_in(table: &Value, replica: &Value) -> f64 {
    let named = |replica: &Value, name: &Value| indexes(replica).iter().find(|it| it["IndexName"] == *name).map(reads);
    let of_indexes = indexes(table).iter().map(|index| {
        let name = &index["IndexName"];
        named(replica, name).or_else(|| named(&table["Replicas"][0], name)).unwrap_or_default()
    });
    reads(replica) + of_indexes.sum::<f64>()
}

fn reads(it: &Value) -> f64 {
    let settings = &it["ReadProvisionedThroughputSettings"];
    let scaled = &settings["ReadCapacityAutoScalingSettings"]["MinCapacity"];
    number(&settings["ReadCapacityUnits"]).or_else(|| number(scaled)).unwrap_or_default()
}

fn writes(it: &Value) -> f64 {
    let settings = &it["WriteProvisionedThroughputSettings"]["WriteCapacityAutoScalingSettings"];
    number(&settings["MinCapacity"]).unwrap_or_default()
}

fn monthly(of_class: &Value, reads: f64, writes: f64) -> f64 {
    let standard = HOURS * (reads * READ_UNIT + writes * WRITE_UNIT);
    if of_class["TableClass"] == "STANDARD_INFREQUENT_ACCESS" { INFREQUENT * standard } else { standard }
}
