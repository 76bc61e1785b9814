use skyloom_local::{Forged, Local};
use store::{CartItem, Customer, Me, Shopper};

use crate::shop::{LAMP, address, customer, fill, open, read};

#[skyloom_local::test(store)]
async fn customers_read_themselves_and_their_addresses_and_nothing_else_of_their_partition(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    app.put("/me/addresses/work").bearer(&ann).json(&address("Oslo")).send().await.expect(200);
    fill(&app, &ann, &[(LAMP, 1)]).await;

    let me: Me = read(&app, &ann, "/me").await;

    assert_eq!(me.customer.email, "ann@example.com");
    let cities: Vec<_> = me.addresses.iter().map(|it| (it.label.as_str(), it.address.city.as_str())).collect();
    assert_eq!(cities, [("home", "Bergen"), ("work", "Oslo")]);
}

#[skyloom_local::test(store)]
async fn staff_reads_a_customer_by_id(app: Local) {
    let staff = open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let me: Me = read(&app, &ann, "/me").await;
    let path = format!("/staff/customers/{}", me.customer.id);

    assert_eq!(read::<Customer>(&app, &staff, &path).await, me.customer);
    app.get("/staff/customers/nobody").bearer(&staff).send().await.expect(404);
    app.get(&path).bearer(&ann).send().await.expect(403);
}

#[skyloom_local::test(store)]
async fn who_has_not_said_who_they_are_is_told_to(app: Local) {
    let bob = app.sign_in::<Shopper>("bob@example.com").await;
    let reply = app.get("/me").bearer(&bob).send().await.expect(404);
    assert!(reply.text().contains("PUT /me"), "{}", reply.text());
    app.get("/me").send().await.expect(401);
    let forged = app.sign_in::<Shopper>("bob@example.com").forged(Forged::OtherKey).await;
    app.get("/me").bearer(&forged).send().await.expect(401);
    assert_eq!(app.invocations("get_me"), 1);
}

#[skyloom_local::test(store)]
async fn a_label_that_could_not_be_read_back_is_refused(app: Local) {
    let ann = customer(&app, "ann@example.com").await;
    app.put("/me/addresses/%20").bearer(&ann).json(&address("Oslo")).send().await.expect(200);
    let unknown = serde_json::json!({"street": "x", "postal_code": "x", "city": "x", "country": "x", "planet": "x"});
    app.put("/me/addresses/moon").bearer(&ann).json(&unknown).send().await.expect(400);
}

#[skyloom_local::test(store)]
async fn a_cart_is_its_customers_and_forgotten_after_a_week(app: Local) {
    let ann = customer(&app, "ann@example.com").await;
    let bob = customer(&app, "bob@example.com").await;
    fill(&app, &ann, &[(LAMP, 2)]).await;

    let cart: Vec<CartItem> = read(&app, &ann, "/me/cart").await;
    assert_eq!(cart.iter().map(|it| (it.product.as_str(), it.quantity)).collect::<Vec<_>>(), [(LAMP, 2)]);
    assert_eq!(read::<Vec<CartItem>>(&app, &bob, "/me/cart").await, []);

    app.advance(std::time::Duration::from_secs(8 * 24 * 60 * 60)).await;
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    assert_eq!(read::<Vec<CartItem>>(&app, &ann, "/me/cart").await, []);
    let key = (&cart[0].customer, &cart[0].product);
    assert_eq!(app.table::<CartItem>().get(key).await, None, "DynamoDB has removed it");
}

#[skyloom_local::test(store)]
async fn a_product_is_taken_out_of_the_cart(app: Local) {
    let ann = customer(&app, "ann@example.com").await;
    fill(&app, &ann, &[(LAMP, 2)]).await;
    app.put("/me/cart/lamp").bearer(&ann).json(&0).send().await.expect(422);
    app.delete("/me/cart/lamp").bearer(&ann).send().await.expect(204);
    assert_eq!(read::<Vec<CartItem>>(&app, &ann, "/me/cart").await, []);
}
