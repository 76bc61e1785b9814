#[derive(skyloom::Api)]
#[api(cors(origins = ["*"], credentials))]
struct Shop;

fn main() {}
