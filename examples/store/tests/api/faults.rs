use std::time::Duration;

use skyloom_local::Local;
use store::{CartItem, Order, OrderItem, Placed, Restock, Shopper, StockItem, StockLevel};

use crate::shop::{LAMP, MALMO, request};

/// Whatever fails on the way: there is one order, it took its lamps once, and the shortage is noted once.
#[skyloom_local::test(store, seeds = 50)]
async fn a_patient_customer_gets_one_order(app: Local) {
    stock(&app).await;
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let put = |path: &str, body: serde_json::Value| app.put(path).bearer(&ann).json(&body).send_until_accepted();
    let address = serde_json::json!({"street": "a", "postal_code": "b", "city": "c", "country": "d"});
    put("/me/addresses/home", address).await.expect(200);
    put("/me/cart/lamp", serde_json::json!(6)).await.expect(200);

    let placed = app.post("/orders").bearer(&ann).json(&request(&[])).send_until_accepted().await;
    let Placed { order } = placed.expect(201).json();
    app.advance(Duration::from_secs(60 * 60)).await;

    let orders = app.table::<Order>().all().await;
    assert_eq!(orders.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), [order]);
    assert_eq!(app.table::<OrderItem>().all().await.len(), 1);
    assert_eq!(app.table::<StockItem>().get((LAMP, MALMO)).await.map(|it| it.quantity), Some(4));
    assert_eq!(app.table::<StockLevel>().get(LAMP).await.map(|it| it.available), Some(4));
    assert_eq!(app.table::<CartItem>().all().await, []);
    let notes = app.table::<Restock>().query(LAMP).await;
    assert_eq!(notes.iter().map(|note| note.available).collect::<Vec<_>>(), [4]);
}

/// What is there before, written by the test itself, which has no faults.
async fn stock(app: &Local) {
    let product = store::Product { id: LAMP.into(), name: "a lamp".into(), price_cents: 4_900, version: 0 };
    app.table::<store::Product>().put(&product).await;
    let stock = StockItem { product: LAMP.into(), warehouse: MALMO.into(), quantity: 10 };
    app.table::<StockItem>().put(&stock).await;
    app.table::<StockLevel>().put(&StockLevel { product: LAMP.into(), available: 10 }).await;
}
