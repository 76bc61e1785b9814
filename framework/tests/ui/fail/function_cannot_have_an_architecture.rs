use skyloom::handler;

#[handler(invoke, architecture = "arm64")]
async fn import() {}

fn main() {}
