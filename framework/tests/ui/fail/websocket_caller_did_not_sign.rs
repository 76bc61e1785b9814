use skyloom::{Api, Iam, Public, handler};

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[handler(websocket = "$connect", api = Chat, auth = Public)]
async fn connect() {}

#[handler(websocket = "say", api = Chat)]
async fn say(caller: Iam) {
    drop(caller);
}

fn main() {}
