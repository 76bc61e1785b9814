#[derive(skyloom::Api)]
#[api(websocket)]
struct Shop;

fn main() {}
