#![allow(unused)]

use skyloom::{Public, handler};

struct Shop;

impl Shop {
    #[handler(GET "/orders", auth = Public)]
    async fn list(&self) {}
}

fn main() {}
