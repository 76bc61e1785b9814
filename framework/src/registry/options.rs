use skyloom_manifest::{
    self as manifest, ContributorInsights, Encryption, KinesisDestination, PointInTimeRecovery, TableClass, Throughput,
    TimestampPrecision,
};

/// How a table is run: the options of `#[table(…)]` that are no key, stream or expiry.
#[derive(Clone, Copy, Debug)]
pub struct TableOptions {
    pub throughput: Throughput,
    pub point_in_time_recovery: PointInTimeRecovery,
    pub encryption: EncryptionEntry,
    pub deletion_protection: bool,
    pub class: TableClass,
    pub tags: &'static [(&'static str, &'static str)],
    /// The ARN of a stream, and how exact its times are.
    pub kinesis: Option<(&'static str, TimestampPrecision)>,
    pub replicas: &'static [&'static str],
    pub contributor_insights: Option<ContributorInsights>,
}

/// Whose key encrypts a table.
#[derive(Clone, Copy, Debug)]
pub enum EncryptionEntry {
    AwsOwned,
    AwsManaged,
    /// An ARN.
    Key(&'static str),
}

/// How a global index is run.
#[derive(Clone, Copy, Debug)]
pub struct IndexOptions {
    pub throughput: Option<Throughput>,
    pub contributor_insights: Option<ContributorInsights>,
}

impl TableOptions {
    /// What a table has when it says nothing.
    pub const DEFAULT: Self = Self {
        throughput: Throughput::ON_DEMAND,
        point_in_time_recovery: PointInTimeRecovery::On,
        encryption: EncryptionEntry::AwsOwned,
        deletion_protection: false,
        class: TableClass::Standard,
        tags: &[],
        kinesis: None,
        replicas: &[],
        contributor_insights: None,
    };

    pub(crate) fn to_manifest(self) -> manifest::TableOptions {
        let text = |text: &&str| (*text).to_owned();
        manifest::TableOptions {
            throughput: self.throughput,
            point_in_time_recovery: self.point_in_time_recovery,
            encryption: match self.encryption {
                EncryptionEntry::AwsOwned => Encryption::AwsOwned,
                EncryptionEntry::AwsManaged => Encryption::AwsManaged,
                EncryptionEntry::Key(arn) => Encryption::Key(arn.into()),
            },
            deletion_protection: self.deletion_protection,
            class: self.class,
            tags: self.tags.iter().map(|(key, value)| (text(key), text(value))).collect(),
            kinesis: self.kinesis.map(|(stream, precision)| KinesisDestination { stream: stream.into(), precision }),
            replicas: self.replicas.iter().map(text).collect(),
            contributor_insights: self.contributor_insights,
        }
    }
}

impl IndexOptions {
    /// What an index has when it says nothing.
    pub const DEFAULT: Self = Self { throughput: None, contributor_insights: None };

    pub(crate) fn to_manifest(self) -> manifest::IndexOptions {
        manifest::IndexOptions { throughput: self.throughput, contributor_insights: self.contributor_insights }
    }
}
