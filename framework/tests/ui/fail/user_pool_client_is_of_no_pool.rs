use serde::Deserialize;
use skyloom::{UserPool, UserPoolClient};

#[derive(UserPool, Deserialize)]
#[user_pool(domain = "my-cognito", oauth(scopes = ["openid"], callbacks = ["http://example.com/"]))]
#[resource_server(identifier = "orders", scopes = ["orders/read"])]
struct Shopper {
    sub: String,
}

struct Order;

#[derive(UserPoolClient)]
#[client(pool = Order, flows = ["client-credentials"], scopes = ["orders/read"])]
struct Nightly;

#[derive(UserPoolClient)]
#[client(pool = Shopper, flow = ["code"], scopes = ["openid"])]
struct Web;

fn main() {}
