use skyloom::Api;

#[derive(Api)]
#[api(
    rest,
    gateway_response(unauthorised, status = 401),
    gateway_response(throttled, body = "$context.requestid"),
)]
struct Shop;

fn main() {}
