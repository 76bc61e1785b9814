use serde::{Deserialize, Serialize};
use skyloom::{Context, Error, Json, handler};

#[derive(Serialize, Deserialize)]
struct Sum {
    a: u32,
    b: u32,
}

#[handler(schedule = "rate(1 hour)", memory = 10240, timeout = "900s")]
async fn report(_: Context) -> Result<(), Error> {
    Ok(())
}

#[handler(schedule = "cron(0 12 * * ? *)")]
async fn noon() {}

#[handler(invoke)]
async fn add(Json(sum): Json<Sum>) -> Result<Json<u32>, Error> {
    Ok(Json(sum.a + sum.b))
}

#[handler(invoke, concurrency = 1)]
async fn nothing() {}
