#[derive(skyloom::Api)]
struct Shop {
    name: String,
}

fn main() {}
