use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use skyloom_manifest::bridge::FunctionError;

use super::Change;
use crate::{
    Rejection,
    table::{FromItem, Streamed, item_from_json},
};

/// The records of one invocation, in order.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>
#[derive(Debug, Deserialize)]
pub struct Batch<'a> {
    #[serde(rename = "Records", borrow)]
    records: Vec<Record<'a>>,
}

impl<'a> Batch<'a> {
    /// The records, in the order of the changes.
    pub fn records(&self) -> &[Record<'a>] {
        &self.records
    }
}

/// One record. The items stay undecoded until an argument asks for them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record<'a> {
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

/// Reads the event.
pub fn open<T: Streamed>(payload: &[u8]) -> Result<Batch<'_>, FunctionError> {
    serde_json::from_slice(payload).map_err(|error| FunctionError {
        error_type: "InvalidEvent".into(),
        error_message: format!("the event is no batch of the stream of `{}`: {error}", T::NAME),
    })
}
