use dynoxide::errors::DynoxideError;
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IntoDeserializer, value::Error},
};
use serde_json::{Value, json};

use super::{
    backups, decode,
    streams::{self, Context},
    update,
    wire::Failure,
};
use crate::site::Site;

/// The operations that are emulated, by their names in `X-Amz-Target`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Operation {
    BatchExecuteStatement,
    BatchGetItem,
    BatchWriteItem,
    CreateTable,
    DeleteItem,
    DeleteTable,
    DescribeContinuousBackups,
    DescribeEndpoints,
    DescribeLimits,
    DescribeStream,
    DescribeTable,
    DescribeTimeToLive,
    ExecuteStatement,
    ExecuteTransaction,
    GetItem,
    GetRecords,
    GetShardIterator,
    ListStreams,
    ListTables,
    ListTagsOfResource,
    PutItem,
    Query,
    Scan,
    TagResource,
    TransactGetItems,
    TransactWriteItems,
    UntagResource,
    UpdateItem,
    UpdateTable,
    UpdateTimeToLive,
}

impl Operation {
    /// DynamoDB and its streams are two services; neither knows the other's operations.
    pub(super) fn from_target(target: &str) -> Option<Self> {
        let (service, name) = target.split_once('.')?;
        let named: Result<Self, Error> = Self::deserialize(name.into_deserializer());
        let operation = named.ok()?;
        let expected = if operation.is_of_streams() { "DynamoDBStreams_20120810" } else { "DynamoDB_20120810" };
        (service == expected).then_some(operation)
    }

    pub(super) fn is_of_streams(self) -> bool {
        matches!(self, Self::DescribeStream | Self::GetRecords | Self::GetShardIterator | Self::ListStreams)
    }

    /// Whether it may change items, and so make stream records. A `SELECT` counts too: its text is not looked at here.
    pub(super) fn writes(self) -> bool {
        matches!(
            self,
            Self::PutItem
                | Self::UpdateItem
                | Self::DeleteItem
                | Self::BatchWriteItem
                | Self::TransactWriteItems
                | Self::ExecuteStatement
                | Self::ExecuteTransaction
                | Self::BatchExecuteStatement
        )
    }

    /// Whether it answers with the description of a table, where the engine's ARNs are.
    pub(super) fn describes_a_table(self) -> bool {
        matches!(self, Self::CreateTable | Self::DeleteTable | Self::DescribeTable | Self::UpdateTable)
    }
}

/// Runs one operation, JSON in and JSON out.
pub(super) fn run(streams: &Context<'_>, operation: Operation, request: Value) -> Result<Vec<u8>, Failure> {
    use Operation as O;
    let db = streams.engine();
    let answer = match operation {
        O::BatchExecuteStatement => call(request, |it| db.batch_execute_statement(it)),
        O::BatchGetItem => call(request, |it| db.batch_get_item(it)),
        O::BatchWriteItem => call(request, |it| db.batch_write_item(it)),
        O::CreateTable => call(request, |it| db.create_table(it)),
        O::DeleteItem => call(request, |it| db.delete_item(it)),
        O::DeleteTable => call(request, |it| db.delete_table(it)),
        O::DescribeContinuousBackups => return backups::describe(streams.backups(), db, streams.now(), request),
        O::DescribeEndpoints => encode(&endpoints(streams.site())),
        O::DescribeLimits => encode(&limits()),
        O::DescribeTable => call(request, |it| db.describe_table(it)),
        O::DescribeTimeToLive => call(request, |it| db.describe_time_to_live(it)),
        O::ExecuteStatement => call(request, |it| db.execute_statement(it)),
        O::ExecuteTransaction => call(request, |it| db.execute_transaction(it)),
        O::GetItem => call(request, |it| db.get_item(it)),
        O::DescribeStream | O::GetRecords | O::GetShardIterator | O::ListStreams => {
            return streams::run(streams, operation, request);
        }
        O::ListTables => call(request, |it| db.list_tables(it)),
        O::ListTagsOfResource => call(request, |it| db.list_tags_of_resource(it)),
        O::PutItem => call(request, |it| db.put_item(it)),
        O::Query => call(request, |it| db.query(it)),
        O::Scan => call(request, |it| db.scan(it)),
        O::TagResource => call(request, |it| db.tag_resource(it)),
        O::TransactGetItems => call(request, |it| db.transact_get_items(it)),
        O::TransactWriteItems => call(request, |it| db.transact_write_items(it)),
        O::UntagResource => call(request, |it| db.untag_resource(it)),
        O::UpdateItem => update::run(db, request).and_then(|it| encode(&it)),
        O::UpdateTable => call(request, |it| db.update_table(it)),
        O::UpdateTimeToLive => call(request, |it| db.update_time_to_live(it)),
    };
    answer.map_err(|error| decode::as_answered_by(operation, error).into())
}

fn call<I: DeserializeOwned, O: Serialize>(
    request: Value,
    run: impl FnOnce(I) -> Result<O, DynoxideError>,
) -> Result<Vec<u8>, DynoxideError> {
    encode(&run(decode::request(request)?)?)
}

pub(super) fn encode(answer: &impl Serialize) -> Result<Vec<u8>, DynoxideError> {
    serde_json::to_vec(answer).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

/// Clients that were given an endpoint do not ask for others; the rest are told AWS's own.
fn endpoints(site: &Site) -> Value {
    json!({ "Endpoints": [{
        "Address": format!("dynamodb.{}.amazonaws.com", site.region),
        "CachePeriodInMinutes": 1440,
    }] })
}

/// The quotas of a new account. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>
fn limits() -> Value {
    json!({
        "AccountMaxReadCapacityUnits": 80_000,
        "AccountMaxWriteCapacityUnits": 80_000,
        "TableMaxReadCapacityUnits": 40_000,
        "TableMaxWriteCapacityUnits": 40_000,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_knows_only_its_own_operations() {
        assert_eq!(Operation::from_target("DynamoDB_20120810.PutItem"), Some(Operation::PutItem));
        assert_eq!(Operation::from_target("DynamoDBStreams_20120810.GetRecords"), Some(Operation::GetRecords));
        for unknown in [
            "DynamoDB_20120810.GetRecords",
            "DynamoDBStreams_20120810.PutItem",
            "DynamoDB_20120810.Frobnicate",
            "DynamoDB_20120810.putItem",
            "DynamoDB_20111205.PutItem",
            "PutItem",
            "",
        ] {
            assert_eq!(Operation::from_target(unknown), None, "{unknown}");
        }
    }
}
