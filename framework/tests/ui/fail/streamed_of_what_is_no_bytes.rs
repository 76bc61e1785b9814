use futures_util::stream;
use skyloom::{Error, Public, Streamed, handler};

#[handler(url, auth = Public)]
async fn export() -> Streamed {
    Streamed::new(stream::iter([Ok::<_, Error>(1_u32)]))
}

fn main() {}
