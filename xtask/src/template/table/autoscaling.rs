//! Application Auto Scaling of a provisioned table and its indexes. A global table brings its own.
//!
//! <https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-dynamodb.html>

use serde_json::{Value, json};
use skyloom_manifest::{Capacity, Table, Throughput};

use crate::template::{Resources, intrinsic, name};

/// AWS makes this role in each account, and lets only this service use it.
const ROLE: &str = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/\
                    dynamodb.application-autoscaling.amazonaws.com/\
                    AWSServiceRoleForApplicationAutoScaling_DynamoDBTable";

/// Adds a target and a policy for all that is scaled.
pub(super) fn add(resources: &mut Resources, table: &Table) {
    add_both(resources, table, None, table.options.throughput);
    for index in table.indexes.iter().filter(|index| !index.local) {
        add_both(resources, table, Some(&index.name), table.throughput_of(index));
    }
}

fn add_both(resources: &mut Resources, table: &Table, index: Option<&str>, throughput: Throughput) {
    let Throughput::Provisioned { reads, writes } = throughput else { return };
    for (dimension, capacity) in [("Read", reads), ("Write", writes)] {
        let Capacity::Scaled { min, max, target } = capacity else { continue };
        let id = name::scaling(&table.name, index, dimension);
        resources.add(format!("{id}Target"), scalable_target(table, index, dimension, (min, max)));
        resources.add(format!("{id}Policy"), policy(&id, dimension, target));
    }
}

fn scalable_target(table: &Table, index: Option<&str>, dimension: &str, (min, max): (u32, u32)) -> Value {
    let id = name::table(&table.name);
    let (kind, resource) = match index {
        None => ("table", format!("table/${{{id}}}")),
        Some(index) => ("index", format!("table/${{{id}}}/index/{index}")),
    };
    json!({
        "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
        "Properties": {
            "ServiceNamespace": "dynamodb",
            "ResourceId": intrinsic::substitute(resource),
            "ScalableDimension": format!("dynamodb:{kind}:{dimension}CapacityUnits"),
            "MinCapacity": min,
            "MaxCapacity": max,
            "RoleARN": intrinsic::substitute(ROLE),
        },
    })
}

fn policy(id: &str, dimension: &str, target: u32) -> Value {
    json!({
        "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
        "Properties": {
            "PolicyName": "utilization",
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": intrinsic::reference(&format!("{id}Target")),
            "TargetTrackingScalingPolicyConfiguration": {
                "PredefinedMetricSpecification": {
                    "PredefinedMetricType": format!("DynamoDB{dimension}CapacityUtilization"),
                },
                "TargetValue": target,
            },
        },
    })
}
