//! What has to be true of a route and of the API that it names, told at compile time.

pub use skyloom_manifest::bridge::ApiType;

use crate::auth::{Principal, PrincipalKind};

/// Does not compile for a path that a REST API refuses, with what is wrong with it.
#[track_caller]
pub const fn assert_path<A: ApiType>(of_rest: &str) {
    assert!(!A::IS_REST, "{}", of_rest);
}

/// Does not compile for a function that takes longer than a REST API waits.
#[track_caller]
pub const fn assert_timeout<A: ApiType>() {
    assert!(!A::IS_REST, "a REST API waits for 29 s: write `timeout = \"29s\"` or less");
}

/// Does not compile for what only a REST API has, with what to write instead.
#[track_caller]
pub const fn assert_rest<A: ApiType>(of_http: &str) {
    assert!(A::IS_REST, "{}", of_http);
}

/// Does not compile for what only an HTTP API has, with what to write instead.
#[track_caller]
pub const fn assert_http<A: ApiType>(of_rest: &str) {
    assert!(!A::IS_REST, "{}", of_rest);
}

/// Does not compile for replies that are kept where the API keeps none.
#[track_caller]
pub const fn assert_cache<A: ApiType>() {
    assert!(A::IS_REST, "`cache` is of REST APIs, and this is an HTTP API: write `#[api(rest)]`, or leave it out");
}

/// Does not compile for a principal that the API cannot recognise.
#[track_caller]
pub const fn assert_auth<A: ApiType, P: Principal>() {
    assert!(
        A::IS_REST || !matches!(P::KIND, PrincipalKind::ApiKey),
        "API keys are of REST APIs, and this is an HTTP API: write `#[api(rest)]`, or another `auth`"
    );
}
