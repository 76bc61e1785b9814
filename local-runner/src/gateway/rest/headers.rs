//! The headers of a request as a REST API hands them to a function.

use http::{HeaderMap, HeaderName, header};

use crate::gateway::{Settings, event::Moment};

/// Names and their values.
pub(super) type Headers = Vec<(String, Vec<String>)>;

/// The request's headers, and what API Gateway adds.
///
/// At AWS the names are as the client wrote them; here all are in lower case, as with HTTP/2, but for those that API Gateway
/// writes anew. It was recorded by LocalStack's tests that it does so with `authorization` and `user-agent`.
pub(super) fn handed_on(sent: &HeaderMap, at: &Moment, site: &Settings) -> Headers {
    let names = sent.keys().filter(|name| !ends_at_the_gateway(name) && !is_written_anew(name));
    let mut headers: Headers = names.map(|name| (capitalized(name).to_owned(), values(sent, name))).collect();
    let source_ip = at.source_ip.to_string();
    let forwarded_for = match values(sent, &X_FORWARDED_FOR).as_slice() {
        [] => source_ip,
        earlier => format!("{}, {source_ip}", earlier.join(", ")),
    };
    let host = values(sent, &header::HOST).into_iter().next().unwrap_or_else(|| site.domain_name.clone());
    let added = [
        ("Host", host),
        ("X-Amzn-Trace-Id", at.trace_id.clone()),
        ("X-Forwarded-For", forwarded_for),
        ("X-Forwarded-Port", site.port.to_string()),
        ("X-Forwarded-Proto", site.scheme.to_owned()),
    ];
    headers.extend(added.map(|(name, value)| (name.to_owned(), vec![value])));
    headers.sort();
    headers
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

fn values(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

fn capitalized(name: &HeaderName) -> &str {
    match name {
        name if name == header::AUTHORIZATION => "Authorization",
        name if name == header::USER_AGENT => "User-Agent",
        other => other.as_str(),
    }
}

/// Headers that no function sees, of whatever integration.
fn ends_at_the_gateway(name: &HeaderName) -> bool {
    [
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::EXPECT,
        header::MAX_FORWARDS,
        header::PROXY_AUTHENTICATE,
        header::SERVER,
        header::TE,
        header::TRANSFER_ENCODING,
        header::TRAILER,
        header::UPGRADE,
        header::WWW_AUTHENTICATE,
    ]
    .contains(name)
        || name == "content-md5"
        || name == "keep-alive"
}

fn is_written_anew(name: &HeaderName) -> bool {
    *name == header::HOST
        || ["x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"].contains(&name.as_str())
}
