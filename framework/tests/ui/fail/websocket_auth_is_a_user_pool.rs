use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[derive(UserPool, serde::Deserialize)]
struct Shopper {
    sub: String,
}

#[handler(websocket = "$connect", api = Chat, auth = Shopper)]
async fn connect() {}

fn main() {}
