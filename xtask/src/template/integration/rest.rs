//! What answers in place of a handler of a REST API, by templates.

use serde_json::{Map, Value, json};
use skyloom_manifest::{Api, Destination, Integration, Manifest, Target, rules::PathTemplate};

use super::{FAILED, JSON, credentials, item, queue, without_plus};

/// The operation of a REST API.
pub(in crate::template) fn operation(manifest: &Manifest, integration: &Integration, security: Option<Value>) -> Value {
    let target = match &integration.target {
        Target::Http { url } => forwarding(integration, url),
        Target::Answer { status, headers, body } => {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            json!({
                "type": "mock",
                "passthroughBehavior": "never",
                "requestTemplates": {JSON: json!({"statusCode": status}).to_string()},
                "responses": {"default": response(*status, &headers, body.as_deref().unwrap_or_default())},
            })
        }
        Target::Queue { queue } => sending(integration, queue),
        Target::Put { table, set, replace } => item::writing(manifest, integration, (table, set, *replace)),
    };
    let has_binary =
        manifest.api(&integration.api).and_then(Api::rest).is_some_and(|it| !it.binary_media_types.is_empty());
    let mut operation = json!({
        "operationId": integration.name,
        "security": security,
        "responses": responses(&target),
        "x-amazon-apigateway-integration": target,
    });
    if has_binary && !matches!(integration.target, Target::Http { .. }) {
        // A body of bytes is nothing that a template could be filled in from.
        operation["x-amazon-apigateway-integration"]["contentHandling"] = "CONVERT_TO_TEXT".into();
    }
    operation
}

/// The parameters of the path have to be handed on one by one.
fn forwarding(integration: &Integration, url: &str) -> Value {
    let template = PathTemplate::parse(&integration.path).ok();
    let names = template.iter().flat_map(PathTemplate::parameters).filter(|name| url.contains(&format!("{{{name}")));
    let parameters: Map<String, Value> = names
        .map(|name| (format!("integration.request.path.{name}"), format!("method.request.path.{name}").into()))
        .collect();
    json!({
        "type": "http_proxy",
        "httpMethod": integration.method.as_str(),
        "passthroughBehavior": "when_no_match",
        "requestParameters": (!parameters.is_empty()).then_some(parameters),
        "uri": without_plus(url),
    })
}

fn sending(integration: &Integration, queue: &Destination) -> Value {
    let answer = r#"{"messageId":"$input.path('$.SendMessageResponse.SendMessageResult.MessageId')"}"#;
    json!({
        "type": "aws",
        "httpMethod": "POST",
        "credentials": credentials(integration),
        "passthroughBehavior": "never",
        "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
        "requestTemplates": {JSON: "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"},
        "responses": {
            "default": response(202, &[], answer),
            "[45]\\d{2}": response(500, &[], FAILED),
        },
        "uri": queue::path(queue),
    })
}

/// One answer of an integration; a value of a header is a text in quotes.
pub(super) fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Value {
    let parameter =
        |(name, value): &(&str, &str)| (format!("method.response.header.{name}"), format!("'{value}'").into());
    let parameters: Map<String, Value> = headers.iter().map(parameter).collect();
    json!({
        "statusCode": status.to_string(),
        "responseParameters": (!parameters.is_empty()).then_some(parameters),
        "responseTemplates": {JSON: body},
    })
}

/// What a method has to say of the answers of its integration.
fn responses(integration: &Value) -> Value {
    let answers = integration["responses"].as_object();
    let mut responses = Map::new();
    for answer in answers.into_iter().flatten().map(|(_, answer)| answer) {
        let names = answer["responseParameters"].as_object().into_iter().flatten();
        let header = |name: &String| name.strip_prefix("method.response.header.").map(str::to_owned);
        let headers: Map<String, Value> =
            names.filter_map(|(name, _)| Some((header(name)?, json!({"schema": {"type": "string"}})))).collect();
        let described = json!({
            "description": "What answers in place of a handler",
            "headers": (!headers.is_empty()).then_some(headers),
        });
        responses.insert(answer["statusCode"].as_str().unwrap_or_default().to_owned(), described);
    }
    match responses.is_empty() {
        true => json!({"200": {"description": "What answers in place of a handler"}}),
        false => responses.into(),
    }
}
