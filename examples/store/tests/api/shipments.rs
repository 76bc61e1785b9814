use skyloom_local::Local;
use store::{OrderDetails, Shipment, ShipmentDetails, Status};

use crate::shop::{BOOK, LAMP, MALMO, OSLO, customer, open, order, parcel, pay, read};

#[skyloom_local::test(store)]
async fn a_shipment_is_found_by_order_by_id_and_by_warehouse(app: Local) {
    let staff = open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let id = order(&app, &ann, &[(LAMP, 1), (BOOK, 2)]).await;
    pay(&app, &ann, &id).await;
    let path = format!("/staff/orders/{id}/shipments");
    for parcel in [parcel("s-1", MALMO, &[(LAMP, 1)]), parcel("s-2", OSLO, &[(BOOK, 1), ("postcard", 1)])] {
        app.post(&path).bearer(&staff).json(&parcel).send().await.expect(201);
    }

    let of_order: Vec<Shipment> = read(&app, &ann, &format!("/orders/{id}/shipments")).await;
    assert_eq!(of_order.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["s-1", "s-2"]);
    let details: ShipmentDetails = read(&app, &staff, "/staff/shipments/s-2").await;
    assert_eq!(details.shipment, of_order[1]);
    assert_eq!(details.items.iter().map(|it| it.product.as_str()).collect::<Vec<_>>(), [BOOK, "postcard"]);
    let of_warehouse: Vec<Shipment> = read(&app, &staff, "/staff/warehouses/malmo/shipments").await;
    assert_eq!(of_warehouse, of_order[..1]);
}

#[skyloom_local::test(store)]
async fn the_details_of_an_order_have_all_that_was_shipped(app: Local) {
    let staff = open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let id = order(&app, &ann, &[(BOOK, 2)]).await;
    pay(&app, &ann, &id).await;
    let path = format!("/staff/orders/{id}/shipments");
    app.post(&path).bearer(&staff).json(&parcel("s-1", OSLO, &[(BOOK, 2)])).send().await.expect(201);

    let details: OrderDetails = read(&app, &ann, &format!("/orders/{id}")).await;
    assert_eq!(details.order.map(|order| order.status), Some(Status::Shipped));
    assert_eq!((details.items.len(), details.shipments.len(), details.shipped.len()), (1, 1, 1));
}

#[skyloom_local::test(store)]
async fn only_a_paid_order_is_shipped_and_each_parcel_once(app: Local) {
    let staff = open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let id = order(&app, &ann, &[(BOOK, 2)]).await;
    let path = format!("/staff/orders/{id}/shipments");
    let parcel = parcel("s-1", OSLO, &[(BOOK, 2)]);

    let refused = app.post(&path).bearer(&staff).json(&parcel).send().await.expect(409);
    assert!(refused.text().contains("the order is not paid"), "{}", refused.text());
    pay(&app, &ann, &id).await;
    app.post(&path).bearer(&staff).json(&parcel).send().await.expect(201);
    let refused = app.post(&path).bearer(&staff).json(&parcel).send().await.expect(409);
    assert!(refused.text().contains("a shipment with that number"), "{}", refused.text());
    app.post("/staff/orders/none/shipments").bearer(&staff).json(&parcel).send().await.expect(404);
}

#[skyloom_local::test(store)]
async fn shipping_is_for_staff(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let id = order(&app, &ann, &[(BOOK, 2)]).await;
    let parcel = parcel("s-1", OSLO, &[(BOOK, 2)]);
    app.post(&format!("/staff/orders/{id}/shipments")).bearer(&ann).json(&parcel).send().await.expect(403);
    app.get("/staff/shipments/s-1").bearer(&ann).send().await.expect(403);
    app.get("/staff/warehouses/oslo/shipments").bearer(&ann).send().await.expect(403);
}
