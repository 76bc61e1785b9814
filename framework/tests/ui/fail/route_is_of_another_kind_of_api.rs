use serde::{Deserialize, Serialize};
use skyloom::{Api, ApiKey, Public, Route, Table};

#[derive(Api)]
#[api(http)]
struct Web;

#[derive(Table, Serialize, Deserialize)]
struct Order {
    #[partition_key]
    id: String,
}

#[derive(Route)]
#[route(GET "/health", api = Web, auth = Public, answer(status = 200))]
struct Health;

#[derive(Route)]
#[route(POST "/orders", api = Web, auth = Public, put = Order)]
struct NewOrder;

#[derive(Route)]
#[route(POST "/jobs", api = Web, auth = ApiKey, queue = "Jobs")]
struct NewJob;

fn main() {}
