use skyloom::Secret;

#[derive(Debug, Secret)]
struct StripeKey(String);

fn main() {}
