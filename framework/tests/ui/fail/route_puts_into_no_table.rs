use skyloom::{Public, Route};

struct Order;

#[derive(Route)]
#[route(POST "/orders", auth = Public, put = Order, set(id = "$request.header.id"))]
struct NewOrder;

#[derive(Route)]
#[route(POST "/orders", auth = Public, put = Order)]
struct OtherOrder;

fn main() {}
