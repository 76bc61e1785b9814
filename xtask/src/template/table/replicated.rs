//! A global table: one of the stack's own region and of each that `replicas` names.
//!
//! Writes are the table's, because each replica gets all of them; everything else is each replica's own.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html>

use serde_json::{Value, json};
use skyloom_manifest::{Capacity, Encryption, Table, Throughput, rules};

use super::{settings, shape};
use crate::template::intrinsic;

/// The region that the stack is deployed to.
const HOME: &str = "${AWS::Region}";

pub(super) fn properties(table: &Table) -> Value {
    let options = &table.options;
    let regions = std::iter::once(HOME).chain(options.replicas.iter().map(String::as_str));
    json!({
        "BillingMode": settings::billing_mode(options.throughput),
        "WriteProvisionedThroughputSettings": provisioned_writes(options.throughput),
        "WriteOnDemandThroughputSettings": writes_on_demand(options.throughput),
        "AttributeDefinitions": shape::attribute_definitions(table),
        "KeySchema": shape::key_schema_of(table),
        "GlobalSecondaryIndexes": shape::global_indexes(table, |index| {
            let throughput = table.throughput_of(index);
            json!({
                "WriteProvisionedThroughputSettings": provisioned_writes(throughput),
                "WriteOnDemandThroughputSettings": writes_on_demand(throughput),
            })
        }),
        "LocalSecondaryIndexes": shape::local_indexes(table),
        "StreamSpecification": shape::stream(table),
        "TimeToLiveSpecification": shape::time_to_live(table),
        "SSESpecification": (options.encryption != Encryption::AwsOwned)
            .then(|| json!({"SSEEnabled": true, "SSEType": "KMS"})),
        "Replicas": regions.map(|region| replica(table, region)).collect::<Vec<_>>(),
    })
}

fn replica(table: &Table, region: &str) -> Value {
    let options = &table.options;
    let key = match &options.encryption {
        Encryption::Key(arn) => Some(json!({"KMSMasterKeyId": intrinsic::substitute(key_in(arn, region))})),
        Encryption::AwsOwned | Encryption::AwsManaged => None,
    };
    json!({
        "Region": if region == HOME { intrinsic::reference("AWS::Region") } else { region.into() },
        "ReadProvisionedThroughputSettings": provisioned_reads(options.throughput),
        "ReadOnDemandThroughputSettings": reads_on_demand(options.throughput),
        "GlobalSecondaryIndexes": indexes(table),
        "PointInTimeRecoverySpecification": settings::recovery(options.point_in_time_recovery),
        "SSESpecification": key,
        "DeletionProtectionEnabled": settings::deletion_protection(options),
        "TableClass": settings::class(options.class),
        "Tags": settings::tags(options),
        "KinesisStreamSpecification": kinesis(table, region),
        "ContributorInsightsSpecification": settings::insights(options.contributor_insights),
    })
}

/// The key's ARN in a region; in the stack's own, the partition is the stack's too.
fn key_in(arn: &str, region: &str) -> String {
    let arn = rules::in_region(arn, region);
    if region == HOME { arn.replacen("arn:aws:", "arn:${AWS::Partition}:", 1) } else { arn }
}

/// What the indexes of one replica have of their own; an index that has nothing is not named.
fn indexes(table: &Table) -> Option<Vec<Value>> {
    let global = table.indexes.iter().filter(|index| !index.local).filter_map(|index| {
        let throughput = table.throughput_of(index);
        let (provisioned, on_demand) = (provisioned_reads(throughput), reads_on_demand(throughput));
        let insights = settings::insights(index.options.contributor_insights);
        let is_its_own = provisioned.is_some() || on_demand.is_some() || insights.is_some();
        is_its_own.then(|| {
            json!({
                "IndexName": index.name,
                "ReadProvisionedThroughputSettings": provisioned,
                "ReadOnDemandThroughputSettings": on_demand,
                "ContributorInsightsSpecification": insights,
            })
        })
    });
    shape::some(global.collect())
}

/// A replica sends its changes to a stream of its own region. Only one is named, by an ARN that has its region.
fn kinesis(table: &Table, region: &str) -> Option<Value> {
    let kinesis = table.options.kinesis.as_ref()?;
    let replicas = &table.options.replicas;
    let of_replica = rules::region_of(&kinesis.stream).filter(|named| replicas.iter().any(|other| other == named));
    (of_replica.unwrap_or(HOME) == region).then(|| settings::kinesis(kinesis))
}

fn provisioned_reads(throughput: Throughput) -> Option<Value> {
    match throughput {
        Throughput::OnDemand { .. } => None,
        Throughput::Provisioned { reads: Capacity::Fixed(units), .. } => Some(json!({"ReadCapacityUnits": units})),
        Throughput::Provisioned { reads, .. } => Some(json!({"ReadCapacityAutoScalingSettings": scaled(reads)})),
    }
}

fn provisioned_writes(throughput: Throughput) -> Option<Value> {
    match throughput {
        Throughput::OnDemand { .. } => None,
        Throughput::Provisioned { writes, .. } => Some(json!({"WriteCapacityAutoScalingSettings": scaled(writes)})),
    }
}

fn scaled(capacity: Capacity) -> Option<Value> {
    let Capacity::Scaled { min, max, target } = capacity else { return None };
    Some(json!({
        "MinCapacity": min,
        "MaxCapacity": max,
        "SeedCapacity": min,
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": target},
    }))
}

fn reads_on_demand(throughput: Throughput) -> Option<Value> {
    let Throughput::OnDemand { max_reads, .. } = throughput else { return None };
    max_reads.map(|most| json!({"MaxReadRequestUnits": most}))
}

fn writes_on_demand(throughput: Throughput) -> Option<Value> {
    let Throughput::OnDemand { max_writes, .. } = throughput else { return None };
    max_writes.map(|most| json!({"MaxWriteRequestUnits": most}))
}
