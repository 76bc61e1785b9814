use skyloom_local::Local;
use store::{CartItem, NewOrder, Order, OrderDetails, Placed, Status, StockItem, StockLevel};

use crate::shop::{BOOK, LAMP, MALMO, customer, fill, open, order, read, request};

#[skyloom_local::test(store)]
async fn an_order_is_its_items_its_invoice_and_less_stock(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let id = order(&app, &ann, &[(LAMP, 3), (BOOK, 2)]).await;

    let details: OrderDetails = read(&app, &ann, &format!("/orders/{id}")).await;
    let items: Vec<_> = details.items.iter().map(|it| (it.product.as_str(), it.quantity, it.price_cents)).collect();
    assert_eq!(items, [(BOOK, 2, 1_500), (LAMP, 3, 4_900)]);
    assert_eq!(details.order.map(|order| order.status), Some(Status::Open));
    assert_eq!(details.invoice.map(|invoice| invoice.amount_cents), Some(17_700));
    assert_eq!(app.table::<StockItem>().get((LAMP, MALMO)).await.map(|it| it.quantity), Some(7));
    assert_eq!(app.table::<StockLevel>().get(LAMP).await.map(|it| it.available), Some(9));
    assert_eq!(read::<Vec<CartItem>>(&app, &ann, "/me/cart").await, []);
}

#[skyloom_local::test(store)]
async fn nothing_is_ordered_of_what_no_warehouse_has(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    fill(&app, &ann, &[(BOOK, 1), (LAMP, 11)]).await;
    let refused = app.post("/orders").bearer(&ann).json(&request(&[])).send().await.expect(409);
    assert!(refused.text().contains("11 of lamp"), "{}", refused.text());
    assert_eq!(app.table::<Order>().all().await, []);
    assert_eq!(app.table::<StockLevel>().get(BOOK).await.map(|it| it.available), Some(1_000));
}

#[skyloom_local::test(store)]
async fn the_last_one_is_sold_once(app: Local) {
    open(&app).await;
    let (ann, bob) = (customer(&app, "ann@example.com").await, customer(&app, "bob@example.com").await);
    order(&app, &ann, &[(LAMP, 10)]).await;
    fill(&app, &bob, &[(LAMP, 3)]).await;
    app.post("/orders").bearer(&bob).json(&request(&[])).send().await.expect(409);
    assert_eq!(app.table::<StockLevel>().get(LAMP).await.map(|it| it.available), Some(2));
}

#[skyloom_local::test(store)]
async fn a_request_that_comes_twice_makes_one_order(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let lines = [(LAMP, 1)];
    let first = order(&app, &ann, &lines).await;
    let again: Placed = app.post("/orders").bearer(&ann).json(&request(&lines)).send().await.expect(201).json();
    assert_eq!(again.order, first);
    assert_eq!(app.table::<Order>().all().await.len(), 1);
}

#[skyloom_local::test(store)]
async fn an_order_needs_a_cart_an_address_and_a_customer(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let empty = app.post("/orders").bearer(&ann).json(&request(&[])).send().await.expect(422);
    assert!(empty.text().contains("the cart is empty"), "{}", empty.text());
    fill(&app, &ann, &[(LAMP, 1)]).await;
    let nowhere = NewOrder { request: "r-1".into(), address: "moon".into() };
    app.post("/orders").bearer(&ann).json(&nowhere).send().await.expect(422);
    app.post("/orders").json(&nowhere).send().await.expect(401);
}

#[skyloom_local::test(store)]
async fn a_cart_that_is_over_is_not_ordered(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let cart = app.table::<CartItem>();
    fill(&app, &ann, &[(LAMP, 1)]).await;
    let mut item = cart.all().await.remove(0);
    item.expires_at = app.now().into();
    cart.put(&item).await;
    app.post("/orders").bearer(&ann).json(&request(&[])).send().await.expect(422);
}
