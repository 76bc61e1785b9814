use std::{
    borrow::Cow,
    sync::OnceLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use skyloom_manifest::bridge::FunctionError;

use super::{
    Change, ChangeRecord,
    entities::{self, Entities},
};
use crate::{
    Rejection,
    registry::{StreamEntry, TriggerEntry},
    table::{FromItem, Streamed, item_from_json},
};

/// The records of one invocation, in order.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch<'a> {
    #[serde(rename = "Records", borrow)]
    records: Vec<Record<'a>>,
    /// This and the following are there where the mapping has a tumbling window.
    #[serde(default)]
    pub(super) window: Option<Bounds>,
    #[serde(borrow, default)]
    pub(super) state: Option<&'a RawValue>,
    #[serde(default)]
    pub(super) shard_id: String,
    #[serde(default)]
    pub(super) is_final_invoke_for_window: bool,
    #[serde(default)]
    pub(super) is_window_terminated_early: bool,
    /// How many records from the first on could be read as what an argument asked for.
    #[serde(skip)]
    readable: OnceLock<usize>,
}

impl<'a> Batch<'a> {
    /// The records, in the order of the changes.
    pub fn records(&self) -> &[Record<'a>] {
        &self.records
    }

    /// Reads the records up to the first that cannot be read. That one has failed, which its reply says, and is no
    /// reason to lose those before it.
    pub(super) fn read<C>(&self, read: impl Fn(&Record<'a>) -> Result<C, Rejection>) -> Result<Vec<C>, Rejection> {
        let mut changes = Vec::with_capacity(self.records.len());
        for record in &self.records {
            match read(record) {
                Ok(change) => changes.push(change),
                Err(rejection) if changes.is_empty() => return Err(rejection),
                Err(rejection) => {
                    let sequence_number = record.sequence_number();
                    tracing::error!(sequence_number, error = %rejection, "a record cannot be read");
                    let _first = self.readable.set(changes.len());
                    break;
                }
            }
        }
        Ok(changes)
    }

    /// The records that the handler got, and the one that could not be read.
    pub(super) fn handled(&self) -> (&[Record<'a>], Option<&Record<'a>>) {
        let readable = self.readable.get().copied().unwrap_or(self.records.len());
        let (handled, rest) = self.records.split_at(readable.min(self.records.len()));
        (handled, rest.first())
    }
}

/// From when to when a window is.
#[derive(Debug, Deserialize)]
pub(super) struct Bounds {
    pub(super) start: String,
    pub(super) end: String,
}

/// One record. The items stay undecoded until an argument asks for them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record<'a> {
    #[serde(rename = "eventID", borrow, default)]
    event_id: Cow<'a, str>,
    event_name: EventName,
    #[serde(borrow)]
    dynamodb: Images<'a>,
    #[serde(borrow, default)]
    user_identity: Option<UserIdentity<'a>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum EventName {
    Insert,
    Modify,
    Remove,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Images<'a> {
    #[serde(borrow)]
    sequence_number: Cow<'a, str>,
    #[serde(default)]
    approximate_creation_date_time: f64,
    #[serde(borrow, default)]
    new_image: Option<&'a RawValue>,
    #[serde(borrow, default)]
    old_image: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserIdentity<'a> {
    #[serde(borrow, default)]
    principal_id: Option<Cow<'a, str>>,
}

impl Record<'_> {
    pub(super) fn sequence_number(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    pub(super) fn change<T: FromItem>(&self) -> Result<Change<T>, Rejection> {
        Ok(match self.event_name {
            EventName::Insert => Change::Inserted { new: item(self.dynamodb.new_image)? },
            EventName::Modify => {
                Change::Modified { old: item(self.dynamodb.old_image)?, new: item(self.dynamodb.new_image)? }
            }
            EventName::Remove => Change::Removed { old: item(self.dynamodb.old_image)?, expired: self.is_expiry() },
        })
    }

    pub(super) fn change_record<T: FromItem>(&self) -> Result<ChangeRecord<T>, Rejection> {
        Ok(ChangeRecord {
            change: self.change()?,
            event_id: self.event_id.clone().into_owned(),
            sequence_number: self.sequence_number().to_owned(),
            created: self.created(),
        })
    }

    /// Whether all that is known of the item is of these entities.
    fn is_of(&self, entities: Entities) -> bool {
        let images = [self.dynamodb.new_image, self.dynamodb.old_image];
        images.into_iter().flatten().all(|image| entities::is_of(image, entities))
    }

    fn created(&self) -> SystemTime {
        let seconds = Duration::try_from_secs_f64(self.dynamodb.approximate_creation_date_time);
        UNIX_EPOCH + seconds.unwrap_or_default()
    }

    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html>
    fn is_expiry(&self) -> bool {
        let principal = self.user_identity.as_ref().and_then(|identity| identity.principal_id.as_deref());
        principal == Some("dynamodb.amazonaws.com")
    }
}

fn item<T: FromItem>(image: Option<&RawValue>) -> Result<T, Rejection> {
    let image = image.ok_or(Rejection::Internal(
        "the record has no image of the item: the table's stream has to be `new-and-old-images`".into(),
    ))?;
    item_from_json(image)
        .map_err(|error| Rejection::Internal(format!("an item does not fit its table: {error}").into()))
}

/// Reads the event. Changes of other entities than the handler takes are left out.
pub fn open<'a, T: Streamed>(payload: &'a [u8], trigger: &TriggerEntry) -> Result<Batch<'a>, FunctionError> {
    let mut batch = read::<T>(payload)?;
    if let TriggerEntry::Stream(StreamEntry { entities: Some(entities), .. }) = trigger {
        batch.records.retain(|record| record.is_of(*entities));
    }
    Ok(batch)
}

/// Reads the event of a handler whose filters have ranges of numbers, and leaves out what is not within them: Lambda
/// compares no numbers of DynamoDB, and delivers all.
pub fn open_within<'a, T: Streamed>(payload: &'a [u8], trigger: &TriggerEntry) -> Result<Batch<'a>, FunctionError> {
    #[derive(Deserialize)]
    struct Event {
        #[serde(rename = "Records")]
        records: Vec<Value>,
    }
    let mut batch = read::<T>(payload)?;
    let TriggerEntry::Stream(entry) = trigger else { return Ok(batch) };
    let filters = entities::filters(entry);
    let event: Event = serde_json::from_slice(payload).map_err(|error| unreadable::<T>(&error))?;
    let mut meant = event.records.iter().map(|record| filters.iter().any(|filter| filter.holds(record)));
    batch.records.retain(|_| meant.next().unwrap_or(true));
    Ok(batch)
}

fn read<T: Streamed>(payload: &[u8]) -> Result<Batch<'_>, FunctionError> {
    serde_json::from_slice(payload).map_err(|error| unreadable::<T>(&error))
}

fn unreadable<T: Streamed>(error: &serde_json::Error) -> FunctionError {
    FunctionError {
        error_type: "InvalidEvent".into(),
        error_message: format!("the event is no batch of the stream of `{}`: {error}", T::NAME),
    }
}
