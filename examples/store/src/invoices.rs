//! Invoices and how they are paid.

use serde::{Deserialize, Serialize};
use skyloom::{Document, Entity, Error, Json, Path, Query, Read, ReadIndex, Transact, handler, table};

use crate::{
    customers::Shopper,
    orders::{Order, Status, own},
    shop::{Dates, Gsi1, Gsi2, Shop, Time},
};

/// What is to be paid for an order, and what was. Its payments are a part of it, since they are only read with it.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "o#{order}", sort = "i#{id}")]
#[index(Gsi1, partition = "i#{id}", sort = "i#{id}")]
#[index(Gsi2, partition = "c#{customer}", sort = "i#{issued_at}")]
pub struct Invoice {
    /// For which order.
    pub order: String,
    /// Its number.
    pub id: String,
    /// Who has to pay.
    pub customer: String,
    /// Since when.
    pub issued_at: Time,
    /// How much, in cents.
    pub amount_cents: u64,
    /// What was paid so far.
    pub payments: Vec<Payment>,
    /// Two payments at once must not both be the last.
    #[version]
    pub version: u64,
}

/// A payment, or a part of one.
#[derive(Clone, Debug, PartialEq, Document, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// The payer's number of it, by which it is not counted twice.
    pub reference: String,
    /// How it was paid.
    pub method: Method,
    /// How much, in cents.
    pub cents: u64,
}

/// How something is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// With a code that makes it cheaper.
    DiscountCode,
    /// With a gift card.
    GiftCard,
    /// With a credit card.
    CreditCard,
}

impl Invoice {
    /// What is still to be paid, in cents.
    pub fn due_cents(&self) -> u64 {
        let paid: u64 = self.payments.iter().map(|payment| payment.cents).sum();
        self.amount_cents.saturating_sub(paid)
    }
}

/// `getInvoiceByOrderId`.
#[handler(GET "/orders/{order}/invoice", auth = Shopper)]
async fn invoice_of_order(
    shopper: Shopper,
    Path(order): Path<String>,
    orders: Read<Order>,
    invoices: Read<Invoice>,
) -> Result<Json<Invoice>, Error> {
    own(&orders, &order, &shopper).await?;
    invoices.query(&order).first().await?.map(Json).ok_or_else(no_such_invoice)
}

/// `getInvoiceByInvoiceId`.
#[handler(GET "/invoices/{invoice}", auth = Shopper)]
async fn get_invoice(
    shopper: Shopper,
    Path(invoice): Path<String>,
    invoices: ReadIndex<Gsi1, Invoice>,
) -> Result<Json<Invoice>, Error> {
    Ok(Json(find(&invoices, &invoice, &shopper).await?))
}

/// `getPaymentByInvoiceId`.
#[handler(GET "/invoices/{invoice}/payments", auth = Shopper)]
async fn payments_of_invoice(
    shopper: Shopper,
    Path(invoice): Path<String>,
    invoices: ReadIndex<Gsi1, Invoice>,
) -> Result<Json<Vec<Payment>>, Error> {
    Ok(Json(find(&invoices, &invoice, &shopper).await?.payments))
}

/// `getInvoiceByCustomerIdForDateRange`.
#[handler(GET "/me/invoices", auth = Shopper)]
async fn list_invoices(
    shopper: Shopper,
    Query(dates): Query<Dates>,
    invoices: ReadIndex<Gsi2, Invoice>,
) -> Result<Json<Vec<Invoice>>, Error> {
    Ok(Json(invoices.query(&shopper.sub).sort_between(dates.from, dates.to).all().await?))
}

/// Pays an invoice, or a part of it. The payment that makes it full makes the order a paid one, in the same transaction.
#[handler(POST "/invoices/{invoice}/payments", auth = Shopper)]
async fn pay(
    shopper: Shopper,
    Path(invoice): Path<String>,
    Json(payment): Json<Payment>,
    by_id: ReadIndex<Gsi1, Invoice>,
    invoices: Read<Invoice>,
    tx: Transact<(Invoice, Order)>,
) -> Result<Json<Vec<Payment>>, Error> {
    // The index finds the invoice; it may lag behind, so what is changed is read from the table.
    let found = find(&by_id, &invoice, &shopper).await?;
    let mut invoice = invoices.get_consistent((&found.order, &found.id)).await?.ok_or_else(no_such_invoice)?;
    if invoice.payments.contains(&payment) {
        return Ok(Json(invoice.payments));
    }
    if payment.cents == 0 || payment.cents > invoice.due_cents() {
        return Err(Error::unprocessable(format!("{} cents are due", invoice.due_cents())));
    }
    invoice.payments.push(payment);
    store(&tx, &invoice).await?;
    Ok(Json(invoice.payments))
}

/// Stores the invoice over the version that was read, and with the last payment the order's new status.
async fn store(tx: &Transact<(Invoice, Order)>, invoice: &Invoice) -> Result<(), Error> {
    let (invoices, orders) = tx.tables();
    let mut parts: Vec<table::Part> = vec![invoices.put(invoice).into()];
    if invoice.due_cents() == 0 {
        parts.push(orders.update((&invoice.order, &invoice.customer)).set(Order::STATUS, Status::Paid).into());
    }
    Ok(tx.write(parts).await?)
}

async fn find(invoices: &ReadIndex<Gsi1, Invoice>, id: &str, shopper: &Shopper) -> Result<Invoice, Error> {
    let invoice = invoices.query(id).first().await?;
    invoice.filter(|invoice| invoice.customer == shopper.sub).ok_or_else(no_such_invoice)
}

fn no_such_invoice() -> Error {
    Error::not_found("no such invoice")
}
