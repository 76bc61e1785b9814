//! A shop with two products, two warehouses and a customer.

use serde::de::DeserializeOwned;
use skyloom_local::{Local, User};
use store::{
    Address, Delivery, Invoice, Line, Method, NewOrder, NewProduct, NewShipment, NewWarehouse, Payment, Placed,
    Profile, Shopper,
};

pub(crate) const LAMP: &str = "lamp";
pub(crate) const BOOK: &str = "book";
pub(crate) const MALMO: &str = "malmo";
pub(crate) const OSLO: &str = "oslo";

/// Ten lamps in Malmö, two in Oslo; a thousand books in Oslo.
pub(crate) async fn open(app: &Local) -> User {
    let staff = app.sign_in::<Shopper>("sam@example.com").groups(&["staff"]).await;
    for (id, price_cents) in [(LAMP, 4_900), (BOOK, 1_500)] {
        let product = NewProduct { name: format!("a {id}"), price_cents, version: 0 };
        app.put(&format!("/staff/products/{id}")).bearer(&staff).json(&product).send().await.expect(204);
    }
    for id in [MALMO, OSLO] {
        let warehouse = NewWarehouse { address: address(id) };
        app.put(&format!("/staff/warehouses/{id}")).bearer(&staff).json(&warehouse).send().await.expect(204);
    }
    for (warehouse, product, quantity) in [(MALMO, LAMP, 10), (OSLO, LAMP, 2), (OSLO, BOOK, 1_000)] {
        deliver(app, &staff, warehouse, product, quantity).await;
    }
    staff
}

pub(crate) async fn deliver(app: &Local, staff: &User, warehouse: &str, product: &str, quantity: u32) {
    let delivery = Delivery { note: format!("{warehouse}-{product}"), product: product.into(), quantity };
    let path = format!("/staff/warehouses/{warehouse}/deliveries");
    app.post(&path).bearer(staff).json(&delivery).send().await.expect(204);
}

/// A customer with a name and an address, `home`.
pub(crate) async fn customer(app: &Local, email: &str) -> User {
    let user = app.sign_in::<Shopper>(email).await;
    let profile = Profile { name: "Ann".into(), email: email.into() };
    app.put("/me").bearer(&user).json(&profile).send().await.expect(200);
    app.put("/me/addresses/home").bearer(&user).json(&address("Bergen")).send().await.expect(200);
    user
}

/// Orders so many of the products, and gives the order's id.
pub(crate) async fn order(app: &Local, user: &User, lines: &[(&str, u32)]) -> String {
    fill(app, user, lines).await;
    let placed = app.post("/orders").bearer(user).json(&request(lines)).send().await;
    placed.expect(201).json::<Placed>().order
}

pub(crate) async fn fill(app: &Local, user: &User, lines: &[(&str, u32)]) {
    for (product, quantity) in lines {
        app.put(&format!("/me/cart/{product}")).bearer(user).json(quantity).send().await.expect(200);
    }
}

/// The request for an order of these products; another for others.
pub(crate) fn request(lines: &[(&str, u32)]) -> NewOrder {
    NewOrder { request: format!("{lines:?}"), address: "home".into() }
}

/// Pays all that is due.
pub(crate) async fn pay(app: &Local, user: &User, order: &str) {
    let invoice: Invoice = read(app, user, &format!("/orders/{order}/invoice")).await;
    let payment = credit_card(invoice.due_cents());
    let path = format!("/invoices/{}/payments", invoice.id);
    app.post(&path).bearer(user).json(&payment).send().await.expect(200);
}

pub(crate) fn credit_card(cents: u64) -> Payment {
    Payment { reference: format!("card-{cents}"), method: Method::CreditCard, cents }
}

pub(crate) fn parcel(id: &str, warehouse: &str, lines: &[(&str, u32)]) -> NewShipment {
    let items = lines.iter().map(|(product, quantity)| Line { product: (*product).into(), quantity: *quantity });
    NewShipment { id: id.into(), warehouse: warehouse.into(), items: items.collect() }
}

pub(crate) fn address(city: &str) -> Address {
    Address { street: "Storgata 1".into(), postal_code: "0155".into(), city: city.into(), country: "Norway".into() }
}

pub(crate) async fn read<T: DeserializeOwned>(app: &Local, user: &User, path: &str) -> T {
    app.get(path).bearer(user).send().await.expect(200).json()
}
