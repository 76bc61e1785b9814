//! Routes without a function: how API Gateway calls what answers them, the role with which it does, and the mapping templates that
//! nobody has to write.

mod item;

use serde_json::{Map, Value, json};
use skyloom_manifest::{Api, Destination, Integration, Manifest, Target, rules::PathTemplate};

pub(crate) use self::item::model;
use super::{Resources, api, destination, intrinsic, name, policy};
use crate::stage::Stage;

const JSON: &str = "application/json";
/// What an integration that failed is answered with.
const FAILED: &str = r#"{"message": "Internal server error"}"#;

/// Adds the role and the queue of an integration that needs them.
pub(super) fn add(resources: &mut Resources, manifest: &Manifest, integration: &Integration, stage: &Stage) {
    let granted = integration.permissions();
    let granted = granted.iter().map(|permission| policy::granted(manifest, permission, stage));
    let queue = integration.queue();
    let told = queue.into_iter().flat_map(|queue| destination::statements(manifest, queue));
    let statements: Vec<_> = granted.chain(told).collect();
    if !statements.is_empty() {
        let role = policy::role(policy::assumed_by("apigateway.amazonaws.com"), statements);
        resources.add(name::integration_role(&integration.name), role);
    }
    queue.into_iter().for_each(|queue| destination::add(resources, queue));
}

/// The operation of an HTTP API.
pub(super) fn http_operation(integration: &Integration, security: Option<Value>, is_default: bool) -> Value {
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
            "requestParameters": {"MessageBody": "$request.body", "QueueUrl": queue_url(queue)},
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

/// The operation of a REST API.
pub(super) fn rest_operation(manifest: &Manifest, integration: &Integration, security: Option<Value>) -> Value {
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

/// The models of what may be written, and the validator that holds requests to them.
pub(super) fn add_models(document: &mut Value, manifest: &Manifest, api: &Api) {
    const VALIDATOR: &str = "body";
    for integration in manifest.integrations_of(&api.name) {
        let Some(model) = item::model(manifest, integration) else { continue };
        let (path, key) = api::place(integration.method, &integration.path);
        let name = name::integration_model(&integration.name);
        let operation = &mut document["paths"][path][key];
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        operation["requestBody"] = json!({"required": true, "content": {JSON: {"schema": schema}}});
        operation["x-amazon-apigateway-request-validator"] = VALIDATOR.into();
        document["components"]["schemas"][name] = model;
        document["x-amazon-apigateway-request-validators"][VALIDATOR] =
            json!({"validateRequestBody": true, "validateRequestParameters": false});
    }
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
        "uri": queue_path(queue),
    })
}

