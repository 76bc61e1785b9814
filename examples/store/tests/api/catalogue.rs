use skyloom_local::Local;
use store::{NewProduct, Product};

use crate::shop::{LAMP, customer, open};

#[skyloom_local::test(store)]
async fn everyone_reads_a_product_by_id(app: Local) {
    open(&app).await;
    let lamp: Product = app.get("/products/lamp").send().await.expect(200).json();
    assert_eq!((lamp.id.as_str(), lamp.price_cents), (LAMP, 4_900));
    app.get("/products/sofa").send().await.expect(404);
}

#[skyloom_local::test(store)]
async fn of_two_who_change_a_price_the_second_is_told(app: Local) {
    let staff = open(&app).await;
    let lamp: Product = app.get("/products/lamp").send().await.expect(200).json();
    let change = |price_cents| NewProduct { name: lamp.name.clone(), price_cents, version: lamp.version };
    app.put("/staff/products/lamp").bearer(&staff).json(&change(5_900)).send().await.expect(204);
    app.put("/staff/products/lamp").bearer(&staff).json(&change(3_900)).send().await.expect(409);
    let changed: Product = app.get("/products/lamp").send().await.expect(200).json();
    assert_eq!((changed.price_cents, changed.version), (5_900, lamp.version + 1));
}

#[skyloom_local::test(store)]
async fn only_staff_changes_the_catalogue(app: Local) {
    let ann = customer(&app, "ann@example.com").await;
    let sofa = NewProduct { name: "a sofa".into(), price_cents: 1, version: 0 };
    app.put("/staff/products/sofa").bearer(&ann).json(&sofa).send().await.expect(403);
    app.put("/staff/products/sofa").json(&sofa).send().await.expect(401);
    app.get("/products/sofa").send().await.expect(404);
}
