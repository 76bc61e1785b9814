//! AWS Security Token Service, as far as clients ask who they are, or bring a token of an identity pool.

mod web_identity;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use percent_encoding::percent_decode_str;

pub(crate) use self::web_identity::{WebIdentity, WithWebIdentity, answer_web_identity};

/// Who asks, as [`crate::iam`] found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CallerIdentity {
    pub(crate) account: String,
    pub(crate) arn: String,
    pub(crate) user_id: String,
}

/// Answers a call of the query protocol: its parameters are the body of a `POST` or the query of a `GET`.
pub(crate) fn handle(caller: &CallerIdentity, query: &str, body: &[u8], request_id: &str) -> Response<Bytes> {
    let body = String::from_utf8_lossy(body);
    let parameter = |name| parameter(&body, name).or_else(|| parameter(query, name));
    match (parameter("Action").as_deref(), parameter("Version").unwrap_or_default()) {
        (None, _) => {
            refuse("MissingAction", "One or more required parameters are missing from the request.", request_id)
        }
        (Some("GetCallerIdentity"), version) if version == VERSION => {
            respond(StatusCode::OK, get_caller_identity(caller, request_id))
        }
        (Some(action), version) => {
            let (action, version) = (escaped(action), escaped(&version));
            refuse("InvalidAction", &format!("Could not find operation {action} for version {version}"), request_id)
        }
    }
}

const VERSION: &str = "2011-06-15";

fn get_caller_identity(CallerIdentity { account, arn, user_id }: &CallerIdentity, request_id: &str) -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/{VERSION}/\">\n  \
           <GetCallerIdentityResult>\n    <Arn>{arn}</Arn>\n    <UserId>{user_id}</UserId>\n    \
             <Account>{account}</Account>\n  </GetCallerIdentityResult>\n  \
           <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n\
         </GetCallerIdentityResponse>\n"
    )
}

fn refuse(code: &str, message: &str, request_id: &str) -> Response<Bytes> {
    let body = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/{VERSION}/\">\n  <Error>\n    <Type>Sender</Type>\n    \
         <Code>{code}</Code>\n    <Message>{message}</Message>\n  </Error>\n  \
         <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
    );
    respond(StatusCode::BAD_REQUEST, body)
}

fn respond(status: StatusCode, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    response
}

fn parameter(form: &str, name: &str) -> Option<String> {
    let mut pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn answer(query: &str, body: &str) -> String {
        let caller = CallerIdentity {
            account: "000000000000".into(),
            arn: "arn:aws:sts::000000000000:assumed-role/orders-list/orders-list".into(),
            user_id: "AROAEXAMPLE:orders-list".into(),
        };
        let response = handle(&caller, query, body.as_bytes(), "an-id");
        format!("{} {}", response.status().as_u16(), String::from_utf8_lossy(response.body()))
    }

    #[test]
    fn a_caller_learns_who_it_is_by_post_and_by_get() {
        let posted = answer("", "Action=GetCallerIdentity&Version=2011-06-15");
        expect![[r#"
            200 <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <GetCallerIdentityResult>
                <Arn>arn:aws:sts::000000000000:assumed-role/orders-list/orders-list</Arn>
                <UserId>AROAEXAMPLE:orders-list</UserId>
                <Account>000000000000</Account>
              </GetCallerIdentityResult>
              <ResponseMetadata>
                <RequestId>an-id</RequestId>
              </ResponseMetadata>
            </GetCallerIdentityResponse>
        "#]]
        .assert_eq(&posted);
        assert_eq!(posted, answer("Action=GetCallerIdentity&Version=2011-06-15", ""));
    }

    #[test]
    fn other_actions_are_not_there() {
        expect![[r#"
            400 <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <Error>
                <Type>Sender</Type>
                <Code>InvalidAction</Code>
                <Message>Could not find operation AssumeRole for version 2011-06-15</Message>
              </Error>
              <RequestId>an-id</RequestId>
            </ErrorResponse>
        "#]]
        .assert_eq(&answer("", "Action=AssumeRole&Version=2011-06-15"));
        assert!(answer("", "Action=%3Cb%3E&Version=1").contains("operation &lt;b&gt; for version 1"));
        assert!(answer("", "").contains("<Code>MissingAction</Code>"));
    }
}
