#[derive(skyloom::Api)]
#[api(cors(origins = ["https://example.com/"]))]
struct Shop;

fn main() {}
