//! An online shop in one table, after the design that AWS publishes as [“Using DynamoDB as a data store for an online
//! shop”](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/data-modeling-online-shop.html).
//!
//! | Access pattern | Route | Read from |
//! |---|---|---|
//! | `getCustomerByCustomerId` | `GET /me`, `GET /staff/customers/{customer}` | table, `c#…` |
//! | `getProductByProductId` | `GET /products/{product}` | table, `p#…` |
//! | `getWarehouseByWarehouseId` | `GET /staff/warehouses/{warehouse}` | table, `w#…` |
//! | `getProductInventoryByProductId` | `GET /staff/products/{product}/inventory` | table, `p#…`, `w#` |
//! | `getOrderDetailsByOrderId` | `GET /orders/{order}` | table, `o#…` |
//! | `getProductByOrderId` | `GET /orders/{order}/items` | table, `o#…`, `p#` |
//! | `getInvoiceByOrderId` | `GET /orders/{order}/invoice` | table, `o#…`, `i#` |
//! | `getShipmentByOrderId` | `GET /orders/{order}/shipments` | table, `o#…`, `sh#` |
//! | `getOrderByProductIdForDateRange` | `GET /staff/products/{product}/orders` | `Gsi1`, `p#…` |
//! | `getInvoiceByInvoiceId` | `GET /invoices/{invoice}` | `Gsi1`, `i#…` |
//! | `getPaymentByInvoiceId` | `GET /invoices/{invoice}/payments` | `Gsi1`, `i#…` |
//! | `getShipmentDetailsByShipmentId` | `GET /staff/shipments/{shipment}` | `Gsi1`, `sh#…` |
//! | `getShipmentByWarehouseId` | `GET /staff/warehouses/{warehouse}/shipments` | `Gsi2`, `w#…`, `sh#` |
//! | `getProductInventoryByWarehouseId` | `GET /staff/warehouses/{warehouse}/inventory` | `Inverted`, `w#…`, `p#` |
//! | `getInvoiceByCustomerIdForDateRange` | `GET /me/invoices` | `Gsi2`, `c#…`, `i#` |
//! | `getProductsByCustomerIdForDateRange` | `GET /me/purchases` | `Gsi2`, `c#…`, `p#` |
//!
//! The inverted index has two more: the orders of a customer, and the inventory of a warehouse, for which AWS's design
//! spends attributes of `Gsi2`.

mod basket;
mod cart;
mod catalogue;
mod checkout;
mod customers;
mod draft;
mod invoices;
mod orders;
mod restock;
mod shipments;
mod shop;
mod warehouses;

pub use cart::CartItem;
pub use catalogue::{NewProduct, Product};
pub use checkout::{Checkout, NewOrder, Placed};
pub use customers::{Address, Customer, DeliveryAddress, Me, Profile, Shopper};
pub use invoices::{Invoice, Method, Payment};
pub use orders::{Order, OrderDetails, OrderItem, Status};
pub use restock::{Restock, StockLevel};
pub use shipments::{NewShipment, Shipment, ShipmentDetails, ShipmentItem};
pub use shop::{Line, Shop};
pub use warehouses::{Delivery, NewWarehouse, StockItem, Warehouse};
