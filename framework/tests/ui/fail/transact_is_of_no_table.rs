use skyloom::{Error, Public, Transact, handler};

struct Receipt;

#[handler(POST "/receipts", auth = Public)]
async fn pay(receipts: Transact<Receipt>) -> Result<(), Error> {
    drop(receipts);
    Ok(())
}

fn main() {}
