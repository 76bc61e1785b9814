use skyloom::handler;

#[handler(invoke, allow("s3:GetObject", "*"))]
async fn run() {}

fn main() {}
