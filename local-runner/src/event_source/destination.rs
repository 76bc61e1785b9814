//! On-failure destinations: what Lambda tells of the records that it gives up.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>

use std::time::SystemTime;

use jiff::Timestamp;
use serde_json::{Value, json, value::RawValue};
use skyloom_manifest::Destination;

use super::{answer::Outcome, journal::DiscardReason, lane::GivenUp, window::time};
use crate::{outbox::Outbox, random::Random};

/// A failure, as its account tells it.
#[derive(Debug)]
pub(super) struct Failure<'a> {
    pub(super) function_arn: &'a str,
    pub(super) stream_arn: &'a str,
    /// The id of the event source mapping.
    pub(super) mapping: &'a str,
    pub(super) given_up: &'a GivenUp,
    pub(super) reason: DiscardReason,
    /// What the last invocation came to, unless the records became too old.
    pub(super) outcome: Option<&'a Outcome>,
    pub(super) at: SystemTime,
}

impl Failure<'_> {
    /// Tells of the failure; a bucket gets the records too, since it has room for them.
    pub(super) fn tell(&self, destination: &Destination, outbox: &Outbox, random: &Random) {
        let Some(mut body) = self.account(random) else { return };
        let mut key = None;
        if destination.service() == Some("s3") {
            body["payload"] = self.payload();
            key = Some(self.object_key(random));
        }
        outbox.send(destination, key, body);
    }

    fn account(&self, random: &Random) -> Option<Value> {
        let records = &self.given_up.records;
        let (first, last) = (records.first()?, records.last()?);
        let condition = match self.reason {
            DiscardReason::RetriesExhausted => "RetryAttemptsExhausted",
            DiscardReason::RecordTooOld => "RecordAgeExceeded",
        };
        let mut account = json!({
            "requestContext": {
                "requestId": random.uuid(),
                "functionArn": self.function_arn,
                "condition": condition,
                // Lambda counts one even for records that were too old before the first.
                "approximateInvokeCount": self.given_up.invocations.max(1),
            },
            "version": "1.0",
            "timestamp": Timestamp::try_from(self.at).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            "DDBStreamBatchInfo": {
                "shardId": self.shard(),
                "startSequenceNumber": first.sequence_number,
                "endSequenceNumber": last.sequence_number,
                "approximateArrivalOfFirstRecord": time(first.created),
                "approximateArrivalOfLastRecord": time(last.created),
                "batchSize": records.len(),
                "streamArn": self.stream_arn,
            },
        });
        if let Some(outcome) = self.outcome {
            let function_error = matches!(outcome, Outcome::Failed(_)).then_some("Unhandled");
            account["responseContext"] =
                json!({ "statusCode": 200, "executedVersion": "$LATEST", "functionError": function_error });
        }
        Some(account)
    }

    /// Records are given up by batches, and those are of one shard.
    fn shard(&self) -> &str {
        self.given_up.records.first().map_or("", |record| &record.shard)
    }

    fn payload(&self) -> Value {
        let records = self.given_up.records.iter().map(|record| RawValue::get(&record.text));
        let records: Vec<Value> = records.filter_map(|record| serde_json::from_str(record).ok()).collect();
        json!({ "Records": records })
    }

    /// `aws/lambda/MAPPING/SHARD/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-UUID`
    fn object_key(&self, random: &Random) -> String {
        let time = Timestamp::try_from(self.at).unwrap_or_default().strftime("%Y/%m/%d/%Y-%m-%dT%H.%M.%S").to_string();
        format!("aws/lambda/{}/{}/{time}-{}", self.mapping, self.shard(), random.uuid())
    }
}
