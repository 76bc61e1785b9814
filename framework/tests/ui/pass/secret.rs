use serde::Deserialize;
use skyloom::{Error, Json, Public, Rejection, Secret, handler};

/// The key for payments.
#[derive(Secret)]
#[secret(name = "payments/stripe")]
pub struct StripeKey(String);

#[derive(Clone, Secret, Deserialize)]
pub struct Database {
    user: String,
    password: String,
}

#[derive(Secret)]
#[secret(generate)]
struct SigningKey(std::sync::Arc<str>);

#[derive(Secret)]
#[secret(name = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:111122223333:secret:shared-a1B2c3")]
struct Shared(String);

#[handler(POST "/payments", auth = Public)]
async fn pay(stripe: Secret<StripeKey>, database: Secret<Database>) -> Result<Json<usize>, Error> {
    let Database { user, password } = Database::clone(&database);
    println!("{stripe:?} {:?}", *stripe);
    Ok(Json(stripe.0.len() + user.len() + password.len()))
}

#[handler(schedule = "rate(1 hour)")]
async fn rotate(key: Result<Secret<SigningKey>, Rejection>, shared: Secret<Shared>) -> Result<(), Error> {
    let key = key?;
    println!("{} {}", key.0.len(), shared.0.len());
    Ok(())
}
