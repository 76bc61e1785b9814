use expect_test::{Expect, expect};
use serde_json::json;

use super::*;
use crate::template::fixture;

fn check(resources: &Value, expected: Expect) {
    let template = json!({
        "Globals": {"Function": {"Architectures": ["arm64"], "MemorySize": 512}},
        "Resources": resources,
    });
    expected.assert_eq(&told(&template));
}

fn told(template: &Value) -> String {
    let costs = provisioned(Template::new(Some(template)));
    costs.into_iter().map(|(what, dollars)| format!("{what} {dollars:.2}\n")).collect()
}

#[test]
fn what_is_on_demand_costs_nothing_by_itself() {
    check(
        &json!({
            "T": {"Type": "AWS::DynamoDB::Table", "Properties": {"BillingMode": "PAY_PER_REQUEST"}},
            "F": {"Type": "AWS::Serverless::Function", "Properties": {"ReservedConcurrentExecutions": 5}},
            "Q": {"Type": "AWS::SQS::Queue"},
        }),
        expect![[""]],
    );
}

#[test]
fn the_capacity_of_a_table_is_that_of_its_indexes_too() {
    let capacity = json!({"ReadCapacityUnits": 10, "WriteCapacityUnits": "5"});
    let table = json!({
        "ProvisionedThroughput": capacity,
        "GlobalSecondaryIndexes": [{"IndexName": "I", "ProvisionedThroughput": capacity}],
    });
    let mut infrequent = table.clone();
    infrequent["TableClass"] = "STANDARD_INFREQUENT_ACCESS".into();
    check(
        &json!({
            "A": {"Type": "AWS::DynamoDB::Table", "Properties": table},
            "B": {"Type": "AWS::DynamoDB::Table", "Properties": infrequent},
        }),
        expect![[r#"
            A 6.64
            B 8.30
        "#]],
    );
}

#[test]
fn a_global_table_costs_in_every_region() {
    // 5 + 1 reads and 5 + 5 writes in each of three regions, of the class for infrequent access.
    let manifest = fixture::shop_with_provisioned_replicas();
    let template = serde_json::from_str::<Value>(&fixture::template(&manifest).to_json().unwrap()).unwrap();
    expect![[r#"
        OrderTable 4.27
        ShipmentTable 21.35
        alarms 2.70
        secrets 1.20
    "#]]
    .assert_eq(&told(&template));
}

#[test]
fn concurrency_that_waits_costs_by_its_memory_and_machine() {
    let function = |architecture: &str| {
        json!({"Type": "AWS::Serverless::Function", "Properties": {
            "Architectures": [architecture],
            "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 2},
        }})
    };
    let global = json!({"Type": "AWS::Serverless::Function", "Properties": {
        "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 2},
    }});
    check(
        &json!({"Arm": global, "X86": function("x86_64")}),
        expect![[r#"
            Arm 8.76
            X86 10.95
        "#]],
    );
}

#[test]
fn a_kind_is_counted_together() {
    check(
        &json!({
            "A": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Period": 300}},
            "B": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Period": 10}},
            "C": {"Type": "AWS::SecretsManager::Secret"},
            "D": {"Type": "AWS::KMS::Key"},
            "E": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 2}},
            "F": {"Type": "AWS::Kinesis::Stream", "Properties": {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}}},
        }),
        expect![[r#"
            E 21.90
            F 29.20
            alarms 0.40
            keys 1.00
            secrets 0.40
        "#]],
    );
}
