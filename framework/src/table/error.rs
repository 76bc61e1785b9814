use std::fmt;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use super::{
    found::Found,
    item::{ItemError, Kind},
    item_name::ItemName,
    transact::Cancelled,
};

/// Why a table did not do what it was asked.
///
/// Returned from a handler it becomes a [`crate::Error`]:
///
/// - 409 for [`ConditionFailed`](Self::ConditionFailed), [`VersionConflict`](Self::VersionConflict), [`Conflict`](Self::Conflict) and what a transaction can meet;
/// - 404 for [`ItemNotFound`](Self::ItemNotFound);
/// - 400 for [`InvalidCursor`](Self::InvalidCursor), [`InvalidKey`](Self::InvalidKey) and
///   [`InvalidToken`](Self::InvalidToken), which callers hand in;
/// - 503 with `Retry-After` for [`Throttled`](Self::Throttled);
/// - 500, with nothing told to the caller, for all else.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The item is not as `only_if` or `put_new` wants it.
    #[error("the item is not as the condition wants it")]
    ConditionFailed(Found),
    /// The item has another version than the one that was read: it was changed in the meantime. Read it and try again.
    #[error("the item has another version: it was changed since it was read")]
    VersionConflict(Found),
    /// The item that should be updated does not exist.
    #[error("the item does not exist")]
    ItemNotFound,
    /// A transaction is changing the item at this moment.
    #[error("a transaction is changing the item")]
    Conflict,
    /// The table has more requests than it takes; the retries did not help.
    #[error("the table has more requests than it takes")]
    Throttled,
    /// A transaction did nothing, because of these of its parts.
    #[error("the transaction did nothing: {0}")]
    TransactionCancelled(Cancelled),
    /// A transaction with the same client request token had other parts.
    #[error("a transaction with the same client request token had other parts")]
    IdempotentParameterMismatch,
    /// The transaction with this client request token is being done at this moment.
    #[error("the transaction with this client request token is not finished")]
    TransactionInProgress,
    /// The cursor is not one of this query.
    #[error("the cursor is not one of this query")]
    InvalidCursor,
    /// A key is empty or too long. Nothing was sent.
    #[error(transparent)]
    InvalidKey(ItemError),
    /// The client request token is empty or too long. Nothing was sent.
    #[error("a client request token has 1 to 36 characters, and this one has {0}")]
    InvalidToken(usize),
    /// The request names an item twice. Nothing was sent.
    #[error("{0} is in the request twice, and DynamoDB takes an item once")]
    DuplicateItem(Box<ItemName>),
    /// The item is over 400 KB, the item collection over 10 GB, or the transaction over 4 MB or 100 parts.
    #[error("too large: {0}")]
    TooLarge(String),
    /// There is no such table in this account and region.
    #[error("the table does not exist: {0}")]
    TableNotFound(String),
    /// The function's policy does not grant the request.
    #[error("access denied: {0}")]
    AccessDenied(String),
    /// An item could not be converted.
    #[error(transparent)]
    Item(ItemError),
    /// DynamoDB refused the request for another reason.
    #[error("{code}: {message}")]
    Refused {
        /// The name of the exception: `ValidationException`.
        code: String,
        /// Its message.
        message: String,
    },
    /// There was no answer.
    #[error("no answer of DynamoDB")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Whether the same request may succeed a little later. A write that is not idempotent may have happened if there was
    /// no answer.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Conflict | Self::Throttled | Self::TransactionInProgress | Self::Other(_) => true,
            Self::TransactionCancelled(cancelled) => cancelled.is_retryable(),
            Self::Refused { code, .. } => {
                matches!(code.as_str(), "InternalServerError" | "InternalServerErrorException")
            }
            Self::ConditionFailed(_)
            | Self::VersionConflict(_)
            | Self::ItemNotFound
            | Self::IdempotentParameterMismatch
            | Self::InvalidCursor
            | Self::InvalidKey(_)
            | Self::InvalidToken(_)
            | Self::DuplicateItem(_)
            | Self::TooLarge(_)
            | Self::TableNotFound(_)
            | Self::AccessDenied(_)
            | Self::Item(_) => false,
        }
    }

    /// Sorts out what a request of the SDK failed with.
    pub(super) fn of<E, R>(error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: fmt::Debug + Send + Sync + 'static,
    {
        match error.as_service_error().and_then(ProvideErrorMetadata::code).map(str::to_owned) {
            Some(code) => Self::of_code(code, error.message().unwrap_or_default().to_owned()),
            None => Self::Other(Box::new(error)),
        }
    }

    fn of_code(code: String, message: String) -> Self {
        match code.as_str() {
            "ConditionalCheckFailedException" => Self::ConditionFailed(Found::default()),
            "TransactionConflictException" | "ReplicatedWriteConflictException" => Self::Conflict,
            "ProvisionedThroughputExceededException" | "RequestLimitExceeded" | "ThrottlingException" => {
                Self::Throttled
            }
            "IdempotentParameterMismatchException" => Self::IdempotentParameterMismatch,
            "TransactionInProgressException" => Self::TransactionInProgress,
            "ItemCollectionSizeLimitExceededException" => Self::TooLarge(message),
            "ValidationException" if message.contains("size has exceeded the maximum allowed size") => {
                Self::TooLarge(message)
            }
            "ResourceNotFoundException" => Self::TableNotFound(message),
            "AccessDeniedException" => Self::AccessDenied(message),
            _ => Self::Refused { code, message },
        }
    }
}

