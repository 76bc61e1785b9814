use serde::Deserialize;
use skyloom::UserPool;

#[derive(UserPool, Deserialize)]
#[user_pool(
    attribute(name = "custom:plan", type = "string"),
    attribute(name = "birthdate", type = "string"),
    attribute(name = "size", type = "integer"),
    attribute(name = "width", type = "number", max_length = 60),
    attribute(name = "depth", type = "string", min_length = 5, max_length = 4),
    attribute(name = "tenant", type = "string", required),
    attribute(name = "team", type = "string", immutable, writable),
    required = ["birthday", "email"]
)]
struct Shopper {
    sub: String,
}

fn main() {}
