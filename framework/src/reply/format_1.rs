use std::{borrow::Cow, collections::BTreeMap};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::Response;

/// Payload format 1.0, in which a REST API is answered: each value of a header by itself, and cookies among them. A member that
/// the format does not have would spoil the answer.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
#[derive(Debug)]
pub(super) struct Format1<'a>(pub(super) &'a Response);

impl Serialize for Format1<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(response) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("statusCode", &response.status.as_u16())?;
        if !response.headers.is_empty() {
            map.serialize_entry("multiValueHeaders", &values(response))?;
        }
        map.serialize_entry("body", &response.body_text())?;
        map.serialize_entry("isBase64Encoded", &response.is_binary())?;
        map.end()
    }
}

fn values(response: &Response) -> BTreeMap<&str, Vec<Cow<'_, str>>> {
    let text = |value: &'_ http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned().into();
    let headers = response.headers.keys();
    headers.map(|name| (name.as_str(), response.headers.get_all(name).iter().map(text).collect())).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::{Bytes, Created, Json, NoContent, Reply};

    fn check(reply: impl Reply, expected: Expect) {
        expected.assert_eq(&serde_json::to_string(&Format1(&reply.into_response().unwrap())).unwrap());
    }

    #[test]
    fn every_value_of_a_header_stands_apart_and_cookies_are_headers() {
        let reply = http::Response::builder()
            .header("set-cookie", "a=1")
            .header("set-cookie", "b=2")
            .header("vary", "origin")
            .header("vary", "accept")
            .body("x")
            .unwrap();
        check(
            reply,
            expect![[
                r#"{"statusCode":200,"multiValueHeaders":{"set-cookie":["a=1","b=2"],"vary":["origin","accept"]},"body":"x","isBase64Encoded":false}"#
            ]],
        );
    }

    #[test]
    fn bodies_are_as_in_the_other_format() {
        check(
            Created(Json("\u{e9}")),
            expect![[
                r#"{"statusCode":201,"multiValueHeaders":{"content-type":["application/json"]},"body":"\"é\"","isBase64Encoded":false}"#
            ]],
        );
        check(
            Bytes::from_static(&[0xff, 0x00]),
            expect![[
                r#"{"statusCode":200,"multiValueHeaders":{"content-type":["application/octet-stream"]},"body":"/wA=","isBase64Encoded":true}"#
            ]],
        );
        check(NoContent, expect![[r#"{"statusCode":204,"body":"","isBase64Encoded":false}"#]]);
    }
}
