use skyloom::handler;

#[handler(invoke, snap_start)]
async fn import() {}

fn main() {}
