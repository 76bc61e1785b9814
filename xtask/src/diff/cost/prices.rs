//! AWS's prices in US dollars, without discounts, savings plans and the free tier.
//!
//! AWS's own pages fill their tables in by script, so that a copy of them has no numbers but that of keys. The others were compared
//! with what several price lists that were published later have of this region, and agree.

/// The region whose prices these are; those of others differ by up to two thirds.
pub(super) const REGION: &str = "us-east-1";

/// The month in which AWS's pages said so.
pub(super) const AS_OF: &str = "November 2025";

/// The hours of a month, as AWS's own calculator has them.
pub(super) const HOURS: f64 = 730.0;

/// A unit of read capacity for an hour. <https://aws.amazon.com/dynamodb/pricing/provisioned/>
pub(super) const READ_UNIT: f64 = 0.000_13;
/// A unit of write capacity, or of replicated write capacity, for an hour.
pub(super) const WRITE_UNIT: f64 = 0.000_65;
/// How much more either is of a table of the class for infrequent access. AWS says a quarter, and its prices for China are just that;
/// no list with this region's was found, so that in its last digits this is an assumption.
pub(super) const INFREQUENT: f64 = 1.25;

/// A gigabyte of provisioned concurrency for a second. <https://aws.amazon.com/lambda/pricing/>
pub(super) const CONCURRENCY_ARM64: f64 = 0.000_003_333_4;
/// As [`CONCURRENCY_ARM64`], on x86-64.
pub(super) const CONCURRENCY_X86_64: f64 = 0.000_004_166_7;

/// A shard for an hour. <https://aws.amazon.com/kinesis/data-streams/pricing/>
pub(super) const SHARD: f64 = 0.015;
/// A stream on demand for an hour.
pub(super) const STREAM_ON_DEMAND: f64 = 0.04;

/// An alarm on a metric for a month. <https://aws.amazon.com/cloudwatch/pricing/>
pub(super) const ALARM: f64 = 0.10;
/// One that looks more often than once a minute.
pub(super) const ALARM_HIGH_RESOLUTION: f64 = 0.30;

/// What costs the same each month, whatever its properties: its type, how it is called, dollars.
pub(super) const MONTHLY: [(&str, &str, f64); 4] = [
    ("AWS::CloudWatch::CompositeAlarm", "composite alarms", 0.50),
    ("AWS::KMS::Key", "keys", 1.00), // https://aws.amazon.com/kms/pricing/
    ("AWS::Route53::HostedZone", "hosted zones", 0.50), // https://aws.amazon.com/route53/pricing/
    ("AWS::SecretsManager::Secret", "secrets", 0.40), // https://aws.amazon.com/secrets-manager/pricing/
];

/// What is billed for time by what a template does not say, or by more than belongs here.
pub(super) const NOT_COUNTED: [&str; 11] = [
    "AWS::DAX::Cluster",
    "AWS::EC2::Instance",
    "AWS::EC2::NatGateway",
    "AWS::EC2::VPCEndpoint",
    "AWS::ECS::Service",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::ServerlessCache",
    "AWS::OpenSearchService::Domain",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::WAFv2::WebACL",
];
