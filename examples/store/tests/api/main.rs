//! The shop as its customers and its staff see it: a test for each access pattern, and for what is refused.

mod catalogue;
mod customers;
mod faults;
mod orders;
mod payments;
mod placing;
mod shipments;
mod shop;
mod stock;
