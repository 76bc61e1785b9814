use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[handler(websocket = "$connect", api = Chat, auth = Public)]
async fn connect() {}

#[handler(websocket = "$disconect", api = Chat)]
async fn disconnect() {}

fn main() {}
