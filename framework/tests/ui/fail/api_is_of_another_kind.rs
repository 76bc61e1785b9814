#[derive(skyloom::Api)]
#[api(http, websocket)]
struct Shop;

fn main() {}
