use skyloom::handler;

#[handler(invoke, environment("SKYLOOM_TABLE_Order", "orders"))]
async fn of_skyloom() {}

#[handler(invoke, environment(AWS_REGION = "eu-west-1"))]
async fn of_lambda() {}

#[handler(invoke, environment("payment-url", "https://pay.example.com"))]
async fn of_nobody() {}

#[handler(invoke, environment("MODE", "live"), environment(MODE = "test"))]
async fn twice() {}

#[handler(invoke, environment("MODE"))]
async fn without_value() {}

fn main() {}
