use skyloom::handler;

#[handler(invoke, deployment = cannary("10%", "5m"))]
async fn add() {}

#[handler(invoke, deployment = canary)]
async fn multiply() {}

#[handler(invoke, deployment = canary("10%", "5m", befor = smoke_test))]
async fn divide() {}

#[handler(invoke, deployment = all_at_once(before = "smoke_test"))]
async fn subtract() {}

fn main() {}
