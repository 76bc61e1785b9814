use skyloom::handler;

#[handler(url)]
async fn export() -> &'static str {
    "x"
}

fn main() {}
