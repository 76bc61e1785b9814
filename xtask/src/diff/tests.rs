//! Deployments of the shop: what is told of each.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::*;
use crate::template::fixture;

fn shop() -> Value {
    serde_json::from_str(&fixture::template(&fixture::shop()).to_json().unwrap()).unwrap()
}

fn change(action: Action, logical_id: &str, resource_type: &str) -> Change {
    Change {
        logical_id: logical_id.into(),
        resource_type: resource_type.into(),
        physical_id: (action != Action::Add).then(|| format!("shop-{logical_id}-1")),
        action,
        replacement: Replacement::False,
        properties: Vec::new(),
    }
}

fn modified(logical_id: &str, resource_type: &str, properties: &[(&str, Recreation)]) -> Change {
    let property = |(name, recreation): &(&str, Recreation)| Property { name: (*name).into(), recreation: *recreation };
    Change {
        properties: properties.iter().map(property).collect(),
        ..change(Action::Modify, logical_id, resource_type)
    }
}

fn check(old: Option<&Value>, new: &Value, changes: &[Change], expected: Expect) {
    expected.assert_eq(&report(old, new, changes).to_string());
}

#[test]
fn a_deployment_without_changes_says_so() {
    check(
        Some(&shop()),
        &shop(),
        &[],
        expect![[r#"
        Nothing changes.
    "#]],
    );
}

#[test]
fn a_first_deployment_tells_permissions_and_routes_of_all() {
    let template = json!({
        "Resources": {
            "GetFunction": {"Type": "AWS::Serverless::Function", "Properties": {"Role": {"Fn::GetAtt": ["GetRole", "Arn"]}}},
            "GetRole": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": {"Statement": [
                {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": {"Fn::GetAtt": ["OrderTable", "Arn"]}},
                {"Effect": "Deny", "Action": "dynamodb:Scan", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": false}}},
            ]}}]}},
            "HttpApi": {"Type": "AWS::Serverless::HttpApi", "Properties": {"DefinitionBody": {"paths": {
                "/orders/{id}": {"get": {"security": [{"ShopperUserPool": []}]}},
                "/health": {"get": {}},
                "/$default": {"x-amazon-apigateway-any-method": {}},
            }}}},
            "OrderTable": {"Type": "AWS::DynamoDB::Table", "Properties": {"BillingMode": "PAY_PER_REQUEST"}},
            "CursorKey": {"Type": "AWS::SecretsManager::Secret"},
        },
    });
    let added = [
        change(Action::Add, "OrderTable", "AWS::DynamoDB::Table"),
        change(Action::Add, "GetFunction", "AWS::Lambda::Function"),
        change(Action::Add, "GetRole", "AWS::IAM::Role"),
        change(Action::Add, "HttpApi", "AWS::ApiGatewayV2::Api"),
        change(Action::Add, "HttpApiApiGatewayDefaultStage", "AWS::ApiGatewayV2::Stage"),
        change(Action::Add, "CursorKey", "AWS::SecretsManager::Secret"),
    ];
    check(
        None,
        &template,
        &added,
        expect![[r#"
            Resources
              +   CursorKey                      AWS::SecretsManager::Secret
              +   GetFunction                    AWS::Lambda::Function
              +   GetRole                        AWS::IAM::Role
              +   HttpApi                        AWS::ApiGatewayV2::Api
              +   HttpApiApiGatewayDefaultStage  AWS::ApiGatewayV2::Stage
              +   OrderTable                     AWS::DynamoDB::Table

            Permissions
              GetFunction
                + dynamodb:GetItem, dynamodb:Query on ${OrderTable.Arn}
                + denied: dynamodb:Scan on * if {"Bool":{"aws:SecureTransport":false}}

            Routes
              + $default          Public: everybody may call it
              + GET /health       Public: everybody may call it
              + GET /orders/{id}  ShopperUserPool

            Monthly cost
              secrets                  $0.00 → $0.40
              all that is provisioned  $0.00 → $0.40
              (us-east-1, November 2025; capacity that scales at its least; requests, storage, logs and transfer are by use)
        "#]],
    );
}

#[test]
fn a_key_that_changes_is_told_to_replace_the_table() {
    let mut new = shop();
    new["Resources"]["OrderTable"]["Properties"]["KeySchema"][1]["AttributeName"] = "number".into();
    let mut table = modified(
        "OrderTable",
        "AWS::DynamoDB::Table",
        &[("KeySchema", Recreation::Always), ("AttributeDefinitions", Recreation::Conditionally)],
    );
    table.replacement = Replacement::True;
    let function = modified("PlaceOrderFunction", "AWS::Lambda::Function", &[("Environment", Recreation::Never)]);
    check(
        Some(&shop()),
        &new,
        &[function, table],
        expect![[r#"
            Resources
              -/+ OrderTable          AWS::DynamoDB::Table  REPLACED by a new one; shop-OrderTable-1 stays, outside the stack
                    KeySchema[id] taken away: {"AttributeName":"id","KeyType":"RANGE"}  (replaces it)
                    KeySchema[number] added: {"AttributeName":"number","KeyType":"RANGE"}  (replaces it)
                    AttributeDefinitions follows from another change  (may replace it)
              ~   PlaceOrderFunction  AWS::Lambda::Function
                    Environment follows from another change

            Monthly cost
              all that is provisioned  $3.90
              (us-east-1, November 2025; capacity that scales at its least; requests, storage, logs and transfer are by use)
        "#]],
    );
}

#[test]
fn a_route_that_becomes_public_is_marked_and_a_removed_one_is_told_with_its_function() {
    let mut new = shop();
    let paths = &mut new["Resources"]["HttpApi"]["Properties"]["DefinitionBody"]["paths"];
    let route = paths.as_object_mut().unwrap().iter_mut().find(|(_, item)| item.get("post").is_some()).unwrap().1;
    route["post"].as_object_mut().unwrap().remove("security");
    paths["/new"] = json!({"put": {"security": [{"ShopperUserPool": ["orders/write"]}]}});
    for resource in ["FilesFunction", "FilesRole", "FilesLogGroup", "FilesPermission", "FilesErrorsAlarm"] {
        assert!(new["Resources"].as_object_mut().unwrap().remove(resource).is_some(), "{resource}");
    }
    let changes = [
        modified("HttpApi", "AWS::ApiGatewayV2::Api", &[("Body", Recreation::Never)]),
        change(Action::Remove, "FilesFunction", "AWS::Lambda::Function"),
        change(Action::Remove, "FilesLogGroup", "AWS::Logs::LogGroup"),
    ];
    check(
        Some(&shop()),
        &new,
        &changes,
        expect![[r#"
            Resources
              -   FilesFunction  AWS::Lambda::Function  removed; shop-FilesFunction-1 is deleted
              -   FilesLogGroup  AWS::Logs::LogGroup  removed; shop-FilesLogGroup-1 is deleted
              ~   HttpApi        AWS::ApiGatewayV2::Api
                    DefinitionBody: see the routes

            Permissions
              FilesFunction
                - logs:CreateLogStream, logs:PutLogEvents on ${FilesLogGroup.Arn}

            Routes
              + PUT /new      ShopperUserPool (orders/write)
              ~ POST /orders  ShopperUserPool → Public: EVERYBODY may call it now

            Monthly cost
              alarms                   $2.70 → $2.60
              all that is provisioned  $3.90 → $3.80
              (us-east-1, November 2025; capacity that scales at its least; requests, storage, logs and transfer are by use)
        "#]],
    );
}

#[test]
fn functions_that_only_take_new_code_are_one_line() {
    let mut new = shop();
    new["Globals"]["Function"]["CodeUri"] = json!("s3://artifacts/2");
    new["Resources"]["PlaceOrderFunction"]["Properties"]["MemorySize"] = 1024.into();
    let code = |id: &str| modified(id, "AWS::Lambda::Function", &[("Code", Recreation::Never)]);
    let both = modified(
        "PlaceOrderFunction",
        "AWS::Lambda::Function",
        &[("Code", Recreation::Never), ("MemorySize", Recreation::Never)],
    );
    check(
        Some(&shop()),
        &new,
        &[code("FilesFunction"), code("ReportFunction"), both],
        expect![[r#"
            Resources
              ~   PlaceOrderFunction  AWS::Lambda::Function
                    CodeUri: target/lambda/orders/bootstrap.zip → s3://artifacts/2
                    MemorySize: 256 → 1024
              ~   2 functions take the new code

            Monthly cost
              all that is provisioned  $3.90
              (us-east-1, November 2025; capacity that scales at its least; requests, storage, logs and transfer are by use)
        "#]],
    );
}

#[test]
fn permissions_are_told_as_what_is_gained_and_lost() {
    let mut new = shop();
    let statements =
        &mut new["Resources"]["PlaceOrderRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
    statements[1]["Action"] = json!(["dynamodb:PutItem", "dynamodb:DeleteTable"]);
    let role = modified("PlaceOrderRole", "AWS::IAM::Role", &[("Policies", Recreation::Never)]);
    check(
        Some(&shop()),
        &new,
        &[role],
        expect![[r#"
            Resources
              ~   PlaceOrderRole  AWS::IAM::Role
                    Policies: see the permissions

            Permissions
              PlaceOrderFunction
                + dynamodb:DeleteTable on ${OrderTable.Arn}
                - dynamodb:BatchGetItem, dynamodb:BatchWriteItem, dynamodb:DeleteItem, dynamodb:GetItem, dynamodb:Query, dynamodb:UpdateItem on ${OrderTable.Arn}

            Monthly cost
              all that is provisioned  $3.90
              (us-east-1, November 2025; capacity that scales at its least; requests, storage, logs and transfer are by use)
        "#]],
    );
}

#[test]
fn a_removed_table_says_whether_it_is_kept() {
    let mut new = shop();
    new["Resources"].as_object_mut().unwrap().remove("ShipmentTable");
    let removed = change(Action::Remove, "ShipmentTable", "AWS::DynamoDB::Table");
    check(
        Some(&shop()),
        &new,
        std::slice::from_ref(&removed),
        expect![[r#"
            Resources
              -   ShipmentTable  AWS::DynamoDB::Table  removed; shop-ShipmentTable-1 stays, outside the stack

            Monthly cost
              all that is provisioned  $3.90
              (us-east-1, November 2025; capacity that scales at its least; requests, storage, logs and transfer are by use)
        "#]],
    );
    let mut old = shop();
    old["Resources"]["ShipmentTable"]["DeletionPolicy"] = "Delete".into();
    check(
        Some(&old),
        &new,
        &[removed],
        expect![[r#"
            Resources
              -   ShipmentTable  AWS::DynamoDB::Table  removed; shop-ShipmentTable-1 is deleted

            Monthly cost
              all that is provisioned  $3.90
              (us-east-1, November 2025; capacity that scales at its least; requests, storage, logs and transfer are by use)
        "#]],
    );
}

#[test]
fn capacity_is_told_with_what_it_costs_before_and_after() {
    let mut new = shop();
    let table = &mut new["Resources"]["ShipmentTable"]["Properties"];
    table["BillingMode"] = "PROVISIONED".into();
    table["ProvisionedThroughput"] = json!({"ReadCapacityUnits": 100, "WriteCapacityUnits": 20});
    let properties = [("BillingMode", Recreation::Never), ("ProvisionedThroughput", Recreation::Never)];
    check(
        Some(&shop()),
        &new,
        &[modified("ShipmentTable", "AWS::DynamoDB::Table", &properties)],
        expect![[r#"
            Resources
              ~   ShipmentTable  AWS::DynamoDB::Table
                    BillingMode: PAY_PER_REQUEST → PROVISIONED
                    ProvisionedThroughput added: {"ReadCapacityUnits":100,"WriteCapacityUnits":20}

            Monthly cost
              ShipmentTable            $0.00 → $18.98
              all that is provisioned  $3.90 → $22.88
              (us-east-1, November 2025; capacity that scales at its least; requests, storage, logs and transfer are by use)
        "#]],
    );
}

#[test]
fn colours_are_only_there_when_asked_for() {
    let report = report(None, &json!({}), &[change(Action::Add, "A", "AWS::SQS::Queue")]);
    assert!(!report.to_string().contains('\u{1b}'));
    assert!(report.coloured().to_string().contains("\u{1b}[32m+   A  AWS::SQS::Queue\u{1b}[0m\n"));
}

#[test]
fn a_report_is_json_for_machines() {
    let mut new = shop();
    new["Resources"]["ShipmentTable"]["Properties"]["DeletionProtectionEnabled"] = true.into();
    let change = modified("ShipmentTable", "AWS::DynamoDB::Table", &[("DeletionProtectionEnabled", Recreation::Never)]);
    let report = report(Some(&shop()), &new, &[change]);
    expect![[r#"
        [
          {
            "is_kept": false,
            "logical_id": "ShipmentTable",
            "physical_id": "shop-ShipmentTable-1",
            "properties": [
              {
                "new": true,
                "path": "DeletionProtectionEnabled",
                "recreation": "Never"
              }
            ],
            "resource_type": "AWS::DynamoDB::Table",
            "what": "changed"
          }
        ]"#]]
    .assert_eq(&format!("{:#}", serde_json::to_value(report).unwrap()["resources"]));
}
