use skyloom::{Secret, handler};

struct StripeKey(String);

#[handler(invoke)]
async fn pay(stripe: Secret<StripeKey>) {
    let _ = stripe;
}

fn main() {}
