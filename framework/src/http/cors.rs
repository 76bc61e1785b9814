use http::{
    HeaderMap, HeaderValue,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, VARY,
    },
};

use crate::{
    Response,
    registry::{APIS, ApiEntry, CorsEntry, Handler, TriggerEntry},
};

/// Says on an answer through a REST API which pages may read it. An HTTP API says so itself; a REST API hands on what the function
/// says.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html>
pub(crate) fn apply(handler: &Handler, origin: Option<&str>, response: &mut Response) {
    let TriggerEntry::Http { api, .. } = handler.trigger else { return };
    if let Some(cors) = entry(api).and_then(|entry| entry.cors.as_ref()) {
        allow(cors, origin, response.headers_mut());
    }
}

/// The API that a handler names, or the default one.
fn entry(named: Option<&str>) -> Option<&'static ApiEntry> {
    match named {
        Some(name) => APIS.iter().find(|entry| entry.name == name),
        None => APIS.iter().find(|entry| entry.default).or_else(|| APIS.first()),
    }
}

/// Puts the API's headers in place of those that the handler may have set, as an HTTP API does.
fn allow(cors: &CorsEntry, origin: Option<&str>, headers: &mut HeaderMap) {
    for name in [
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_MAX_AGE,
    ] {
        headers.remove(name);
    }
    if !cors.origins.contains(&"*") {
        headers.append(VARY, HeaderValue::from_static("origin"));
    }
    let Some(allowed) = origin.and_then(|origin| allowed_origin(cors, origin)) else { return };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    if let Ok(expose) = HeaderValue::from_str(&cors.expose.join(","))
        && !expose.is_empty()
    {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, expose);
    }
    if cors.credentials {
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
}

/// `*`, or the origin that asks where it may call.
fn allowed_origin(cors: &CorsEntry, origin: &str) -> Option<HeaderValue> {
    if cors.origins.contains(&"*") {
        return Some(HeaderValue::from_static("*"));
    }
    let allows = |allowed: &&str| match allowed.strip_suffix('*') {
        Some(scheme) if scheme.ends_with("://") => origin.starts_with(scheme),
        _ => *allowed == origin,
    };
    cors.origins.iter().any(allows).then(|| HeaderValue::from_str(origin).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: CorsEntry = CorsEntry {
        origins: &["https://shop.example", "http://*"],
        methods: &["GET"],
        headers: &[],
        expose: &["x-total", "etag"],
        credentials: true,
        max_age: None,
    };

    fn check(cors: &CorsEntry, origin: Option<&str>, expected: &[&str]) {
        let mut headers =
            HeaderMap::from_iter([(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("https://own.example"))]);
        allow(cors, origin, &mut headers);
        let mut found: Vec<_> =
            headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_allowed_origin_is_named_in_place_of_what_the_handler_said() {
        let expected = |origin| {
            let lines = [
                "access-control-allow-credentials: true",
                origin,
                "access-control-expose-headers: x-total,etag",
                "vary: origin",
            ];
            check(&SHOP, origin.split_once(": ").map(|(_, origin)| origin), &lines);
        };
        expected("access-control-allow-origin: https://shop.example");
        expected("access-control-allow-origin: http://localhost:5173");
    }

    #[test]
    fn another_origin_is_told_nothing() {
        for origin in [None, Some("https://evil.example"), Some("https://shop.example.evil.example"), Some("null")] {
            check(&SHOP, origin, &["vary: origin"]);
        }
    }

    #[test]
    fn a_star_is_answered_with_a_star() {
        let anyone = CorsEntry { origins: &["*"], expose: &[], credentials: false, ..SHOP };
        check(&anyone, Some("https://any.example"), &["access-control-allow-origin: *"]);
    }
}
