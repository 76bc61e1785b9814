//! The form of DynamoDB's answers: AWS's JSON 1.0 protocol with its checksum and request id.

use bytes::Bytes;
use dynoxide::errors::DynoxideError;
use http::{HeaderValue, Response, StatusCode};
use serde_json::json;

use super::DynamoDb;

/// Why a request got no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no such operation, or not at this service.
    UnknownOperation,
    /// The body is no JSON object.
    Unreadable,
    /// The body is over 16 MB.
    TooLarge,
    /// DynamoDB's own refusal.
    Refused(DynoxideError),
    /// A shard iterator is older than a quarter of an hour.
    ExpiredIterator,
    /// What was to be read of a stream is older than a day.
    TrimmedData,
    /// There is no table of this name, in the words of the operations on backups.
    TableNotFound(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(f),
            Self::ExpiredIterator => f.write_str("Shard iterator has expired"),
            Self::TrimmedData => f.write_str("The data you are trying to access has been trimmed"),
            Self::TableNotFound(name) => write!(f, "Table not found: {name}"),
            Self::UnknownOperation | Self::Unreadable | Self::TooLarge => f.write_str(self.kind()),
        }
    }
}

impl From<DynoxideError> for Failure {
    fn from(error: DynoxideError) -> Self {
        Self::Refused(error)
    }
}

impl Failure {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Refused(DynoxideError::ValidationException(message.into()))
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownOperation
            | Self::Unreadable
            | Self::ExpiredIterator
            | Self::TrimmedData
            | Self::TableNotFound(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(error) => StatusCode::from_u16(error.status_code()).unwrap_or(StatusCode::BAD_REQUEST),
        }
    }

    /// The first three come from AWS's front end, which gives no message.
    fn body(&self) -> String {
        match self {
            Self::Refused(error) => error.to_json(),
            Self::ExpiredIterator | Self::TrimmedData | Self::TableNotFound(_) => {
                json!({ "__type": self.kind(), "message": self.to_string() }).to_string()
            }
            Self::UnknownOperation | Self::Unreadable | Self::TooLarge => json!({ "__type": self.kind() }).to_string(),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::UnknownOperation => "com.amazon.coral.service#UnknownOperationException",
            Self::Unreadable => "com.amazon.coral.service#SerializationException",
            Self::TooLarge => "com.amazon.coral.service#RequestEntityTooLargeException",
            Self::Refused(error) => error.error_type(),
            Self::ExpiredIterator => "com.amazonaws.dynamodb.v20120810#ExpiredIteratorException",
            Self::TrimmedData => "com.amazonaws.dynamodb.v20120810#TrimmedDataAccessException",
            Self::TableNotFound(_) => "com.amazonaws.dynamodb.v20120810#TableNotFoundException",
        }
    }
}

pub(super) fn response(answer: Result<Vec<u8>, Failure>, request_id: &str) -> Response<Bytes> {
    let (status, body) = match answer {
        Ok(body) => (StatusCode::OK, body),
        Err(failure) => (failure.status(), failure.body().into_bytes()),
    };
    let checksum = crc32fast::hash(&body);
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.0"));
    headers.insert("x-amz-crc32", HeaderValue::from(checksum));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

impl DynamoDb {
    /// 52 capitals and digits, as DynamoDB's are: a digest of the request's number, so that runs are alike.
    pub(super) fn next_request_id(&self) -> String {
        let number = self.requests.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let seed = format!("{}/{number}", self.site.application);
        base32(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, seed.as_bytes()).as_ref())
    }
}

fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    (0..bytes.len() * 8)
        .step_by(5)
        .map(|from| char::from(ALPHABET[(from..from + 5).fold(0, |value, at| value << 1 | bit(at))]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_carries_its_checksum() {
        let response = response(Ok(b"{}".to_vec()), "ID");
        assert_eq!(response.headers()["x-amz-crc32"], "2745614147");
        assert_eq!(response.headers()["content-type"], "application/x-amz-json-1.0");
    }

    #[test]
    fn a_digest_makes_a_request_id_of_dynamodbs_length() {
        assert_eq!(base32(&[0xff; 32]).len(), 52);
        assert_eq!(base32(&[0, 0x44, 0x32, 0x14, 0xc7]), "01234567");
    }
}
