//! An API beside the default one.

use skyloom::{Api, ApiKey, handler};

/// What everybody calls.
#[derive(Api)]
#[api(http, default)]
pub struct Shop;

/// What other companies call.
#[derive(Api)]
#[api(rest)]
pub struct Partners;

/// Lists what was ordered.
#[handler(GET "/orders-of-partners", auth = ApiKey, api = Partners)]
async fn list_orders_of_partner() -> &'static str {
    "none"
}

mod tests {
    use skyloom_local::Local;

    use super::{Partners, Shop};

    // ANCHOR: test
    #[skyloom_local::test]
    async fn a_partner_has_a_key(app: Local) {
        let partners = app.api::<Partners>();
        partners.get("/orders-of-partners").header("x-api-key", &partners.key()).send().await.expect(200);
        partners.get("/orders-of-partners").send().await.expect(403);
        app.api::<Shop>().get("/orders-of-partners").send().await.expect(404);
    }
    // ANCHOR_END: test
}
