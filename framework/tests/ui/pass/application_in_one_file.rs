//! A binary may have its handlers itself. Its `main` is in a module of its own only because this is not a binary's root.

use skyloom::{Public, handler};

#[handler(GET "/", auth = Public)]
async fn root() -> &'static str {
    "hello"
}

mod binary {
    skyloom::main!(crate);
}
