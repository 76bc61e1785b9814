use skyloom::{NoContent, Public, handler};

async fn wait() {}

#[handler(GET "/orders", auth = Public)]
async fn list() -> NoContent {
    let local = std::rc::Rc::new(1);
    wait().await;
    drop(local);
    NoContent
}

fn main() {}