impl From<ItemError> for Error {
    fn from(error: ItemError) -> Self {
        match error.kind() {
            Kind::Conversion => Self::Item(error),
            Kind::Key => Self::InvalidKey(error),
            Kind::Size => Self::TooLarge(error.to_string()),
        }
    }
}

impl From<Error> for crate::Error {
    fn from(error: Error) -> Self {
        match &error {
            Error::ConditionFailed(_) | Error::VersionConflict(_) => {
                Self::conflict("it was changed in the meantime, or is there already")
            }
            Error::Conflict => Self::conflict("it is being changed at this moment"),
            Error::TransactionCancelled(cancelled) => match cancelled.for_caller() {
                Some(told) => told,
                None => return Self::internal(error),
            },
            Error::IdempotentParameterMismatch => Self::conflict("the token was used for another request"),
            Error::TransactionInProgress => Self::conflict("it is being done at this moment"),
            Error::ItemNotFound => Self::not_found("it does not exist"),
            Error::Throttled => Self::throttled(),
            Error::InvalidCursor => Self::bad_request("the cursor is not valid"),
            Error::InvalidKey(_) => Self::bad_request("a key is empty or too long"),
            Error::InvalidToken(_) => Self::bad_request("a token has 1 to 36 characters"),
            Error::DuplicateItem(_)
            | Error::TooLarge(_)
            | Error::TableNotFound(_)
            | Error::AccessDenied(_)
            | Error::Item(_)
            | Error::Refused { .. }
            | Error::Other(_) => return Self::internal(error),
        }
        .with_source(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: &str, message: &str) -> u16 {
        crate::Error::from(Error::of_code(code.into(), message.into())).status().as_u16()
    }

    #[test]
    fn a_caller_learns_only_what_concerns_it() {
        assert_eq!(status("ConditionalCheckFailedException", ""), 409);
        assert_eq!(status("TransactionConflictException", ""), 409);
        assert_eq!(status("IdempotentParameterMismatchException", ""), 409);
        assert_eq!(status("TransactionInProgressException", ""), 409);
        assert_eq!(status("ProvisionedThroughputExceededException", ""), 503);
        assert_eq!(status("AccessDeniedException", "User: arn:…"), 500);
        assert_eq!(status("ValidationException", "Invalid KeyConditionExpression"), 500);
        let error = crate::Error::from(Error::AccessDenied("User: arn:…".into()));
        assert_eq!(error.detail(), None);
    }

    #[test]
    fn an_item_over_the_limit_is_told_from_other_invalid_requests() {
        let message = "Item size has exceeded the maximum allowed size";
        assert!(matches!(Error::of_code("ValidationException".into(), message.into()), Error::TooLarge(_)));
    }

    #[test]
    fn what_passes_by_itself_is_retryable() {
        let retryable = |code: &str| Error::of_code(code.into(), String::new()).is_retryable();
        assert!(retryable("ThrottlingException") && retryable("TransactionConflictException"));
        assert!(retryable("InternalServerError") && retryable("TransactionInProgressException"));
        assert!(!retryable("ConditionalCheckFailedException") && !retryable("ValidationException"));
    }
}
