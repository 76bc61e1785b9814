use skyloom::{Api, Public, handler};

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[handler(websocket = "$connect", api = Chat, auth = Public)]
async fn connect() -> String {
    "hello".into()
}

fn main() {}
