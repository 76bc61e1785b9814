use skyloom::handler;

#[handler(invoke, on_success = bucket("Done"))]
async fn bucket() {}

#[handler(invoke, dead_letter = function("clean_up"))]
async fn function() {}

#[handler(invoke, on_failure = "arn:aws:sqs:eu-west-1:111122223333:failed.fifo")]
async fn fifo() {}

#[handler(invoke, on_failure = DeadLetters)]
async fn unnamed() {}

fn main() {}
