//! Which streams there are, and what they are called.

use dynoxide::{Database, actions::list_streams::ListStreamsRequest, storage::TableMetadata};
use jiff::Timestamp;
use skyloom_manifest::StreamView;

use super::{Context, ledger, sequence::Sequence, shard};
use crate::{dynamodb::wire::Failure, site::Site};

/// The stream that a table has, or had within the last day.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) table: String,
    /// When it was made: `2025-01-01T00:00:00.123`.
    pub(super) label: String,
    pub(super) view: StreamView,
    pub(super) start: Sequence,
    /// The first number that is no longer in it, once it was disabled.
    pub(super) end: Option<Sequence>,
}

impl Stream {
    pub(super) fn arn(&self, site: &Site) -> String {
        site.arn("dynamodb", &format!("table/{}/stream/{}", self.table, self.label))
    }
}

impl Context<'_> {
    /// The stream that a table has at present; by the table's physical name.
    pub(super) fn stream_of(&self, table: &str) -> Option<Stream> {
        let metadata = self.metadata(table).filter(|it| it.stream_enabled)?;
        let label = public_label(metadata.stream_label.as_deref()?);
        let start = begin(&label)?.max(self.ledger.floor(table));
        Some(Stream { table: table.to_owned(), label, view: self.view(&metadata), start, end: None })
    }

    /// # Errors
    /// When there is no such stream, in DynamoDB's words.
    pub(super) fn find(&self, arn: &str) -> Result<Stream, Failure> {
        let table = arn.split('/').nth(1).unwrap_or_default(); // `arn:…:table/NAME/stream/LABEL`
        let streams = self.stream_of(table).into_iter().chain(self.former(table));
        let found = streams.into_iter().find(|stream| stream.arn(self.site) == arn);
        found.ok_or_else(|| missing(&format!("Stream: {arn} not found")))
    }

    /// All streams, or those of one table, in the order of their ARNs.
    pub(super) fn streams(&self, table: Option<&str>) -> Vec<Stream> {
        let enabled = self.engine.list_streams(ListStreamsRequest::default()).map(|it| it.streams).unwrap_or_default();
        let mut tables: Vec<_> =
            enabled.into_iter().map(|it| it.table_name).chain(self.ledger.tables_with_former()).collect();
        tables.sort();
        tables.dedup();
        tables.retain(|name| table.is_none_or(|table| table == name));
        let mut streams: Vec<_> =
            tables.iter().flat_map(|table| self.former(table).into_iter().chain(self.stream_of(table))).collect();
        streams.sort_by_cached_key(|stream| stream.arn(self.site));
        streams
    }

    fn former(&self, table: &str) -> Vec<Stream> {
        if self.metadata(table).is_none() {
            return Vec::new();
        }
        let mut former = self.ledger.former(table);
        former.retain(|stream| stream.end.is_some_and(|end| end > shard::horizon(self.now)));
        former
    }

    pub(super) fn metadata(&self, table: &str) -> Option<TableMetadata> {
        self.engine.get_table_metadata(table).ok().flatten()
    }

    fn view(&self, metadata: &TableMetadata) -> StreamView {
        let stored = metadata.stream_view_type.as_deref().and_then(ledger::view_named);
        self.ledger.view(&metadata.table_name).or(stored).unwrap_or(StreamView::NewAndOldImages)
    }

    /// The number of the newest record of a table that has a stream.
    pub(in crate::dynamodb) fn newest(&self, table: &str) -> Option<Sequence> {
        newest(self.engine, table)
    }
}

fn newest(engine: &Database, table: &str) -> Option<Sequence> {
    let stream_arn = dynoxide::streams::stream_arn(table, "");
    let request = dynoxide::actions::describe_stream::DescribeStreamRequest { stream_arn, ..Default::default() };
    let description = engine.describe_stream(request).ok()?.stream_description;
    Sequence::parse(description.shards.first()?.sequence_number_range.ending_sequence_number.as_deref()?)
}

pub(super) fn missing(what: &str) -> Failure {
    Failure::Refused(dynoxide::errors::DynoxideError::ResourceNotFoundException(format!(
        "Requested resource not found: {what}"
    )))
}

/// DynamoDB labels a stream with when it was made: `2025-01-01T00:00:00.123`. The engine has `1735689600.123456789`.
pub(in crate::dynamodb) fn public_label(label: &str) -> String {
    let parts = label.split_once('.').and_then(|(seconds, fraction)| {
        let time = Timestamp::from_second(seconds.parse().ok()?).ok()?;
        Some((time, fraction.get(..3)?))
    });
    match parts {
        Some((time, millis)) => format!("{}.{millis}", time.strftime("%Y-%m-%dT%H:%M:%S")),
        None => label.to_owned(),
    }
}

/// The time that a label says, as the first sequence number that a record could have then.
pub(super) fn begin(label: &str) -> Option<Sequence> {
    let time: Timestamp = format!("{label}Z").parse().ok()?;
    Some(Sequence(time.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_the_time_at_which_the_stream_began() {
        let label = public_label("1735689600.250999999");
        assert_eq!(label, "2025-01-01T00:00:00.250");
        assert_eq!(begin(&label), Some(Sequence(1_735_689_600_250_000)));
        assert_eq!(public_label("odd"), "odd");
        assert_eq!(begin("odd"), None);
    }
}
