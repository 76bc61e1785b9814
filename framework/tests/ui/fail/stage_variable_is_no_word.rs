use skyloom::Api;

#[derive(Api)]
#[api(http, variables("a-b" = "c", color = "light blue"))]
struct Web;

fn main() {}
