use skyloom::handler;

#[handler(invoke, deployment = linear("1%", "1h"))]
async fn add() {}

fn main() {}
