//! Customers and the addresses that they have things sent to.

use serde::{Deserialize, Serialize};
use skyloom::{Collection, Document, Entity, Error, Json, Path, Read, ReadCollection, UserPool, Write, handler};

use crate::shop::Shop;

/// Customers and staff sign in here.
#[derive(Debug, UserPool, Deserialize)]
#[user_pool(sign_in = "email", self_sign_up, groups = ["staff"])]
pub struct Shopper {
    /// The customer's id.
    pub sub: String,
}

/// A customer. As all that does not depend on something else, it has the same partition key and sort key.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "c#{id}", sort = "c#{id}")]
pub struct Customer {
    /// The `sub` of their tokens.
    pub id: String,
    /// How to address them.
    pub name: String,
    /// Where to write to.
    pub email: String,
}

/// An address of a customer.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "c#{customer}", sort = "a#{label}")]
pub struct DeliveryAddress {
    /// Whose it is.
    pub customer: String,
    /// What the customer calls it.
    pub label: String,
    /// Where it is.
    pub address: Address,
}

/// Where something is.
#[derive(Clone, Debug, PartialEq, Document, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// The postal code.
    pub postal_code: String,
    /// The city.
    pub city: String,
    /// The country.
    pub country: String,
}

/// What is read together of a customer's partition.
#[derive(Collection)]
pub(crate) enum Account {
    Customer(Customer),
    Address(DeliveryAddress),
}

/// What customers tell of themselves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// How to address them.
    pub name: String,
    /// Where to write to.
    pub email: String,
}

/// A customer, with all addresses.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// The customer.
    pub customer: Customer,
    /// The addresses, in the order of their labels.
    pub addresses: Vec<DeliveryAddress>,
}

/// Says who one is.
#[handler(PUT "/me", auth = Shopper)]
async fn put_me(
    shopper: Shopper,
    Json(profile): Json<Profile>,
    customers: Write<Customer>,
) -> Result<Json<Customer>, Error> {
    let customer = Customer { id: shopper.sub, name: profile.name, email: profile.email };
    customers.put(&customer).await?;
    Ok(Json(customer))
}

/// Adds an address, or changes it.
#[handler(PUT "/me/addresses/{label}", auth = Shopper)]
async fn put_address(
    shopper: Shopper,
    Path(label): Path<String>,
    Json(address): Json<Address>,
    addresses: Write<DeliveryAddress>,
) -> Result<Json<DeliveryAddress>, Error> {
    let address = DeliveryAddress { customer: shopper.sub, label, address };
    addresses.put(&address).await?;
    Ok(Json(address))
}

/// Reads the customer and all addresses with one request.
#[handler(GET "/me", auth = Shopper)]
async fn get_me(shopper: Shopper, account: ReadCollection<Account>) -> Result<Json<Me>, Error> {
    let mut me = None;
    let mut addresses = Vec::new();
    for item in account.query(&shopper.sub).all().await? {
        match item {
            Account::Customer(customer) => me = Some(customer),
            Account::Address(address) => addresses.push(address),
        }
    }
    let customer = me.ok_or_else(|| Error::not_found("say who you are with PUT /me"))?;
    Ok(Json(Me { customer, addresses }))
}

/// `getCustomerByCustomerId`, for staff.
#[handler(GET "/staff/customers/{customer}", auth = Shopper, groups = ["staff"])]
async fn get_customer(Path(customer): Path<String>, customers: Read<Customer>) -> Result<Json<Customer>, Error> {
    let customer = customers.get((&customer, &customer)).await?;
    customer.map(Json).ok_or_else(|| Error::not_found("no such customer"))
}
