use skyloom::handler;

#[handler(invoke, retries = 3, max_event_age = "7h")]
async fn import() {}

#[handler(schedule = "rate(1 hour)", max_event_age = "30s")]
async fn report() {}

fn main() {}
