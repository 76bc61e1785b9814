use skyloom_local::Local;
use store::{Delivery, Restock, StockItem, StockLevel, Warehouse};

use crate::shop::{BOOK, LAMP, MALMO, OSLO, customer, deliver, open, order, read};

#[skyloom_local::test(store)]
async fn staff_reads_a_warehouse_by_id(app: Local) {
    let staff = open(&app).await;
    let warehouse: Warehouse = read(&app, &staff, "/staff/warehouses/oslo").await;
    assert_eq!((warehouse.id.as_str(), warehouse.address.city.as_str()), (OSLO, OSLO));
    app.get("/staff/warehouses/rome").bearer(&staff).send().await.expect(404);
}

#[skyloom_local::test(store)]
async fn the_inventory_of_a_product_is_that_of_all_warehouses(app: Local) {
    let staff = open(&app).await;
    let inventory: Vec<StockItem> = read(&app, &staff, "/staff/products/lamp/inventory").await;
    let found: Vec<_> = inventory.iter().map(|it| (it.warehouse.as_str(), it.quantity)).collect();
    assert_eq!(found, [(MALMO, 10), (OSLO, 2)]);
}

#[skyloom_local::test(store)]
async fn the_inventory_of_a_warehouse_is_that_of_all_products(app: Local) {
    let staff = open(&app).await;
    let inventory: Vec<StockItem> = read(&app, &staff, "/staff/warehouses/oslo/inventory").await;
    let found: Vec<_> = inventory.iter().map(|it| (it.product.as_str(), it.quantity)).collect();
    assert_eq!(found, [(BOOK, 1_000), (LAMP, 2)]);
}

#[skyloom_local::test(store)]
async fn inventories_are_for_staff(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    for path in ["/staff/products/lamp/inventory", "/staff/warehouses/oslo/inventory", "/staff/warehouses/oslo"] {
        app.get(path).bearer(&ann).send().await.expect(403);
        app.get(path).send().await.expect(401);
    }
}

#[skyloom_local::test(store)]
async fn a_delivery_is_counted_once_and_only_of_what_there_is(app: Local) {
    let staff = open(&app).await;
    deliver(&app, &staff, OSLO, LAMP, 2).await;
    assert_eq!(app.table::<StockItem>().get((LAMP, OSLO)).await.map(|it| it.quantity), Some(2));
    assert_eq!(app.table::<StockLevel>().get(LAMP).await.map(|it| it.available), Some(12));

    let delivery = |product: &str| Delivery { note: "n-1".into(), product: product.into(), quantity: 1 };
    let send = |path: &'static str, product| app.post(path).bearer(&staff).json(&delivery(product)).send();
    send("/staff/warehouses/oslo/deliveries", "sofa").await.expect(404);
    send("/staff/warehouses/rome/deliveries", LAMP).await.expect(404);
    assert_eq!(app.table::<StockLevel>().get("sofa").await, None);
}

#[skyloom_local::test(store)]
async fn a_product_that_runs_short_is_noted_once(app: Local) {
    let staff = open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    order(&app, &ann, &[(LAMP, 6)]).await;
    app.settle().await;
    assert_eq!(read::<Vec<Restock>>(&app, &staff, "/staff/products/lamp/restocks").await, []);

    order(&app, &ann, &[(LAMP, 2)]).await;
    order(&app, &ann, &[(LAMP, 1)]).await;
    app.settle().await;

    let notes: Vec<Restock> = read(&app, &staff, "/staff/products/lamp/restocks").await;
    assert_eq!(notes.iter().map(|note| note.available).collect::<Vec<_>>(), [4]);
}
