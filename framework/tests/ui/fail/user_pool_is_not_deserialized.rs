use skyloom::UserPool;

#[derive(UserPool)]
struct Shopper {
    sub: String,
}

fn main() {}
