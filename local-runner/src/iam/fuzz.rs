//! Signatures that are nearly right.

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Uri};
use proptest::prelude::*;

use super::{authorization::Authorization, sigv4};
use crate::fuzz::{changed, changed_text, config};

const HEADER: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
const URL: &str = "/a/../b%20c?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Signature=5d672d79";

/// As far as a request gets until its signature turns out to be wrong.
fn check(request: &Request<Bytes>) -> bool {
    let now = UNIX_EPOCH + Duration::from_secs(1_440_938_160);
    let Ok(authorization) = Authorization::of(request.headers(), request.uri()) else { return false };
    let _ = authorization.check_time(now);
    sigv4::verify(request, &authorization, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").is_ok()
}

fn signed(authorization: &[u8], date: &[u8], uri: Uri) -> Option<Request<Bytes>> {
    let mut request = Request::new(Bytes::from_static(b"body"));
    *request.uri_mut() = uri;
    let pairs = [("host", &b"example.amazonaws.com"[..]), ("x-amz-date", date), ("authorization", authorization)];
    for (name, value) in pairs {
        request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_bytes(value).ok()?);
    }
    Some(request)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_header_is_a_signature_by_chance(
        authorization in changed(vec![HEADER.into()]),
        date in changed(vec!["20150830T123600Z".into(), "99991231T235959Z".into()]),
    ) {
        let request = signed(&authorization, &date, Uri::from_static("/a"));
        prop_assert!(!request.is_some_and(|request| check(&request)));
    }

    #[test]
    fn no_url_is_a_signature_by_chance(url in changed_text(vec![URL.into()]), life in any::<u64>()) {
        for url in [url.clone(), url.replace("3600", &life.to_string())] {
            if let Ok(uri) = url.parse() {
                let request = Request::get::<Uri>(uri).body(Bytes::new()).unwrap();
                prop_assert!(!check(&request));
            }
        }
    }
}

#[test]
fn a_url_that_would_work_longer_than_there_is_time_is_no_panic() {
    let url = URL.replace("3600", &u64::MAX.to_string());
    assert!(!check(&Request::get(url).body(Bytes::new()).unwrap()));
}
