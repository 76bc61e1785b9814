#[derive(skyloom::Api)]
#[api(rest, binary_media_types = ["png"])]
struct Shop;

fn main() {}
