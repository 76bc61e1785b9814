use std::time::SystemTime;

/// What happened to an item of the table `T`, whose stream has `new-and-old-images`.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<T> {
    /// It was not there before.
    Inserted {
        /// The item.
        new: T,
    },
    /// It was there before and is now another.
    Modified {
        /// The item before.
        old: T,
        /// The item after.
        new: T,
    },
    /// It is no longer there.
    Removed {
        /// The item before.
        old: T,
        /// Whether DynamoDB removed it because its time to live was over.
        expired: bool,
    },
}

impl<T> Change<T> {
    /// The item after the change, unless it was removed.
    pub fn new_item(&self) -> Option<&T> {
        match self {
            Self::Inserted { new } | Self::Modified { new, .. } => Some(new),
            Self::Removed { .. } => None,
        }
    }

    /// The item before the change, unless it was inserted.
    pub fn old_item(&self) -> Option<&T> {
        match self {
            Self::Inserted { .. } => None,
            Self::Modified { old, .. } | Self::Removed { old, .. } => Some(old),
        }
    }

    /// The item after the change, by value.
    pub fn into_new(self) -> Option<T> {
        match self {
            Self::Inserted { new } | Self::Modified { new, .. } => Some(new),
            Self::Removed { .. } => None,
        }
    }
}

/// A [`Change`] with what the stream's record says beside it: `ChangeRecord<T>`, or `Vec<ChangeRecord<T>>` for a batch.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChangeRecord<T> {
    /// What happened.
    pub change: Change<T>,
    /// The same whenever the record is delivered, so that a handler can tell that it was before.
    pub event_id: String,
    /// The record's place in its shard; of two changes of an item the later has the greater.
    pub sequence_number: String,
    /// About when the change was, to the second.
    pub created: SystemTime,
}
