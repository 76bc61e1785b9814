use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[handler(websocket = "$connect", api = Chat, auth = Public)]
async fn connect() {}

#[handler(websocket = "$connect", api = Chat, auth = Iam)]
async fn connect_again() {}

fn main() {}
