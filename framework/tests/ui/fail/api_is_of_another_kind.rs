#[derive(skyloom::Api)]
#[api(rest)]
struct Shop;

fn main() {}
