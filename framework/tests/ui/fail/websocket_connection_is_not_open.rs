use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[handler(websocket = "$connect", api = Chat, auth = Public)]
async fn connect(connection: Connection) {}

fn main() {}
