#[derive(skyloom::Api)]
#[api(rest, usage_plan(rate = 10, quota = 0, period = "month"))]
struct Shop;

fn main() {}
