use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[handler(websocket = "$default")]
async fn otherwise() {}

fn main() {}
