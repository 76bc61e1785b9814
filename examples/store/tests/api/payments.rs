use std::time::Duration;

use skyloom_local::Local;
use store::{Invoice, Method, OrderDetails, Payment, Shopper, Status};

use crate::shop::{BOOK, LAMP, credit_card, customer, open, order, read};

async fn invoice(app: &Local, user: &skyloom_local::User, order: &str) -> Invoice {
    read(app, user, &format!("/orders/{order}/invoice")).await
}

#[skyloom_local::test(store)]
async fn an_invoice_is_found_by_its_order_and_by_its_id(app: Local) {
    open(&app).await;
    let (ann, bob) = (customer(&app, "ann@example.com").await, customer(&app, "bob@example.com").await);
    let id = order(&app, &ann, &[(LAMP, 2)]).await;
    let invoice = invoice(&app, &ann, &id).await;
    assert_eq!(invoice.amount_cents, 9_800);

    let path = format!("/invoices/{}", invoice.id);
    assert_eq!(read::<Invoice>(&app, &ann, &path).await, invoice);
    app.get(&path).bearer(&bob).send().await.expect(404);
    app.get("/invoices/none").bearer(&ann).send().await.expect(404);
}

#[skyloom_local::test(store)]
async fn an_order_is_paid_in_parts_and_paid_when_nothing_is_due(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let id = order(&app, &ann, &[(LAMP, 1)]).await;
    let path = format!("/invoices/{}/payments", invoice(&app, &ann, &id).await.id);
    let gift = Payment { reference: "gift-1".into(), method: Method::GiftCard, cents: 1_000 };
    let send = |payment: Payment| app.post(&path).bearer(&ann).json(&payment).send();

    send(gift.clone()).await.expect(200);
    send(gift.clone()).await.expect(200);
    send(credit_card(4_000)).await.expect(422);
    assert_eq!(status(&app, &ann, &id).await, Some(Status::Open));
    send(credit_card(3_900)).await.expect(200);

    assert_eq!(read::<Vec<Payment>>(&app, &ann, &path).await, [gift, credit_card(3_900)]);
    assert_eq!(status(&app, &ann, &id).await, Some(Status::Paid));
}

async fn status(app: &Local, user: &skyloom_local::User, order: &str) -> Option<Status> {
    read::<OrderDetails>(app, user, &format!("/orders/{order}")).await.order.map(|order| order.status)
}

#[skyloom_local::test(store)]
async fn nobody_sees_or_pays_the_invoice_of_another(app: Local) {
    open(&app).await;
    let (ann, bob) = (customer(&app, "ann@example.com").await, customer(&app, "bob@example.com").await);
    let id = order(&app, &ann, &[(LAMP, 1)]).await;
    let path = format!("/invoices/{}/payments", invoice(&app, &ann, &id).await.id);
    app.get(&path).bearer(&bob).send().await.expect(404);
    app.post(&path).bearer(&bob).json(&credit_card(1)).send().await.expect(404);
    app.get(&path).send().await.expect(401);
}

#[skyloom_local::test(store)]
async fn the_invoices_of_a_customer_are_limited_to_dates(app: Local) {
    open(&app).await;
    let ann = customer(&app, "ann@example.com").await;
    let early = order(&app, &ann, &[(LAMP, 1)]).await;
    app.advance(Duration::from_secs(3 * 24 * 60 * 60)).await;
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    order(&app, &ann, &[(BOOK, 1)]).await;

    let path = "/me/invoices?from=2026-01-01T00:00:00Z&to=2026-01-01T23:59:59Z";
    let found: Vec<Invoice> = read(&app, &ann, path).await;
    assert_eq!(found.iter().map(|it| it.order.as_str()).collect::<Vec<_>>(), [early]);
    app.get("/me/invoices").bearer(&ann).send().await.expect(400);
}
