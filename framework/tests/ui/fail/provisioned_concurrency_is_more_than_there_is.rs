use skyloom::handler;

#[handler(invoke, concurrency = 5, provisioned_concurrency = 6)]
async fn add() {}

fn main() {}
