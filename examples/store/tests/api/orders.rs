use std::time::Duration;

use skyloom_local::Local;
use store::{OrderItem, Shopper};

use crate::shop::{BOOK, LAMP, customer, open, order, read};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const FIRST_DAYS: &str = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";

#[skyloom_local::test(store)]
async fn orders_are_listed_to_their_customer_the_newest_first(app: Local) {
    open(&app).await;
    let (ann, bob) = (customer(&app, "ann@example.com").await, customer(&app, "bob@example.com").await);
    let first = order(&app, &ann, &[(LAMP, 1)]).await;
    app.advance(Duration::from_secs(60)).await;
    let second = order(&app, &ann, &[(BOOK, 1)]).await;
    order(&app, &bob, &[(BOOK, 1)]).await;

    let page: serde_json::Value = read(&app, &ann, "/orders").await;
    let ids: Vec<_> = page["items"].as_array().into_iter().flatten().map(|it| it["id"].as_str()).collect();
    assert_eq!(ids, [Some(second.as_str()), Some(first.as_str())]);
    app.get("/orders?after=forged").bearer(&ann).send().await.expect(400);
}

#[skyloom_local::test(store)]
async fn a_list_of_orders_goes_on_behind_its_page(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    for number in 1..=21 {
        order(&app, &ann, &[(BOOK, number)]).await;
    }
    let page: serde_json::Value = read(&app, &ann, "/orders").await;
    let next = page["next"].as_str().expect("there is more");
    let rest: serde_json::Value = read(&app, &ann, &format!("/orders?after={next}")).await;
    let count = |page: &serde_json::Value| page["items"].as_array().map(Vec::len);
    assert_eq!((count(&page), count(&rest)), (Some(20), Some(1)));

    let bob = customer(&app, "bob@example.com").await;
    app.get(&format!("/orders?after={next}")).bearer(&bob).send().await.expect(400);
}

#[skyloom_local::test(store)]
async fn the_items_of_an_order_are_its_products(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let id = order(&app, &ann, &[(LAMP, 1), (BOOK, 2)]).await;
    let items: Vec<OrderItem> = read(&app, &ann, &format!("/orders/{id}/items")).await;
    assert_eq!(items.iter().map(|it| it.product.as_str()).collect::<Vec<_>>(), [BOOK, LAMP]);
}

#[skyloom_local::test(store)]
async fn nobody_sees_what_belongs_to_the_order_of_another(app: Local) {
    open(&app).await;
    let (ann, bob) = (customer(&app, "ann@example.com").await, customer(&app, "bob@example.com").await);
    let id = order(&app, &ann, &[(LAMP, 1)]).await;
    for part in ["", "/items", "/invoice", "/shipments"] {
        let path = format!("/orders/{id}{part}");
        app.get(&path).bearer(&ann).send().await.expect(200);
        app.get(&path).bearer(&bob).send().await.expect(404);
        app.get(&path).send().await.expect(401);
    }
}

#[skyloom_local::test(store)]
async fn the_orders_of_a_product_are_limited_to_dates(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let early = order(&app, &ann, &[(LAMP, 1), (BOOK, 1)]).await;
    app.advance(3 * DAY).await;
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let late = order(&app, &ann, &[(LAMP, 2)]).await;

    let staff = app.sign_in::<Shopper>("sam@example.com").groups(&["staff"]).await;
    let orders = async |dates: &str| -> Vec<String> {
        let path = format!("/staff/products/lamp/orders?{dates}");
        read::<Vec<OrderItem>>(&app, &staff, &path).await.into_iter().map(|item| item.order).collect()
    };
    assert_eq!(orders(FIRST_DAYS).await, std::slice::from_ref(&early));
    assert_eq!(orders("from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00%2B01:00").await, [early, late]);
    assert_eq!(orders("from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z").await, Vec::<String>::new());
    app.get("/staff/products/lamp/orders?from=yesterday&to=today").bearer(&staff).send().await.expect(400);
    app.get(&format!("/staff/products/lamp/orders?{FIRST_DAYS}")).bearer(&ann).send().await.expect(403);
}

#[skyloom_local::test(store)]
async fn what_a_customer_bought_is_limited_to_dates(app: Local) {
    open(&app).await;
    let (ann, bob) = (customer(&app, "ann@example.com").await, customer(&app, "bob@example.com").await);
    order(&app, &ann, &[(LAMP, 1), (BOOK, 1)]).await;
    order(&app, &bob, &[(BOOK, 4)]).await;
    app.advance(3 * DAY).await;
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    order(&app, &ann, &[(LAMP, 2)]).await;

    let bought: Vec<OrderItem> = read(&app, &ann, &format!("/me/purchases?{FIRST_DAYS}")).await;
    let mut bought: Vec<_> = bought.iter().map(|it| (it.product.as_str(), it.quantity)).collect();
    bought.sort_unstable();
    assert_eq!(bought, [(BOOK, 1), (LAMP, 1)], "and no invoice, which the same partition of the index has");
}

#[skyloom_local::test(store)]
async fn the_policy_of_a_reader_ends_with_its_entities(app: Local) {
    let functions = serde_json::to_value(&app.manifest().functions).expect("it is data");
    let of_items = functions.as_array().into_iter().flatten().find(|it| it["name"] == "items_of_order");
    let granted = of_items.expect("the handler is there")["permissions"].to_string();
    assert!(granted.contains("o#*") && !granted.contains("c#*"), "{granted}");
}
