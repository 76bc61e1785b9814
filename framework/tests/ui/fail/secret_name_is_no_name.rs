use skyloom::Secret;

#[derive(Secret)]
#[secret(name = "payments stripe", generate(lenght = 64))]
struct StripeKey(String);

fn main() {}
