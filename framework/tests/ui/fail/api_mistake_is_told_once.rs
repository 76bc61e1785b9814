use skyloom::{Api, ApiKey, handler};

#[derive(Api)]
#[api(rest, gateway_response(unauthorised, status = 401))]
struct Shop;

#[handler(GET "/orders", auth = ApiKey, api = Shop)]
async fn list_orders() -> &'static str {
    "none"
}

#[handler(GET "/prices", auth = ApiKey, api = Shop, cache = "60s", cache_shared)]
async fn list_prices() -> &'static str {
    "none"
}

fn main() {}
