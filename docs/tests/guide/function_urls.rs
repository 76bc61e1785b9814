//! A reply that is sent as it comes.

use futures_util::stream;
use skyloom::{Error, Public, Streamed, handler};

/// Each order as a line of JSON, until one cannot be read.
#[handler(url, auth = Public)]
async fn export_orders() -> Streamed {
    Streamed::json_lines(stream::iter([Ok("a1"), Ok("b2"), Err(Error::internal("the third is broken"))]))
}

mod tests {
    use skyloom_local::Local;

    // ANCHOR: test
    #[skyloom_local::test]
    async fn an_export_breaks_off_where_it_fails(app: Local) {
        let reply = app.url("export_orders").get("/").send().await.expect(200);
        assert_eq!(reply.chunks(), ["\"a1\"\n", "\"b2\"\n"]);
        assert!(reply.broke_off());
    }
    // ANCHOR_END: test
}
