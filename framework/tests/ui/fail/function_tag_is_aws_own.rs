use skyloom::handler;

#[handler(invoke, tags("aws:team" = "shop", team = "shop", team = "more"))]
async fn import() {}

fn main() {}
