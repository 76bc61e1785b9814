use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[handler(websocket = "$connect", api = Chat, auth = Public)]
async fn connect() {}

#[handler(websocket = "say", api = Chat, auth = Public)]
async fn say() {}

fn main() {}
