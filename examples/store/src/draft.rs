//! An order before it is written, and the transaction that writes it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use skyloom::{Context, Transact, table::Part};

use crate::{
    cart::CartItem,
    checkout::{Checkout, Tables},
    customers::Address,
    invoices::Invoice,
    orders::{Order, OrderItem, Status},
    restock::StockLevel,
    warehouses::StockItem,
};

/// A transaction has at most 100 parts: three for the order, four for each product.
pub(crate) const MOST_PRODUCTS: usize = 24;

/// How long a request is known as the same.
const REMEMBERED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// So many of a product, and where they are taken from.
pub(crate) struct Picked {
    pub(crate) product: String,
    pub(crate) quantity: u32,
    pub(crate) price_cents: u64,
    pub(crate) warehouse: String,
}

/// All that is written for an order.
pub(crate) struct Draft {
    pub(crate) order: Order,
    checkout: Checkout,
    invoice: Invoice,
    items: Vec<OrderItem>,
}

impl Draft {
    pub(crate) fn new(context: &Context, customer: String, request: String, address: Address) -> Self {
        let now = context.now();
        // The time first, so that a customer's orders are in its order; the request's id, so that no two are alike.
        let id = format!("{:013}-{}", millis(now), context.request_id());
        Self {
            checkout: Checkout {
                customer: customer.clone(),
                request,
                order: id.clone(),
                expires_at: (now + REMEMBERED_FOR).into(),
            },
            invoice: Invoice {
                order: id.clone(),
                id: id.clone(),
                customer: customer.clone(),
                issued_at: now.into(),
                amount_cents: 0,
                payments: Vec::new(),
                version: 0,
            },
            order: Order { id, customer, status: Status::Open, placed_at: now.into(), address },
            items: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, picked: Picked) {
        self.invoice.amount_cents += picked.price_cents * u64::from(picked.quantity);
        self.items.push(OrderItem {
            order: self.order.id.clone(),
            customer: self.order.customer.clone(),
            ordered_at: self.order.placed_at,
            product: picked.product,
            warehouse: picked.warehouse,
            quantity: picked.quantity,
            price_cents: picked.price_cents,
        });
    }

    /// The checkout is the first part: when it fails, the same request made an order in the meantime.
    pub(crate) fn parts(&self, tx: &Transact<Tables>) -> Vec<Part> {
        let (checkouts, orders, invoices, items, cart, stock, levels) = tx.tables();
        let mut parts = vec![
            checkouts.put_new(&self.checkout).into(),
            orders.put_new(&self.order).into(),
            invoices.put_new(&self.invoice).into(),
        ];
        for item in &self.items {
            let OrderItem { customer, product, warehouse, quantity, .. } = item;
            let taken = -i64::from(*quantity);
            parts.push(items.put_new(item).into());
            parts.push(cart.delete((customer, product)).only_if(CartItem::QUANTITY.eq(quantity)).into());
            parts.push(
                stock
                    .update((product, warehouse))
                    .add(StockItem::QUANTITY, taken)
                    .only_if(StockItem::QUANTITY.ge(quantity))
                    .into(),
            );
            parts.push(levels.update(product).add(StockLevel::AVAILABLE, taken).into());
        }
        parts
    }
}

fn millis(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()
}
