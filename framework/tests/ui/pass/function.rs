//! Every option of how a function is run.

use skyloom::{Context, Error, Json, Public, handler};

#[handler(
    schedule = "rate(1 hour)",
    ephemeral_storage = 1024,
    environment("CURRENCY", "EUR"),
    environment(MODE = "live", "PAYMENTS" = "https://pay.example.com"),
    layers("arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:layer:tools:3"),
    log_level = "debug",
    log_retention = "90d",
    tags(team = "shop", "cost-center" = "7"),
    tracing,
    vpc,
    retries = 0,
    max_event_age = "1h",
    on_failure = function("clean_up"),
    on_success = topic("Reports"),
    dead_letter = queue("DeadLetters")
)]
async fn report(context: Context) -> Result<(), Error> {
    drop(context.variable("CURRENCY"));
    Ok(())
}

#[handler(invoke, retries = 1, on_failure = bucket("Failed"), on_success = "arn:aws:sns:eu-west-1:111122223333:done")]
async fn clean_up(Json(_): Json<u32>) {}

#[handler(GET "/orders", auth = Public, log_retention = 1, tracing = false, tags("team", "shop"))]
async fn list_orders() {}
