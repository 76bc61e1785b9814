use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[handler(websocket = "say", api = Chat)]
async fn say() {}

fn main() {}
