use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

/// What an HTTP API answers by itself, without an answer of a function.
///
/// Statuses and bodies are those of HTTP APIs, which differ from REST APIs': a function that failed or timed out is 500
/// and not 502 (<https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html>); one
/// that takes longer than the API waits is 503 and not 504 (<https://github.com/serverless/serverless/issues/11222>); for
/// one that is throttled no recording was found, and 503 is what users of HTTP APIs report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    BadRequest,
    /// Without a value of `www-authenticate` where the authorizer is a function.
    Unauthorized(Option<String>),
    /// With a value of `www-authenticate` where a JWT authorizer misses a scope.
    Forbidden(Option<String>),
    NotFound,
    BodyTooLarge,
    HeadersTooLarge,
    InternalServerError,
    ServiceUnavailable,
    /// More requests than the route takes.
    TooManyRequests,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::InternalServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    fn message(&self) -> &'static str {
        match self {
            Self::BadRequest => "Bad Request",
            Self::Unauthorized(_) => "Unauthorized",
            Self::Forbidden(_) => "Forbidden",
            Self::NotFound => "Not Found",
            Self::BodyTooLarge => "Request Entity Too Large",
            Self::HeadersTooLarge => "Request Header Fields Too Large",
            Self::InternalServerError => "Internal Server Error",
            Self::ServiceUnavailable => "Service Unavailable",
            Self::TooManyRequests => "Too Many Requests",
        }
    }

    fn challenge(&self) -> Option<HeaderValue> {
        let (Self::Unauthorized(challenge) | Self::Forbidden(challenge)) = self else { return None };
        challenge.as_deref().and_then(|text| HeaderValue::from_str(text).ok())
    }

    pub(super) fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(format!(r#"{{"message":"{}"}}"#, self.message())));
        *response.status_mut() = self.status();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(challenge) = self.challenge() {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
