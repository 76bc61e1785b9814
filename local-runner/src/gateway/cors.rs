use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
    },
};
use skyloom_manifest::Cors;

/// Answers an `OPTIONS` that no route takes. A route that does, be it `ANY` or `$default`, goes first, with its
/// authorizer: that is why a preflight request of a protected `ANY` route is refused on AWS, and here.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>
pub(super) fn preflight(cors: &Cors, request: &HeaderMap) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    apply(cors, request, headers);
    if request.contains_key(ACCESS_CONTROL_REQUEST_METHOD) && headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        insert(headers, ACCESS_CONTROL_ALLOW_METHODS, &cors.methods.join(","));
        insert(headers, ACCESS_CONTROL_ALLOW_HEADERS, &cors.headers.join(","));
        insert(headers, ACCESS_CONTROL_MAX_AGE, &cors.max_age.map(|age| age.to_string()).unwrap_or_default());
    }
    response
}

/// Puts the API's headers on a reply, in place of those that the function may have set.
pub(super) fn apply(cors: &Cors, request: &HeaderMap, reply: &mut HeaderMap) {
    for name in [
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_MAX_AGE,
    ] {
        reply.remove(name);
    }
    let Some(origin) = allowed_origin(cors, request) else { return };
    reply.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    insert(reply, ACCESS_CONTROL_EXPOSE_HEADERS, &cors.expose.join(","));
    if cors.credentials {
        reply.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value)
        && !value.is_empty()
    {
        headers.insert(name, value);
    }
}

/// `*`, or the request's origin where it is one of those that may call.
fn allowed_origin(cors: &Cors, request: &HeaderMap) -> Option<HeaderValue> {
    let origin = request.get(ORIGIN)?;
    if cors.origins.iter().any(|allowed| allowed == "*") {
        return Some(HeaderValue::from_static("*"));
    }
    let text = origin.to_str().ok()?;
    let allows = |allowed: &String| match allowed.strip_suffix('*') {
        Some(scheme) if scheme.ends_with("://") => text.starts_with(scheme),
        _ => allowed == text,
    };
    cors.origins.iter().any(allows).then(|| origin.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cors: &Cors, request: &[(HeaderName, &'static str)], expected: &[&str]) {
        let request: HeaderMap =
            request.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        let response = preflight(cors, &request);
        assert_eq!(response.status(), 204);
        let mut found: Vec<_> =
            response.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        found.sort();
        assert_eq!(found, expected);
    }

    fn shop() -> Cors {
        Cors {
            origins: vec!["https://shop.example".into(), "http://*".into()],
            methods: vec!["GET".into(), "POST".into()],
            headers: vec!["authorization".into()],
            expose: vec!["x-total".into()],
            credentials: true,
            max_age: Some(300),
        }
    }

    #[test]
    fn a_preflight_request_of_an_allowed_origin_is_told_what_is_allowed() {
        let request = [(ORIGIN, "https://shop.example"), (ACCESS_CONTROL_REQUEST_METHOD, "POST")];
        check(
            &shop(),
            &request,
            &[
                "access-control-allow-credentials: true",
                "access-control-allow-headers: authorization",
                "access-control-allow-methods: GET,POST",
                "access-control-allow-origin: https://shop.example",
                "access-control-expose-headers: x-total",
                "access-control-max-age: 300",
            ],
        );
    }

    #[test]
    fn another_origin_is_told_nothing() {
        for origin in ["https://evil.example", "https://shop.example.evil.example", "null"] {
            check(&shop(), &[(ORIGIN, origin), (ACCESS_CONTROL_REQUEST_METHOD, "POST")], &[]);
        }
        check(&shop(), &[(ACCESS_CONTROL_REQUEST_METHOD, "POST")], &[]);
    }

    #[test]
    fn a_scheme_with_a_star_allows_each_origin_of_that_scheme() {
        let cors = Cors { expose: vec![], credentials: false, ..shop() };
        check(&cors, &[(ORIGIN, "http://localhost:5173")], &["access-control-allow-origin: http://localhost:5173"]);
    }

    #[test]
    fn a_star_is_answered_with_a_star() {
        let cors = Cors { origins: vec!["*".into()], ..Cors::default() };
        check(&cors, &[(ORIGIN, "https://any.example")], &["access-control-allow-origin: *"]);
    }

    #[test]
    fn what_the_function_said_is_replaced() {
        let mut reply = HeaderMap::new();
        reply.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        reply.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("*"));
        apply(&shop(), &HeaderMap::new(), &mut reply);
        assert!(reply.is_empty());
    }
}
