use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[derive(Api)]
#[api(http)]
struct Shop;

#[handler(websocket = "$connect", api = Shop, auth = Public)]
async fn connect() {}

fn main() {}
