use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

/// What a WebSocket API answers by itself: to a request that should begin a connection as its reply, to a message as another message.
///
/// That messages get `Forbidden` and `Internal server error` in this form, and a failed `$connect` 502, users have published; no
/// recording was found of the rest, which is from
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Unauthorized,
    Forbidden,
    /// By an authorizer's policy.
    Denied {
        explicitly: bool,
    },
    /// By the `$connect` handler, with its status.
    ByFunction(u16),
    UpgradeRequired,
    /// By the throttle of the route.
    TooManyRequests,
    InternalServerError,
    BadGateway,
    IntegrationTimeout,
}

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

impl Refusal {
    /// The same before there is a connection.
    pub(super) fn of_handshake(self) -> Self {
        if self == Self::InternalServerError { Self::BadGateway } else { self }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Denied { .. } => StatusCode::FORBIDDEN,
            Self::ByFunction(status) => StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY),
            Self::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::InternalServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::BadGateway => StatusCode::BAD_GATEWAY,
            Self::IntegrationTimeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    fn error_type(self) -> Option<&'static str> {
        match self {
            Self::Unauthorized => Some("UnauthorizedException"),
            Self::Forbidden => Some("ForbiddenException"),
            Self::Denied { .. } => Some("AccessDeniedException"),
            Self::TooManyRequests => Some("TooManyRequestsException"),
            Self::InternalServerError | Self::BadGateway | Self::IntegrationTimeout => {
                Some("InternalServerErrorException")
            }
            Self::ByFunction(_) | Self::UpgradeRequired => None,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Unauthorized => "Unauthorized",
            Self::Forbidden => "Forbidden",
            Self::Denied { explicitly: true } => {
                "User is not authorized to access this resource with an explicit deny in an identity-based policy"
            }
            Self::Denied { explicitly: false } => {
                "User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action"
            }
            Self::ByFunction(_) => "",
            Self::UpgradeRequired => "Upgrade Required",
            Self::TooManyRequests => "Too Many Requests",
            Self::InternalServerError | Self::BadGateway => "Internal server error",
            Self::IntegrationTimeout => "Endpoint request timed out",
        }
    }

    /// As a message: `{"message": "Forbidden", "connectionId":"…", "requestId":"…"}`.
    pub(super) fn message(self, connection_id: &str, request_id: &str) -> String {
        let words = self.words();
        format!(r#"{{"message": "{words}", "connectionId":"{connection_id}", "requestId":"{request_id}"}}"#)
    }

    /// As the reply to a request. A function's own refusal has no body.
    pub(super) fn response(self, connection_id: &str, request_id: &str) -> Response<Bytes> {
        let body = match self {
            Self::ByFunction(_) => String::new(),
            other => other.message(connection_id, request_id),
        };
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Ok(id) = HeaderValue::from_str(request_id) {
            headers.insert("x-amzn-requestid", id);
        }
        if let Some(error_type) = self.error_type() {
            headers.insert(ERROR_TYPE, HeaderValue::from_static(error_type));
        }
        response
    }
}
