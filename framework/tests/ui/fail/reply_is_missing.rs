use skyloom::{Error, Public, handler};

#[handler(GET "/orders", auth = Public)]
async fn list() -> Result<u32, Error> {
    Ok(1)
}

fn main() {}
