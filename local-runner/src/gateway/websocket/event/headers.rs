//! The headers of events.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Request, header};

use super::{Lists, Moment};
use crate::gateway::{Settings, websocket::connections::Info};

/// The headers of the request, and what API Gateway adds. Only an authorizer sees those of the upgrade.
pub(super) fn handed_on(
    request: &Request<Bytes>,
    site: &Settings,
    info: &Info,
    at: &Moment,
    of_upgrade: bool,
) -> Lists {
    let sent = request.headers();
    let upgrade = [header::CONNECTION, header::UPGRADE, header::CONTENT_LENGTH];
    let names = sent.keys().filter(|name| !upgrade.contains(name));
    let mut headers: Lists = names.map(|name| (written(name), values(sent, name))).collect();
    let host = sent.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or(&site.domain_name).to_owned();
    let source_ip = info.source_ip.to_string();
    let forwarded_for = match headers.remove("X-Forwarded-For") {
        Some(earlier) => format!("{}, {source_ip}", earlier.join(", ")),
        None => source_ip,
    };
    let added = [
        ("Host", host),
        ("X-Amzn-Trace-Id", at.trace_id.clone()),
        ("X-Forwarded-For", forwarded_for),
        ("X-Forwarded-Port", site.port.to_string()),
        ("X-Forwarded-Proto", site.scheme.to_owned()),
    ];
    let upgrade = [("Connection", "upgrade"), ("Upgrade", "websocket"), ("content-length", "0")];
    let upgrade = upgrade.into_iter().filter(|_| of_upgrade).map(|(name, value)| (name, value.to_owned()));
    headers.extend(added.into_iter().chain(upgrade).map(|(name, value)| (name.to_owned(), vec![value])));
    headers
}

/// At AWS names are as the client wrote them, which is not known here: the usual ones are in the usual way, all others in lower
/// case.
fn written(name: &HeaderName) -> String {
    const USUAL: [&str; 17] = [
        "Accept-Encoding",
        "Accept-Language",
        "Authorization",
        "Cache-Control",
        "Cookie",
        "Host",
        "Origin",
        "Pragma",
        "Sec-WebSocket-Extensions",
        "Sec-WebSocket-Key",
        "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Version",
        "User-Agent",
        "X-Amzn-Trace-Id",
        "X-Forwarded-For",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
    ];
    USUAL.into_iter().find(|usual| usual.eq_ignore_ascii_case(name.as_str())).unwrap_or(name.as_str()).to_owned()
}

fn values(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

/// What the event of a connection that has ended has as headers, whatever the client sent.
pub(super) fn of_the_end(site: &Settings) -> Lists {
    let headers = [("Host", site.domain_name.as_str()), ("x-api-key", ""), ("X-Forwarded-For", ""), ("x-restapi", "")];
    headers.map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).into()
}
