use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::json;
use skyloom_manifest::ResponseType;

/// What a REST API answers by itself, without an answer of a function: its default gateway responses.
///
/// Recorded on AWS by LocalStack's tests: `Missing Authentication Token`, and `Internal server error` with a space in its JSON.
/// Published by others who called such APIs: `Unauthorized`, `The incoming token has expired`, the two denials (the words since
/// 2023; the key `Message` is theirs alone), `"message":null` of a misconfigured authorizer, the lengths of the body and of the
/// headers in plain text, and what is said of an `Authorization` header on a route that is not there. Of `Too Many Requests` and `Limit Exceeded` AWS's
/// knowledge center has the words. `Invalid request body` and the missing parameters were recorded, too. The rest is from
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    BadRequest,
    /// No method takes the request.
    MissingAuthenticationToken,
    /// No method takes the request, and its `Authorization`, which was then read as a signature of IAM, is none or is wrong.
    NoSignature {
        error_type: &'static str,
        message: String,
    },
    /// No method takes the request, which is signed as IAM's users sign.
    NoMethod {
        method: String,
        path: String,
    },
    Unauthorized,
    ExpiredToken,
    /// There is no key of the API.
    Forbidden,
    /// By an authorizer's policy.
    Denied {
        explicitly: bool,
    },
    AuthorizerConfiguration,
    UriTooLong,
    BodyTooLarge,
    /// By Lambda, whose limit is lower.
    RequestTooLong,
    HeadersTooLarge,
    InternalServerError,
    /// The function's answer is said to be in Base64 and is not.
    Undecodable,
    BadGateway,
    IntegrationTimeout,
    /// The body is not what the API's model says, for these reasons.
    InvalidBody(Vec<String>),
    UnsupportedMediaType,
    /// Another server is not there.
    NetworkError,
    /// More requests than the route or the key takes at once.
    Throttled,
    /// More requests than the key has in the period.
    QuotaExceeded,
    /// Of the query string, by name.
    MissingParameters(Vec<String>),
    /// What the caller signed is wrong: the exception's name and its message.
    InvalidSignature {
        error_type: &'static str,
        message: String,
    },
    /// The caller's policies do not let them in. Recorded on AWS: the key is `Message`.
    NotAuthorized {
        message: String,
    },
}

