//! The same with Skyloom.

use serde::Deserialize;
use skyloom::{Created, Json, Public, UserPool, handler};
use skyloom_benches::{NewOrder, Placed};

#[derive(UserPool, Deserialize)]
struct Shopper {
    sub: String,
    email: String,
}

#[handler(POST "/orders", auth = Shopper)]
async fn place_order(shopper: Shopper, Json(order): Json<NewOrder>) -> Created<Json<Placed>> {
    Created(Json(order.place(shopper.sub, shopper.email)))
}

#[handler(GET "/health", auth = Public)]
async fn health() -> &'static str {
    "ok"
}

fn main() -> std::process::ExitCode {
    skyloom::__private::main("benches")
}
