use skyloom::handler;

#[handler(schedule = rate(1 hour))]
async fn report() {}

fn main() {}