/// Of credentials whose session is over.
const EXPIRED: &str = "ExpiredTokenException";
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest | Self::InvalidBody(_) | Self::MissingParameters(_) => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Throttled | Self::QuotaExceeded => StatusCode::TOO_MANY_REQUESTS,
            Self::Unauthorized | Self::ExpiredToken => StatusCode::UNAUTHORIZED,
            Self::MissingAuthenticationToken
            | Self::NoSignature { .. }
            | Self::Forbidden
            | Self::Denied { .. }
            | Self::InvalidSignature { .. }
            | Self::NotAuthorized { .. } => StatusCode::FORBIDDEN,
            Self::NoMethod { .. } => StatusCode::NOT_FOUND,
            Self::BodyTooLarge | Self::RequestTooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::AuthorizerConfiguration | Self::InternalServerError | Self::Undecodable => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            Self::BadGateway => StatusCode::BAD_GATEWAY,
            Self::IntegrationTimeout | Self::NetworkError => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// `x-amzn-ErrorType`; nothing where the request did not come as far as the API.
    fn error_type(&self) -> Option<&'static str> {
        Some(match self {
            Self::BadRequest | Self::InvalidBody(_) | Self::UnsupportedMediaType | Self::MissingParameters(_) => {
                "BadRequestException"
            }
            Self::Throttled => "TooManyRequestsException",
            Self::QuotaExceeded => "LimitExceededException",
            Self::MissingAuthenticationToken => "MissingAuthenticationTokenException",
            Self::NoMethod { .. } => "NotFoundException",
            Self::Unauthorized | Self::ExpiredToken => "UnauthorizedException",
            Self::Forbidden => "ForbiddenException",
            Self::Denied { .. } | Self::NotAuthorized { .. } => "AccessDeniedException",
            Self::NoSignature { error_type, .. } | Self::InvalidSignature { error_type, .. } => error_type,
            Self::AuthorizerConfiguration => "AuthorizerConfigurationException",
            Self::RequestTooLong => "RequestTooLargeException",
            Self::InternalServerError
            | Self::Undecodable
            | Self::BadGateway
            | Self::IntegrationTimeout
            | Self::NetworkError => "InternalServerErrorException",
            Self::UriTooLong | Self::BodyTooLarge | Self::HeadersTooLarge => return None,
        })
    }

    fn body(&self) -> String {
        match self {
            Self::BadRequest => r#"{"message":"Bad Request"}"#.into(),
            Self::Throttled => r#"{"message":"Too Many Requests"}"#.into(),
            Self::QuotaExceeded => r#"{"message":"Limit Exceeded"}"#.into(),
            Self::MissingParameters(names) => {
                format!(r#"{{"message": "Missing required request parameters: [{}]"}}"#, names.join(", "))
            }
            Self::InvalidBody(_) => r#"{"message": "Invalid request body"}"#.into(),
            Self::MissingAuthenticationToken => r#"{"message":"Missing Authentication Token"}"#.into(),
            Self::NoMethod { method, path } => {
                let route = path.trim_start_matches('/');
                let route = if route.is_empty() { "/" } else { route };
                json!({"message": format!("No method found matching route {route} for http method {method}.")}).to_string()
            }
            Self::Unauthorized => r#"{"message":"Unauthorized"}"#.into(),
            Self::ExpiredToken => r#"{"message":"The incoming token has expired"}"#.into(),
            Self::Forbidden => r#"{"message":"Forbidden"}"#.into(),
            Self::Denied { explicitly: true } => {
                r#"{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}"#.into()
            }
            Self::Denied { explicitly: false } => {
                r#"{"Message":"User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action"}"#.into()
            }
            Self::AuthorizerConfiguration => r#"{"message":null}"#.into(),
            Self::UriTooLong => r#"{"message":"Request URI too long"}"#.into(),
            Self::BodyTooLarge => format!("HTTP content length exceeded {} bytes.", super::BODY_LIMIT),
            Self::RequestTooLong => r#"{"message":"Request Too Long"}"#.into(),
            Self::HeadersTooLarge => format!("HTTP header is larger than {} bytes.", super::HEADER_LIMIT),
            Self::InternalServerError | Self::Undecodable | Self::BadGateway => {
                r#"{"message": "Internal server error"}"#.into()
            }
            Self::IntegrationTimeout => r#"{"message": "Endpoint request timed out"}"#.into(),
            Self::NetworkError => r#"{"message": "Network error communicating with endpoint"}"#.into(),
            Self::UnsupportedMediaType => r#"{"message": "Unsupported Media Type"}"#.into(),
            Self::NoSignature { message, .. } | Self::InvalidSignature { message, .. } => {
                json!({ "message": message }).to_string()
            }
            Self::NotAuthorized { message } => json!({ "Message": message }).to_string(),
        }
    }

    /// Under which name the API's own settings have a say in it; nothing where they have none.
    pub(super) fn response_type(&self) -> Option<ResponseType> {
        Some(match self {
            Self::BadRequest => ResponseType::Default4xx,
            Self::MissingAuthenticationToken => ResponseType::MissingAuthenticationToken,
            Self::Unauthorized | Self::ExpiredToken => ResponseType::Unauthorized,
            Self::Forbidden => ResponseType::InvalidApiKey,
            Self::Denied { .. } => ResponseType::AccessDenied,
            Self::AuthorizerConfiguration => ResponseType::AuthorizerConfigurationError,
            Self::RequestTooLong => ResponseType::RequestTooLarge,
            Self::InternalServerError | Self::BadGateway => ResponseType::Default5xx,
            Self::Undecodable => ResponseType::ApiConfigurationError,
            Self::IntegrationTimeout => ResponseType::IntegrationTimeout,
            Self::NetworkError => ResponseType::IntegrationFailure,
            Self::InvalidSignature { error_type: EXPIRED, .. } => ResponseType::ExpiredToken,
            Self::InvalidSignature { .. } => ResponseType::InvalidSignature,
            Self::NoMethod { .. } => ResponseType::ResourceNotFound,
            Self::NotAuthorized { .. } => ResponseType::AccessDenied,
            Self::UnsupportedMediaType => ResponseType::UnsupportedMediaType,
            Self::Throttled => ResponseType::Throttled,
            Self::QuotaExceeded => ResponseType::QuotaExceeded,
            Self::MissingParameters(_) => ResponseType::BadRequestParameters,
            Self::InvalidBody(_) => ResponseType::BadRequestBody,
            Self::NoSignature { .. } | Self::UriTooLong | Self::BodyTooLarge | Self::HeadersTooLarge => return None,
        })
    }

    /// `$context.error.validationErrorString`, with its quotation marks as JSON escapes them, as users show it. What AWS says there of a
    /// body that is no JSON, and of parameters, was not found: it is nothing here.
    pub(super) fn validation_error(&self) -> Option<String> {
        let Self::InvalidBody(reasons) = self else { return None };
        let text = serde_json::Value::from(format!("[{}]", reasons.join(", "))).to_string();
        (!reasons.is_empty()).then(|| text.trim_matches('"').to_owned())
    }

    fn content_type(&self) -> &'static str {
        if matches!(self, Self::BodyTooLarge | Self::HeadersTooLarge) { "text/plain" } else { "application/json" }
    }

    pub(super) fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(self.body()));
        *response.status_mut() = self.status();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type()));
        if let Some(error_type) = self.error_type() {
            response.headers_mut().insert(ERROR_TYPE, HeaderValue::from_static(error_type));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_is_over_and_base64_that_is_none_have_responses_of_their_own() {
        let invalid = |error_type| Refusal::InvalidSignature { error_type, message: String::new() };
        for (refusal, expected) in [
            (invalid("ExpiredTokenException"), ResponseType::ExpiredToken),
            (invalid("InvalidSignatureException"), ResponseType::InvalidSignature),
            (Refusal::ExpiredToken, ResponseType::Unauthorized),
            (Refusal::Undecodable, ResponseType::ApiConfigurationError),
            (Refusal::NoMethod { method: "GET".into(), path: "/".into() }, ResponseType::ResourceNotFound),
        ] {
            assert_eq!(refusal.response_type(), Some(expected), "{refusal:?}");
        }
    }

    #[test]
    fn what_no_method_takes_is_named_without_its_slash() {
        for (path, route) in [("/", "/"), ("/a/b", "a/b")] {
            let refusal = Refusal::NoMethod { method: "PUT".into(), path: path.into() };
            let expected = format!(r#"{{"message":"No method found matching route {route} for http method PUT."}}"#);
            assert_eq!(refusal.response().body().as_ref(), expected.as_bytes());
        }
    }
}
