//! Secrets that a test sets.

use serde::Deserialize;
use skyloom::{Error, Json, Secret, handler};

/// The key of the account at the payment service.
#[derive(Secret)]
pub struct StripeKey(String);

/// How to sign in to the database.
#[derive(Secret, Deserialize)]
pub struct Database {
    user: String,
}

/// Says with what a payment would be made.
#[handler(invoke)]
async fn pay(stripe: Secret<StripeKey>, database: Secret<Database>) -> Result<Json<String>, Error> {
    Ok(Json(format!("{} as {}", stripe.0.len(), database.user)))
}

mod tests {
    use serde_json::json;
    use skyloom_local::Local;

    use super::{Database, StripeKey};

    // ANCHOR: test
    #[skyloom_local::test]
    async fn a_payment_is_made_with_the_key(app: Local) {
        app.set_secret::<StripeKey>("sk_test_1");
        app.set_secret::<Database>(json!({ "user": "ann" }));
        let paid: String = app.invoke("pay", &()).await.expect("it pays");
        assert_eq!(paid, "9 as ann");
    }
    // ANCHOR_END: test
}
