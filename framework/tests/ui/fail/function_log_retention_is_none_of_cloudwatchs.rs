use skyloom::handler;

#[handler(invoke, log_retention = 31)]
async fn days() {}

#[handler(invoke, log_retention = "2h")]
async fn hours() {}

fn main() {}
