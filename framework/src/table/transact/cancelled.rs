use std::fmt;

use aws_sdk_dynamodb::types::CancellationReason;

use super::{
    super::{FromItem, Item, ItemError, item_name::ItemName},
    PartAction,
};

/// Why a transaction did nothing: the parts that were not possible.
#[derive(Debug)]
pub struct Cancelled {
    parts: Vec<CancelledPart>,
}

/// A part of a transaction that was not possible.
#[derive(Debug)]
#[non_exhaustive]
pub struct CancelledPart {
    /// Its place among the parts, from 0.
    pub index: usize,
    /// What it was to do.
    pub action: PartAction,
    /// To which item.
    pub item: ItemName,
    /// Why it was not possible.
    pub reason: Cancellation,
}

/// Why a part of a transaction was not possible.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cancellation {
    /// Its condition does not hold. With the item that was there, if there was one.
    ConditionFailed(Option<Item>),
    /// Another transaction or write is changing the item.
    Conflict,
    /// The table has more requests than it takes.
    Throttled,
    /// The item or its collection would be too large. With DynamoDB's message.
    TooLarge(String),
    /// DynamoDB finds the part itself wrong. With its message.
    Invalid(String),
    /// Another reason.
    Other {
        /// DynamoDB's code.
        code: String,
        /// Its message.
        message: String,
    },
}

impl Cancelled {
    /// DynamoDB gives a reason for each part, in their order; `None` for those that were possible.
    pub(super) fn new<'a>(
        reasons: &[CancellationReason],
        parts: impl Iterator<Item = (PartAction, &'a ItemName)>,
    ) -> Self {
        let failed = parts.zip(reasons).enumerate().filter_map(|(index, ((action, item), reason))| {
            Some(CancelledPart { index, action, item: item.clone(), reason: Cancellation::of(reason)? })
        });
        Self { parts: failed.collect() }
    }

    /// The parts that were not possible, in their order.
    pub fn parts(&self) -> &[CancelledPart] {
        &self.parts
    }

    /// Whether the same transaction may succeed a little later.
    pub fn is_retryable(&self) -> bool {
        self.parts.iter().all(|part| matches!(part.reason, Cancellation::Conflict | Cancellation::Throttled))
    }

    /// What an HTTP caller is told; nothing if the handler itself is wrong.
    pub(in crate::table) fn for_caller(&self) -> Option<crate::Error> {
        let any = |is: fn(&Cancellation) -> bool| self.parts.iter().any(|part| is(&part.reason));
        if any(|it| matches!(it, Cancellation::TooLarge(_) | Cancellation::Invalid(_) | Cancellation::Other { .. })) {
            None
        } else if any(|it| matches!(it, Cancellation::ConditionFailed(_))) {
            Some(crate::Error::conflict("it was changed in the meantime, or is there already"))
        } else if any(|it| matches!(it, Cancellation::Throttled)) {
            Some(crate::Error::throttled())
        } else {
            Some(crate::Error::conflict("it is being changed at this moment"))
        }
    }
}

impl CancelledPart {
    /// The item that was there when the condition did not hold, if there was one.
    ///
    /// # Errors
    /// When the item does not fit the type, with the path of the field.
    pub fn found<T: FromItem>(&self) -> Result<Option<T>, ItemError> {
        match &self.reason {
            Cancellation::ConditionFailed(Some(item)) => T::from_item(item.clone()).map(Some),
            _ => Ok(None),
        }
    }
}

impl Cancellation {
    fn of(reason: &CancellationReason) -> Option<Self> {
        let message = || reason.message().unwrap_or_default().to_owned();
        Some(match reason.code()? {
            "None" => return None,
            "ConditionalCheckFailed" => Self::ConditionFailed(reason.item().filter(|item| !item.is_empty()).cloned()),
            "TransactionConflict" => Self::Conflict,
            "ProvisionedThroughputExceeded" | "ThrottlingError" => Self::Throttled,
            "ItemCollectionSizeLimitExceeded" => Self::TooLarge(message()),
            "ValidationError" if message().contains("size has exceeded the maximum allowed size") => {
                Self::TooLarge(message())
            }
            "ValidationError" => Self::Invalid(message()),
            code => Self::Other { code: code.to_owned(), message: message() },
        })
    }
}

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parts.is_empty() {
            return f.write_str("DynamoDB does not say why");
        }
        self.parts.iter().enumerate().try_for_each(|(place, part)| {
            f.write_str(if place == 0 { "" } else { "; " })?;
            part.fmt(f)
        })
    }
}

impl fmt::Display for CancelledPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "part {} ({} of {}): {}", self.index, self.action, self.item, self.reason)
    }
}

impl fmt::Display for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConditionFailed(Some(_)) => f.write_str("the condition failed"),
            Self::ConditionFailed(None) => f.write_str("the condition failed, and there is no such item"),
            Self::Conflict => f.write_str("something else is changing the item"),
            Self::Throttled => f.write_str("the table has more requests than it takes"),
            Self::TooLarge(message) => write!(f, "the item is too large: {message}"),
            Self::Invalid(message) => f.write_str(message),
            Self::Other { code, message } => write!(f, "{code}: {message}"),
        }
    }
}
