use skyloom::handler;

#[handler(schedule = "rate(1 hour)", timeout = "500ms")]
async fn report() {}

fn main() {}
