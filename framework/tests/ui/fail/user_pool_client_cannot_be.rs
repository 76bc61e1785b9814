use serde::Deserialize;
use skyloom::UserPool;

#[derive(UserPool, Deserialize)]
#[user_pool(
    mfa = "required", mfa_methods = ["topt"],
    group(name = "staff", role = "staff"),
    password(min_length = 5, temporary = "36h"),
    client(flows = ["user-spr"], id_token = "1d", refresh_token = "1h", rotation = "2m")
)]
struct Shopper {
    sub: String,
}

fn main() {}
