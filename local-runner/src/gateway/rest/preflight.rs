//! Cross-origin rules of a REST API, as the template says them: a mock integration answers `OPTIONS`, and the API's own refusals
//! have a header. On what a function answers the function has put its own.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html>

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, CONTENT_TYPE, ORIGIN, VARY,
    },
};
use skyloom_manifest::Cors;

/// What `*` stands for: with credentials a browser would take it for the name of a method.
const METHODS: &str = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT";

/// Answers what a browser asks before a request: whoever asks is told the same, but for the origin, of several the one that
/// asks, or else the first.
pub(super) fn answer(cors: &Cors, request: &HeaderMap) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    insert(headers, ACCESS_CONTROL_ALLOW_ORIGIN, asking(cors, request).unwrap_or(fixed(cors)));
    let any_method = cors.methods.iter().any(|method| method == "*");
    let methods = if any_method { METHODS.to_owned() } else { cors.methods.join(",") };
    insert(headers, ACCESS_CONTROL_ALLOW_METHODS, &methods);
    insert(headers, ACCESS_CONTROL_ALLOW_HEADERS, &cors.headers.join(","));
    insert(headers, ACCESS_CONTROL_ALLOW_CREDENTIALS, if cors.credentials { "true" } else { "" });
    insert(headers, ACCESS_CONTROL_MAX_AGE, &cors.max_age.map(|age| age.to_string()).unwrap_or_default());
    insert(headers, VARY, if is_one_of_several(cors) { "Origin" } else { "" });
    response
}

/// Lets a page read a refusal of the API: whichever asks, where there are several and no credentials; otherwise the first.
pub(super) fn mark(cors: &Cors, request: &HeaderMap, refusal: &mut HeaderMap) {
    let any = is_one_of_several(cors) && !cors.credentials;
    let origin = if any { origin(request).unwrap_or_default() } else { fixed(cors) };
    insert(refusal, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    insert(refusal, ACCESS_CONTROL_ALLOW_CREDENTIALS, if cors.credentials { "true" } else { "" });
}

/// The first origin that is one and not a scheme of many.
fn fixed(cors: &Cors) -> &str {
    let one = cors.origins.iter().find(|origin| !origin.ends_with("://*"));
    one.or(cors.origins.first()).map(String::as_str).unwrap_or_default()
}

/// The origin that asks, if there are several and it is one of them.
fn asking<'a>(cors: &Cors, request: &'a HeaderMap) -> Option<&'a str> {
    let origin = origin(request).filter(|_| is_one_of_several(cors))?;
    let allows = |allowed: &String| match allowed.strip_suffix('*') {
        Some(start) => origin.starts_with(start),
        None => allowed == origin,
    };
    cors.origins.iter().any(allows).then_some(origin)
}

fn origin(request: &HeaderMap) -> Option<&str> {
    request.get(ORIGIN).and_then(|origin| origin.to_str().ok())
}

fn is_one_of_several(cors: &Cors) -> bool {
    cors.origins.len() > 1 || cors.origins.iter().any(|origin| origin.ends_with("://*"))
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value)
        && !value.is_empty()
    {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::gateway::tests::show;

    fn cors(origins: &[&str]) -> Cors {
        Cors {
            origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
            methods: vec!["*".into()],
            headers: vec!["authorization".into(), "content-type".into()],
            expose: vec!["etag".into()],
            credentials: true,
            max_age: Some(300),
        }
    }

    fn asked_by(origin: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static(origin))])
    }

    fn check(cors: &Cors, origin: &'static str, expected: Expect) {
        expected.assert_eq(&show(&answer(cors, &asked_by(origin))));
    }

    #[test]
    fn whoever_asks_is_told_the_one_origin() {
        check(
            &cors(&["https://shop.example"]),
            "https://evil.example",
            expect![[r#"
            204
            content-type: application/json
            access-control-allow-origin: https://shop.example
            access-control-allow-methods: DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT
            access-control-allow-headers: authorization,content-type
            access-control-allow-credentials: true
            access-control-max-age: 300
        "#]],
        );
    }

    #[test]
    fn of_several_origins_the_one_that_asks_is_told() {
        let cors = Cors { credentials: false, max_age: None, ..cors(&["https://shop.example", "http://*"]) };
        check(
            &cors,
            "http://localhost:5173",
            expect![[r#"
            204
            content-type: application/json
            access-control-allow-origin: http://localhost:5173
            access-control-allow-methods: DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT
            access-control-allow-headers: authorization,content-type
            vary: Origin
        "#]],
        );
        let origin = |origin| answer(&cors, &asked_by(origin)).headers()[ACCESS_CONTROL_ALLOW_ORIGIN].clone();
        assert_eq!(origin("https://evil.example"), "https://shop.example");
    }

    #[test]
    fn a_refusal_can_be_read_by_whoever_asks_unless_there_are_credentials() {
        let marked = |cors: &Cors, origin| {
            let mut headers = HeaderMap::new();
            mark(cors, &asked_by(origin), &mut headers);
            headers[ACCESS_CONTROL_ALLOW_ORIGIN].to_str().unwrap().to_owned()
        };
        assert_eq!(marked(&cors(&["https://a.example"]), "https://evil.example"), "https://a.example");
        let two = cors(&["https://a.example", "https://b.example"]);
        assert_eq!(marked(&two, "https://b.example"), "https://a.example");
        assert_eq!(marked(&Cors { credentials: false, ..two }, "https://b.example"), "https://b.example");
    }
}
