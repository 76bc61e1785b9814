#[derive(skyloom::Api)]
#[api(http, endpoint = "private")]
struct Shop;

fn main() {}