/// One answer of an integration; a value of a header is a text in quotes.
fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Value {
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

fn credentials(integration: &Integration) -> Value {
    intrinsic::attribute(&name::integration_role(&integration.name), "Arn")
}

/// The region, the account and the name of a queue that is there already.
fn parts(arn: &str) -> [String; 3] {
    // The placeholders have colons of their own.
    let plain = arn.replace("AWS::", "AWS__");
    let mut fields = plain.split(':').skip(3).map(|field| field.replace("AWS__", "AWS::"));
    std::array::from_fn(|_| fields.next().unwrap_or_default())
}

fn queue_url(queue: &Destination) -> Value {
    match destination::id(queue) {
        Some(id) => intrinsic::reference(&id),
        None => {
            let [region, account, name] = parts(queue.name());
            intrinsic::substitute(format!("https://sqs.{region}.${{AWS::URLSuffix}}/{account}/{name}"))
        }
    }
}

fn queue_path(queue: &Destination) -> Value {
    let [region, account, name] = match destination::id(queue) {
        Some(id) => ["${AWS::Region}".into(), "${AWS::AccountId}".into(), format!("${{{id}.QueueName}}")],
        None => parts(queue.name()),
    };
    intrinsic::substitute(format!("arn:${{AWS::Partition}}:apigateway:{region}:sqs:path/{account}/{name}"))
}

/// API Gateway names a greedy parameter without its `+` in an address.
fn without_plus(url: &str) -> String {
    url.replace("+}", "}")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::template::fixture;

    fn check(api: &str, name: &str, expected: Expect) {
        let manifest = fixture::shop_with_integrations();
        let document = api::document(&manifest, manifest.api(api).unwrap());
        let it = manifest.integrations.iter().find(|it| it.name == name).unwrap();
        let (path, key) = api::place(it.method, &it.path);
        let operation = &document["paths"][path][key];
        expected.assert_eq(&serde_json::to_string_pretty(operation).unwrap());
    }

    #[test]
    fn an_http_api_hands_requests_on() {
        check(
            "Api",
            "Docs",
            expect![[r#"
            {
              "description": "What answers without a handler.",
              "operationId": "Docs",
              "responses": {
                "default": {
                  "description": "What answers in place of a handler"
                }
              },
              "x-amazon-apigateway-integration": {
                "connectionType": "INTERNET",
                "httpMethod": "GET",
                "payloadFormatVersion": "1.0",
                "type": "http_proxy",
                "uri": "https://docs.example.com/v1/{page}"
              }
            }"#]],
        );
        check(
            "Api",
            "NewJob",
            expect![[r#"
            {
              "description": "What answers without a handler.",
              "operationId": "NewJob",
              "responses": {
                "default": {
                  "description": "What answers in place of a handler"
                }
              },
              "security": [
                {
                  "ShopperUserPool": [
                    "aws.cognito.signin.user.admin"
                  ]
                }
              ],
              "x-amazon-apigateway-integration": {
                "connectionType": "INTERNET",
                "credentials": {
                  "Fn::GetAtt": [
                    "NewJobIntegrationRole",
                    "Arn"
                  ]
                },
                "integrationSubtype": "SQS-SendMessage",
                "payloadFormatVersion": "1.0",
                "requestParameters": {
                  "MessageBody": "$request.body",
                  "QueueUrl": {
                    "Ref": "JobsQueue"
                  }
                },
                "type": "aws_proxy"
              }
            }"#]],
        );
    }

    #[test]
    fn a_rest_api_answers_by_itself_and_writes_for_itself() {
        check(
            "Partners",
            "PartnerDocs",
            expect![[r#"
            {
              "operationId": "PartnerDocs",
              "parameters": [
                {
                  "in": "path",
                  "name": "page",
                  "required": true,
                  "schema": {
                    "type": "string"
                  }
                }
              ],
              "responses": {
                "200": {
                  "description": "What answers in place of a handler"
                }
              },
              "security": [
                {
                  "ApiKey": []
                }
              ],
              "x-amazon-apigateway-integration": {
                "httpMethod": "ANY",
                "passthroughBehavior": "when_no_match",
                "requestParameters": {
                  "integration.request.path.page": "method.request.path.page"
                },
                "type": "http_proxy",
                "uri": "https://docs.example.com/v1/{page}"
              }
            }"#]],
        );
        check(
            "Partners",
            "Health",
            expect![[r#"
            {
              "operationId": "Health",
              "responses": {
                "203": {
                  "description": "What answers in place of a handler",
                  "headers": {
                    "cache-control": {
                      "schema": {
                        "type": "string"
                      }
                    },
                    "content-type": {
                      "schema": {
                        "type": "string"
                      }
                    }
                  }
                }
              },
              "x-amazon-apigateway-integration": {
                "contentHandling": "CONVERT_TO_TEXT",
                "passthroughBehavior": "never",
                "requestTemplates": {
                  "application/json": "{\"statusCode\":203}"
                },
                "responses": {
                  "default": {
                    "responseParameters": {
                      "method.response.header.cache-control": "'no-store'",
                      "method.response.header.content-type": "'text/html'"
                    },
                    "responseTemplates": {
                      "application/json": "<p>It's up</p>"
                    },
                    "statusCode": "203"
                  }
                },
                "type": "mock"
              }
            }"#]],
        );
        check(
            "Partners",
            "PartnerJob",
            expect![[r#"
            {
              "operationId": "PartnerJob",
              "responses": {
                "202": {
                  "description": "What answers in place of a handler"
                },
                "500": {
                  "description": "What answers in place of a handler"
                }
              },
              "security": [
                {
                  "PartnerFunction": []
                }
              ],
              "x-amazon-apigateway-integration": {
                "contentHandling": "CONVERT_TO_TEXT",
                "credentials": {
                  "Fn::GetAtt": [
                    "PartnerJobIntegrationRole",
                    "Arn"
                  ]
                },
                "httpMethod": "POST",
                "passthroughBehavior": "never",
                "requestParameters": {
                  "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"
                },
                "requestTemplates": {
                  "application/json": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"
                },
                "responses": {
                  "[45]\\d{2}": {
                    "responseTemplates": {
                      "application/json": "{\"message\": \"Internal server error\"}"
                    },
                    "statusCode": "500"
                  },
                  "default": {
                    "responseTemplates": {
                      "application/json": "{\"messageId\":\"$input.path('$.SendMessageResponse.SendMessageResult.MessageId')\"}"
                    },
                    "statusCode": "202"
                  }
                },
                "type": "aws",
                "uri": {
                  "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${JobsQueue.QueueName}"
                }
              }
            }"#]],
        );
        check(
            "Partners",
            "NewShipment",
            expect![[r##"
            {
              "operationId": "NewShipment",
              "parameters": [
                {
                  "in": "path",
                  "name": "order",
                  "required": true,
                  "schema": {
                    "type": "string"
                  }
                }
              ],
              "requestBody": {
                "content": {
                  "application/json": {
                    "schema": {
                      "$ref": "#/components/schemas/NewShipmentModel"
                    }
                  }
                },
                "required": true
              },
              "responses": {
                "201": {
                  "description": "What answers in place of a handler"
                },
                "500": {
                  "description": "What answers in place of a handler"
                }
              },
              "security": [
                {
                  "ShopperUserPool": [
                    "aws.cognito.signin.user.admin"
                  ]
                }
              ],
              "x-amazon-apigateway-integration": {
                "contentHandling": "CONVERT_TO_TEXT",
                "credentials": {
                  "Fn::GetAtt": [
                    "NewShipmentIntegrationRole",
                    "Arn"
                  ]
                },
                "httpMethod": "POST",
                "passthroughBehavior": "never",
                "requestTemplates": {
                  "application/json": {
                    "Fn::Sub": "#set($body = $input.path('$'))#set($v0 = $util.escapeJavaScript($input.params().path.get('order')).replaceAll(\"\\\\'\",\"'\"))#set($v1 = $util.escapeJavaScript($context.requestId).replaceAll(\"\\\\'\",\"'\"))#set($v2 = $util.escapeJavaScript($context.authorizer.claims.get('cognito:username')).replaceAll(\"\\\\'\",\"'\")){\"TableName\":\"${ShipmentTable}\",\"Item\":{\"order\":{\"S\":\"${!v0}-${!v1}\"},\"sender\":{\"S\":\"${!v2}\"},\"carrier\":{\"S\":$input.json('$.carrier')},\"parcels\":{\"N\":\"$input.json('$.parcels')\"}#if($body.containsKey('insured')),\"insured\":{\"BOOL\":$input.json('$.insured')}#end#if($body.containsKey('note')),\"note\":{\"S\":$input.json('$.note')}#end},\"ConditionExpression\":\"attribute_not_exists(#key)\",\"ExpressionAttributeNames\":{\"#key\":\"order\"}}"
                  }
                },
                "responses": {
                  "4\\d{2}": {
                    "responseTemplates": {
                      "application/json": "#set($type = $input.path('$.__type'))#if($type.endsWith('ConditionalCheckFailedException'))#set($context.responseOverride.status = 409){\"message\":\"Conflict\"}#elseif($type.endsWith('ValidationException'))#set($context.responseOverride.status = 400){\"message\":\"Bad Request\"}#else{\"message\": \"Internal server error\"}#end"
                    },
                    "statusCode": "500"
                  },
                  "5\\d{2}": {
                    "responseTemplates": {
                      "application/json": "{\"message\": \"Internal server error\"}"
                    },
                    "statusCode": "500"
                  },
                  "default": {
                    "responseTemplates": {
                      "application/json": "{}"
                    },
                    "statusCode": "201"
                  }
                },
                "type": "aws",
                "uri": {
                  "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:dynamodb:action/PutItem"
                }
              },
              "x-amazon-apigateway-request-validator": "body"
            }"##]],
        );
    }

    #[test]
    fn a_route_has_a_role_for_what_it_does_and_for_nothing_else() {
        let template = fixture::template(&fixture::shop_with_integrations());
        let roles = template.resources().filter(|(id, _)| id.ends_with("IntegrationRole"));
        let shown: Vec<_> = roles
            .map(|(id, it)| format!("{id} {}", it["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]))
            .collect();
        expect![[r#"
            NewJobIntegrationRole [{"Action":["sqs:SendMessage"],"Effect":"Allow","Resource":{"Fn::GetAtt":["JobsQueue","Arn"]}}]
            NewShipmentIntegrationRole [{"Action":["dynamodb:PutItem"],"Effect":"Allow","Resource":{"Fn::GetAtt":["ShipmentTable","Arn"]}}]
            OldJobIntegrationRole [{"Action":["sqs:SendMessage"],"Effect":"Allow","Resource":"arn:aws:sqs:eu-west-1:111122223333:jobs"}]
            PartnerJobIntegrationRole [{"Action":["sqs:SendMessage"],"Effect":"Allow","Resource":{"Fn::GetAtt":["JobsQueue","Arn"]}}]"#]].assert_eq(&shown.join("\n"));
        assert!(template.resources().any(|(id, it)| id == "JobsQueue" && it["Type"] == "AWS::SQS::Queue"));
    }
}
