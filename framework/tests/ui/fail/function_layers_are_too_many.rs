use skyloom::handler;

#[handler(
    invoke,
    layers(
        "arn:aws:lambda:eu-west-1:123456789012:layer:one:1",
        "arn:aws:lambda:eu-west-1:123456789012:layer:two:1",
        "arn:aws:lambda:eu-west-1:123456789012:layer:three:1",
        "arn:aws:lambda:eu-west-1:123456789012:layer:four:1",
        "arn:aws:lambda:eu-west-1:123456789012:layer:five:1",
        "arn:aws:lambda:eu-west-1:123456789012:layer:six:1",
    )
)]
async fn six() {}

#[handler(
    invoke,
    layers("arn:aws:lambda:eu-west-1:123456789012:layer:one:1", "arn:aws:lambda:eu-west-1:123456789012:layer:one:2")
)]
async fn two_versions() {}

#[handler(invoke, layers("arn:aws:lambda:eu-west-1:123456789012:layer:one"))]
async fn no_version() {}

#[handler(invoke, layers)]
async fn none() {}

fn main() {}
