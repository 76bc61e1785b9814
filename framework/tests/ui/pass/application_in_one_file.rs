//! A binary may have its handlers itself. The module is there only because a test's own `main` has to succeed.

use skyloom::{Public, handler};

#[handler(GET "/", auth = Public)]
async fn root() -> &'static str {
    "hello"
}

mod binary {
    skyloom::main!(crate);
}

fn main() {}
