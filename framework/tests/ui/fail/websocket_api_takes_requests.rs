use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[handler(websocket = "$connect", api = Chat, auth = Public)]
async fn connect() {}

#[handler(GET "/lines", api = Chat, auth = Public)]
async fn lines() {}

fn main() {}
