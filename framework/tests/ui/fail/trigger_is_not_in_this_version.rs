use skyloom::handler;

#[handler(queue = Jobs)]
async fn work() {}

fn main() {}
