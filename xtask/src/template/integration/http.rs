//! What answers in place of a handler of an HTTP API.

use serde_json::{Value, json};
use skyloom_manifest::{Integration, Target};

use super::{credentials, queue, without_plus};

/// The operation of an HTTP API.
pub(in crate::template) fn operation(integration: &Integration, security: Option<Value>, is_default: bool) -> Value {
    let target = match &integration.target {
        Target::Http { url } => json!({
            "type": "http_proxy",
            "connectionType": "INTERNET",
            "httpMethod": integration.method.as_str(),
            "payloadFormatVersion": "1.0",
            "uri": without_plus(url),
        }),
        Target::Queue { queue } => json!({
            "type": "aws_proxy",
            "integrationSubtype": "SQS-SendMessage",
            "connectionType": "INTERNET",
            "credentials": credentials(integration),
            "payloadFormatVersion": "1.0",
            "requestParameters": {"MessageBody": "$request.body", "QueueUrl": queue::url(queue)},
        }),
        // `validate` lets none of them be of an HTTP API.
        Target::Answer { .. } | Target::Put { .. } => Value::Null,
    };
    json!({
        "operationId": integration.name,
        "description": integration.description,
        "security": security,
        "responses": {"default": {"description": "What answers in place of a handler"}},
        "isDefaultRoute": is_default.then_some(true),
        "x-amazon-apigateway-integration": target,
    })
}
