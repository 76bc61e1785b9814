use skyloom::handler;

#[handler(schedule = "rate(1 hours)")]
async fn report() {}

fn main() {}
