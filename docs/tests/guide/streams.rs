//! A handler of batches, one of whose records fails at first.

// ANCHOR: batch
use serde::{Deserialize, Serialize};
use skyloom::{Change, Error, Table, Write, handler};

#[derive(Clone, Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
pub struct Visit {
    #[partition_key]
    pub branch: String,
    #[sort_key]
    pub number: u64,
    pub visitors: u64,
}

#[derive(Table, Serialize, Deserialize)]
pub struct Total {
    #[partition_key]
    pub branch: String,
    #[serde(default)]
    pub visitors: u64,
}

/// Counts the visitors of each branch.
#[handler(stream = Visit, filter(event = "insert"), batch_size = 50, retries = 5, bisect)]
async fn count_visits(changes: Vec<Change<Visit>>, totals: Write<Total>) -> Vec<Result<(), Error>> {
    let mut results = Vec::new();
    for visit in changes.into_iter().filter_map(Change::into_new) {
        let counted = totals.update(&visit.branch).add(Total::VISITORS, visit.visitors).or_create().await;
        results.push(counted.map(drop).map_err(Error::from));
    }
    results
}
// ANCHOR_END: batch

mod tests {
    use skyloom_local::Local;

    use super::{Total, Visit};

    // ANCHOR: test
    #[skyloom_local::test]
    async fn visitors_are_counted(app: Local) {
        for number in 1..=3 {
            app.table::<Visit>().put(&Visit { branch: "north".into(), number, visitors: 10 }).await;
        }
        app.settle().await;
        let total = app.table::<Total>().get("north").await.expect("there were visitors");
        assert_eq!(total.visitors, 30);
        assert_eq!(app.invocations("count_visits"), 1); // one batch
    }
    // ANCHOR_END: test
}
