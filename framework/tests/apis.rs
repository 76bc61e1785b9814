//! An application with several APIs: each has routes and rules of its own.

use skyloom::{Api, Iam, Public, handler};
use skyloom_local::Local;

#[derive(Api)]
#[api(http, default)]
struct Shop;

#[derive(Api)]
#[api(http, cors(origins = ["https://desk.example"], methods = ["GET"]))]
struct Desk;

#[handler(GET "/orders", auth = Public)]
async fn orders_of_shop() -> &'static str {
    "shop"
}

#[handler(GET "/orders", auth = Public, api = Desk)]
async fn orders_of_desk() -> &'static str {
    "desk"
}

#[handler(GET "/desks", auth = Public, api = Desk)]
async fn desks() -> &'static str {
    "desks"
}

#[handler(GET "/signed", auth = Iam, api = Desk)]
async fn signed() -> &'static str {
    "signed"
}

#[skyloom_local::test]
async fn a_path_leads_to_the_handler_of_its_api(app: Local) {
    assert_eq!(app.get("/orders").send().await.expect(200).text(), "shop");
    assert_eq!(app.api::<Shop>().get("/orders").send().await.expect(200).text(), "shop");
    assert_eq!(app.api::<Desk>().get("/orders").send().await.expect(200).text(), "desk");
    assert_eq!(app.invocations("orders_of_desk"), 1);
}

#[skyloom_local::test]
async fn an_api_has_no_routes_of_another(app: Local) {
    app.api::<Desk>().get("/desks").send().await.expect(200);
    app.get("/desks").send().await.expect(404);
}

#[skyloom_local::test]
async fn an_api_has_cross_origin_rules_of_its_own(app: Local) {
    let desk = app.api::<Desk>();
    let allowed = |reply: &skyloom_local::Reply| reply.header("access-control-allow-origin").map(str::to_owned);
    let of_desk = desk.get("/orders").header("origin", "https://desk.example").send().await;
    let of_shop = app.get("/orders").header("origin", "https://desk.example").send().await;
    assert_eq!(allowed(&of_desk).as_deref(), Some("https://desk.example"));
    assert_eq!(allowed(&of_shop), None);
}

#[skyloom_local::test]
async fn whose_signature_is_not_verified_is_not_let_in(app: Local) {
    app.api::<Desk>().get("/signed").send().await.expect(403);
    assert_eq!(app.invocations("signed"), 0);
}

#[skyloom_local::test]
async fn routes_name_their_api_in_the_manifest(app: Local) {
    let manifest = app.manifest();
    let apis: Vec<_> = manifest.apis.iter().map(|api| (api.name.as_str(), api.default)).collect();
    assert_eq!(apis, [("Desk", false), ("Shop", true)]);
    let of_shop: Vec<_> = manifest.routes("Shop").map(|route| route.function.name.as_str()).collect();
    assert_eq!(of_shop, ["orders_of_shop"]);
}
