use skyloom::handler;

#[handler(shedule = "rate(1 hour)")]
async fn report() {}

fn main() {}
