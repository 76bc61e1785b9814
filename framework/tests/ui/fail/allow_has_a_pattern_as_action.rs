use skyloom::handler;

#[handler(invoke, allow("s3:*", "arn:aws:s3:::bucket/key"))]
async fn run() {}

fn main() {}
