//! A queue as API Gateway is told of it.

use serde_json::Value;
use skyloom_manifest::Destination;

use crate::template::{destination, intrinsic};

pub(super) fn url(queue: &Destination) -> Value {
    match destination::id(queue) {
        Some(id) => intrinsic::reference(&id),
        None => {
            let [region, account, name] = parts(queue.name());
            intrinsic::substitute(format!("https://sqs.{region}.${{AWS::URLSuffix}}/{account}/{name}"))
        }
    }
}

pub(super) fn path(queue: &Destination) -> Value {
    let [region, account, name] = match destination::id(queue) {
        Some(id) => ["${AWS::Region}".into(), "${AWS::AccountId}".into(), format!("${{{id}.QueueName}}")],
        None => parts(queue.name()),
    };
    intrinsic::substitute(format!("arn:${{AWS::Partition}}:apigateway:{region}:sqs:path/{account}/{name}"))
}

/// The region, the account and the name of a queue that is there already.
fn parts(arn: &str) -> [String; 3] {
    // The placeholders have colons of their own.
    let plain = arn.replace("AWS::", "AWS__");
    let mut fields = plain.split(':').skip(3).map(|field| field.replace("AWS__", "AWS::"));
    std::array::from_fn(|_| fields.next().unwrap_or_default())
}
