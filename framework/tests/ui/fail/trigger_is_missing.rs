use skyloom::handler;

#[handler]
async fn list() {}

fn main() {}
