use skyloom::handler;

#[handler(invoke, on_failure = function("import"))]
async fn import() {}

fn main() {}
