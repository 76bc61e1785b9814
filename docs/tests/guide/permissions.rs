//! A handler that tries what its arguments do not grant.

// ANCHOR: denied
use serde::{Deserialize, Serialize};
use skyloom::{Error, Public, Read, Table, handler};

#[derive(Table, Serialize, Deserialize)]
pub struct Ledger {
    #[partition_key]
    pub id: String,
}

/// Deletes the whole table, if its role lets it.
#[handler(POST "/ledger/forget", auth = Public)]
async fn forget(ledger: Read<Ledger>) -> Result<(), Error> {
    ledger.client().delete_table().table_name(ledger.table_name()).send().await.map_err(Error::internal)?;
    Ok(())
}

#[skyloom_local::test]
async fn a_reader_deletes_no_table(app: skyloom_local::Local) {
    app.post("/ledger/forget").send().await.expect(500);
    let refused = app.logs("forget").concat();
    assert!(refused.contains("is not authorized to perform: dynamodb:DeleteTable on resource"), "{refused}");
}
// ANCHOR_END: denied
