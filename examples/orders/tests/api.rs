//! The shop as its users see it.

use orders::{NewOrder, Order, Shipment, Shopper, Status};
use skyloom_local::Local;

fn lamp() -> NewOrder {
    NewOrder { item: "a lamp".into(), total_cents: 4_900 }
}

#[skyloom_local::test(orders)]
async fn a_paid_order_is_shipped(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let order: Order = app.post("/orders").bearer(&ann).json(&lamp()).send().await.expect(201).json();
    app.settle().await;
    assert_eq!(app.table::<Shipment>().get(&order.id).await, None);

    app.post(&format!("/orders/{}/pay", order.id)).bearer(&ann).send().await.expect(200);
    app.settle().await;

    let shipment = app.table::<Shipment>().get(&order.id).await.expect("the paid order is shipped");
    assert_eq!(shipment.item, "a lamp");
    assert_eq!(shipment.shopper, order.shopper);
}

#[skyloom_local::test(orders)]
async fn an_order_is_paid_once(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let order: Order = app.post("/orders").bearer(&ann).json(&lamp()).send().await.expect(201).json();
    let pay = format!("/orders/{}/pay", order.id);
    app.post(&pay).bearer(&ann).send().await.expect(200);
    let refused = app.post(&pay).bearer(&ann).send().await.expect(409);
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
}

#[skyloom_local::test(orders)]
async fn nobody_sees_the_orders_of_another(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let bob = app.sign_in::<Shopper>("bob@example.com").await;
    let order: Order = app.post("/orders").bearer(&ann).json(&lamp()).send().await.expect(201).json();

    app.get(&format!("/orders/{}", order.id)).bearer(&bob).send().await.expect(404);
    app.get(&format!("/orders/{}", order.id)).bearer(&ann).send().await.expect(200);
    app.get("/orders").send().await.expect(401);
}

#[skyloom_local::test(orders)]
async fn a_list_goes_on_where_its_last_page_ended(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    for _ in 0..3 {
        app.post("/orders").bearer(&ann).json(&lamp()).send().await.expect(201);
    }
    let first: serde_json::Value = app.get("/orders?limit=2").bearer(&ann).send().await.expect(200).json();
    assert_eq!(first["orders"].as_array().map(Vec::len), Some(2));
    let next = first["next"].as_str().expect("there is more");
    let rest: serde_json::Value =
        app.get(&format!("/orders?limit=2&after={next}")).bearer(&ann).send().await.expect(200).json();
    assert_eq!(rest["orders"].as_array().map(Vec::len), Some(1));
    assert_eq!(rest["next"], serde_json::Value::Null);
}

#[skyloom_local::test(orders)]
async fn a_cursor_of_one_shopper_shows_nothing_to_another(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let bob = app.sign_in::<Shopper>("bob@example.com").await;
    for _ in 0..2 {
        app.post("/orders").bearer(&ann).json(&lamp()).send().await.expect(201);
    }
    let page: serde_json::Value = app.get("/orders?limit=1").bearer(&ann).send().await.expect(200).json();
    let cursor = page["next"].as_str().expect("there is more");
    app.get(&format!("/orders?after={cursor}")).bearer(&bob).send().await.expect(400);
    app.get(&format!("/orders?after={cursor}")).bearer(&ann).send().await.expect(200);
}

#[skyloom_local::test(orders)]
async fn only_staff_lists_by_status(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let sam = app.sign_in::<Shopper>("sam@example.com").groups(&["staff"]).await;
    app.post("/orders").bearer(&ann).json(&lamp()).send().await.expect(201);

    app.get("/staff/orders/open").bearer(&ann).send().await.expect(403);
    let open: Vec<Order> = app.get("/staff/orders/open").bearer(&sam).send().await.expect(200).json();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].status, Status::Open);
    app.get("/staff/orders/unknown").bearer(&sam).send().await.expect(400);
}

#[skyloom_local::test(orders)]
async fn a_cancelled_order_is_forgotten_after_thirty_days(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let order: Order = app.post("/orders").bearer(&ann).json(&lamp()).send().await.expect(201).json();
    app.delete(&format!("/orders/{}", order.id)).bearer(&ann).send().await.expect(204);
    app.settle().await;
    assert!(app.table::<Order>().get((&order.shopper, &order.id)).await.is_some());

    app.advance(std::time::Duration::from_secs(31 * 24 * 60 * 60)).await;
    assert_eq!(app.table::<Order>().get((&order.shopper, &order.id)).await, None);
}

#[skyloom_local::test(orders)]
async fn a_bad_order_is_refused_and_says_why(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let refused = app.post("/orders").bearer(&ann).json(&serde_json::json!({"item": "x"})).send().await.expect(400);
    let problem: serde_json::Value = refused.json();
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("total_cents")), "{problem}");
    app.post("/orders").bearer(&ann).json(&NewOrder { item: " ".into(), total_cents: 1 }).send().await.expect(422);
}

#[skyloom_local::test(orders)]
async fn the_shop_reports_every_hour(app: Local) {
    app.advance(std::time::Duration::from_secs(2 * 60 * 60)).await;
    assert_eq!(app.logs("report").iter().filter(|line| line.contains("hourly report")).count(), 2);
}
