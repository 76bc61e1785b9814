use skyloom::Secret;

#[derive(Secret)]
struct Database {
    user: String,
    password: String,
}

fn main() {}
