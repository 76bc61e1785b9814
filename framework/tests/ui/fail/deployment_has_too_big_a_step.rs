use skyloom::handler;

#[handler(invoke, deployment = canary("110%", "300s"))]
async fn add() {}

fn main() {}
