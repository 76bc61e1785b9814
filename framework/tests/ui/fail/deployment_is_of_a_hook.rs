use skyloom::{Deployment, handler};

#[handler(hook, deployment = all_at_once)]
async fn smoke_test(_deployment: Deployment) {}

fn main() {}
