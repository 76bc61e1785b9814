use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[handler(websocket = "$connect", api = Chat, auth = Public)]
async fn connect() {}

#[handler(websocket = "count", api = Chat)]
async fn count() -> u8 {
    1
}

fn main() {}
