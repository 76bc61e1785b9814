use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::policy::Verdict;

/// Why a call does not reach the service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// Nothing is signed.
    #[error("Request is missing Authentication Token")]
    MissingAuthentication,
    /// Something is signed, but not as AWS does it.
    #[error("{0}")]
    Incomplete(String),
    /// A function's key with another session's token.
    #[error("The security token included in the request is invalid.")]
    InvalidToken,
    /// Another secret, or another request than the signed one.
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
    )]
    SignatureMismatch,
    /// Signed too long ago, or not yet, or for another service or region, or not as much as has to be.
    #[error("{0}")]
    InvalidSignature(String),
    /// The session is over.
    #[error("The security token included in the request is expired")]
    ExpiredToken,
    /// The body is not what its header says.
    #[error("{message}")]
    Payload { code: &'static str, message: &'static str },
    #[error(transparent)]
    AccessDenied(#[from] AccessDenied),
}

/// The caller is known, and may not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("User: {caller} is not authorized to perform: {action} on resource: {resource} {}", self.verdict.because(&self.action))]
pub(crate) struct AccessDenied {
    pub(super) caller: String,
    pub(super) action: String,
    pub(super) resource: String,
    /// What the policies say.
    pub(super) verdict: Verdict,
}

/// How a service writes an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// DynamoDB and its streams.
    Json10,
    /// Cognito and CodeDeploy.
    Json11,
    /// Lambda.
    RestJson,
    /// STS.
    Query,
}

impl Refusal {
    /// The exception's name, which the query protocol has shorter.
    pub(crate) fn code(&self, protocol: Protocol) -> &'static str {
        let query = protocol == Protocol::Query;
        match self {
            Self::MissingAuthentication if query => "MissingAuthenticationToken",
            Self::MissingAuthentication => "MissingAuthenticationTokenException",
            Self::Incomplete(_) if query => "IncompleteSignature",
            Self::Incomplete(_) => "IncompleteSignatureException",
            Self::InvalidToken if query => "InvalidClientTokenId",
            Self::InvalidToken => "UnrecognizedClientException",
            Self::SignatureMismatch | Self::InvalidSignature(_) if query => "SignatureDoesNotMatch",
            Self::SignatureMismatch | Self::InvalidSignature(_) => "InvalidSignatureException",
            Self::ExpiredToken if query => "ExpiredToken",
            Self::ExpiredToken => "ExpiredTokenException",
            Self::Payload { code, .. } => code,
            Self::AccessDenied(_) if query => "AccessDenied",
            Self::AccessDenied(_) => "AccessDeniedException",
        }
    }

    /// What the client gets.
    pub(crate) fn respond(&self, protocol: Protocol, request_id: &str) -> Response<Bytes> {
        let code = self.code(protocol);
        let (status, content_type, body) = match protocol {
            Protocol::Json10 => (StatusCode::BAD_REQUEST, "application/x-amz-json-1.0", self.json(code)),
            Protocol::Json11 => (StatusCode::BAD_REQUEST, "application/x-amz-json-1.1", self.json(code)),
            Protocol::RestJson => {
                (StatusCode::FORBIDDEN, "application/json", json!({ "message": self.of_rest() }).to_string())
            }
            Protocol::Query => (StatusCode::FORBIDDEN, "text/xml", self.xml(code, request_id)),
        };
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        if let Ok(id) = HeaderValue::from_str(request_id) {
            headers.insert("x-amzn-requestid", id);
        }
        if protocol == Protocol::RestJson {
            headers.insert("x-amzn-errortype", HeaderValue::from_static(code));
        }
        response
    }

    /// What is in front of Lambda and API Gateway has other words where nothing is signed.
    fn of_rest(&self) -> String {
        match self {
            Self::MissingAuthentication => "Missing Authentication Token".into(),
            other => other.to_string(),
        }
    }

    /// The front of the JSON services writes `message`, the authorization behind it `Message`.
    fn json(&self, code: &str) -> String {
        let name = format!("com.amazon.coral.service#{code}");
        match self {
            Self::AccessDenied(_) => json!({ "__type": name, "Message": self.to_string() }).to_string(),
            _ => json!({ "__type": name, "message": self.to_string() }).to_string(),
        }
    }

    fn xml(&self, code: &str, request_id: &str) -> String {
        let message = self.to_string().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    <Type>Sender</Type>\n    \
             <Code>{code}</Code>\n    <Message>{message}</Message>\n  </Error>\n  \
             <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::policy::Kind;

    fn denied(verdict: Verdict) -> Refusal {
        let text = |text: &str| text.to_owned();
        AccessDenied {
            caller: text("arn:aws:sts::000000000000:assumed-role/orders-list/orders-list"),
            action: text("dynamodb:PutItem"),
            resource: text("arn:aws:dynamodb:us-east-1:000000000000:table/orders-Order"),
            verdict,
        }
        .into()
    }

    #[test]
    fn a_denial_says_who_may_not_do_what_and_why() {
        expect!["User: arn:aws:sts::000000000000:assumed-role/orders-list/orders-list is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/orders-Order because no identity-based policy allows the dynamodb:PutItem action"].assert_eq(&denied(Verdict::NotAllowed(Kind::Identity)).to_string());
        expect!["User: arn:aws:sts::000000000000:assumed-role/orders-list/orders-list is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/orders-Order with an explicit deny in an identity-based policy"].assert_eq(&denied(Verdict::Denied(Kind::Identity)).to_string());
    }

    #[test]
    fn what_is_not_signed_at_all_is_told_in_the_words_of_each_front() {
        let said = |protocol| {
            let response = Refusal::MissingAuthentication.respond(protocol, "an-id");
            String::from_utf8_lossy(response.body()).into_owned()
        };
        assert_eq!(said(Protocol::RestJson), r#"{"message":"Missing Authentication Token"}"#);
        assert!(said(Protocol::Json10).contains("Request is missing Authentication Token"));
        assert!(said(Protocol::Query).contains("Request is missing Authentication Token"));
    }

    #[test]
    fn each_protocol_has_its_own_way_to_say_it() {
        let show = |protocol| {
            let response = Refusal::InvalidToken.respond(protocol, "an-id");
            format!("{} {}", response.status().as_u16(), String::from_utf8_lossy(response.body()))
        };
        expect![[r#"400 {"__type":"com.amazon.coral.service#UnrecognizedClientException","message":"The security token included in the request is invalid."}"#]].assert_eq(&show(Protocol::Json10));
        expect![[r#"403 {"message":"The security token included in the request is invalid."}"#]]
            .assert_eq(&show(Protocol::RestJson));
        expect![[r#"
            403 <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <Error>
                <Type>Sender</Type>
                <Code>InvalidClientTokenId</Code>
                <Message>The security token included in the request is invalid.</Message>
              </Error>
              <RequestId>an-id</RequestId>
            </ErrorResponse>
        "#]]
        .assert_eq(&show(Protocol::Query));
    }
}
