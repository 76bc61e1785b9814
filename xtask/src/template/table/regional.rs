//! A table of one region.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html>

use serde_json::{Value, json};
use skyloom_manifest::{Encryption, Table, Throughput};

use super::{settings, shape};
use crate::template::intrinsic;

pub(super) fn properties(table: &Table) -> Value {
    let options = &table.options;
    json!({
        "BillingMode": settings::billing_mode(options.throughput),
        "ProvisionedThroughput": provisioned(options.throughput),
        "OnDemandThroughput": on_demand(options.throughput),
        "AttributeDefinitions": shape::attribute_definitions(table),
        "KeySchema": shape::key_schema_of(table),
        "GlobalSecondaryIndexes": shape::global_indexes(table, |index| {
            let throughput = table.throughput_of(index);
            json!({
                "ProvisionedThroughput": provisioned(throughput),
                "OnDemandThroughput": on_demand(throughput),
                "ContributorInsightsSpecification": settings::insights(index.options.contributor_insights),
            })
        }),
        "LocalSecondaryIndexes": shape::local_indexes(table),
        "StreamSpecification": shape::stream(table),
        "TimeToLiveSpecification": shape::time_to_live(table),
        "PointInTimeRecoverySpecification": settings::recovery(options.point_in_time_recovery),
        "SSESpecification": encryption(&options.encryption),
        "DeletionProtectionEnabled": settings::deletion_protection(options),
        "TableClass": settings::class(options.class),
        "Tags": settings::tags(options),
        "KinesisStreamSpecification": options.kinesis.as_ref().map(settings::kinesis),
        "ContributorInsightsSpecification": settings::insights(options.contributor_insights),
    })
}

fn provisioned(throughput: Throughput) -> Option<Value> {
    match throughput {
        Throughput::OnDemand { .. } => None,
        Throughput::Provisioned { reads, writes } => {
            Some(json!({"ReadCapacityUnits": reads.initial(), "WriteCapacityUnits": writes.initial()}))
        }
    }
}

fn on_demand(throughput: Throughput) -> Option<Value> {
    match throughput {
        Throughput::Provisioned { .. } | Throughput::ON_DEMAND => None,
        Throughput::OnDemand { max_reads, max_writes } => {
            Some(json!({"MaxReadRequestUnits": max_reads, "MaxWriteRequestUnits": max_writes}))
        }
    }
}

/// DynamoDB's own key is what a table without `SSESpecification` is encrypted with.
fn encryption(encryption: &Encryption) -> Option<Value> {
    match encryption {
        Encryption::AwsOwned => None,
        Encryption::AwsManaged => Some(json!({"SSEEnabled": true, "SSEType": "KMS"})),
        Encryption::Key(arn) => {
            Some(json!({"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": intrinsic::substitute(arn)}))
        }
    }
}
