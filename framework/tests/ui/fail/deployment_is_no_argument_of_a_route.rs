use skyloom::{Deployment, Public, handler};

#[handler(GET "/", auth = Public)]
async fn home(_deployment: Deployment) -> &'static str {
    "home"
}

fn main() {}
