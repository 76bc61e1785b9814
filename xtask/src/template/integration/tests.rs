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
