//! AWS's published test suite. Where it is from is in `suite/README.md`.

use http::{HeaderMap, Uri};
use serde::Deserialize;

use super::{
    canonical::{Paths, Request},
    key::SigningKey,
    string_to_sign,
};
use crate::iam::authorization::Authorization;

const SUITE: &str = include_str!("suite/v4.json");
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// These two show a canonical request; their dates and keys are not those of their signatures.
const WITHOUT_SIGNATURE: [&str; 2] = ["double-encode-path", "double-url-encode"];

#[derive(Deserialize)]
struct Case {
    name: String,
    normalize: bool,
    #[serde(default)]
    omit_session_token: bool,
    header: Signed,
    query: Option<Signed>,
}

#[derive(Deserialize)]
struct Signed {
    request: String,
    canonical: String,
}

/// A request as it stands there, which is not always one that HTTP has.
struct Sent {
    method: String,
    path: String,
    query: String,
    headers: HeaderMap,
    body: String,
}

impl Sent {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let unfolded = head.replace("\n ", " ");
        let mut lines = unfolded.lines();
        let line = lines.next().unwrap().trim_end_matches(" HTTP/1.1");
        let (method, target) = line.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = HeaderMap::new();
        for (name, value) in lines.map(|line| line.split_once(':').unwrap()) {
            let name: http::HeaderName = name.parse().unwrap();
            headers.append(name, value.trim().parse().unwrap());
        }
        Self { method: method.into(), path: path.into(), query: query.into(), headers, body: body.into() }
    }

    /// The canonical request, and whether its signature is the one that was sent.
    fn judge(&self, case: &Case, with_token: bool) -> (String, bool) {
        let uri: Uri = if self.query.is_empty() {
            "/".parse()
        } else {
            format!("/?{}", self.query.replace('ሴ', "%E1%88%B4")).parse()
        }
        .unwrap();
        let authorization = Authorization::of(&self.headers, &uri).unwrap();
        // A signer encodes a path once where it is asked not to normalize it, and so has the suite's raw paths.
        let raw = self.path.replace(' ', "%20").replace('ሴ', "%E1%88%B4");
        let path = match case.normalize {
            true => Paths::Normalized.canonical(&self.path),
            false => Paths::Verbatim.canonical(&raw),
        };
        let canonical = Request {
            method: &self.method,
            path,
            query: &self.query,
            with_token,
            is_presigned: authorization.is_presigned,
            headers: &self.headers,
            uri: &uri,
            signed_headers: &authorization.signed_headers,
            payload: &super::sha256(self.body.as_bytes()),
        }
        .text();
        let text = string_to_sign(&authorization.date, &authorization.scope, &canonical);
        let is_right = SigningKey::new(SECRET, &authorization.scope).verify(&text, &authorization.signature).is_ok();
        (canonical, is_right)
    }
}

#[test]
fn every_request_of_the_suite_that_is_signed_in_its_headers_is_verified() {
    let cases: Vec<Case> = serde_json::from_str(SUITE).unwrap();
    assert_eq!(cases.len(), 40);
    for case in &cases {
        let (canonical, is_right) = Sent::read(&case.header.request).judge(case, true);
        if WITHOUT_SIGNATURE.contains(&case.name.as_str()) {
            assert_eq!(canonical.lines().nth(1), case.header.canonical.lines().nth(1), "{}", case.name);
        } else {
            assert_eq!(canonical, case.header.canonical, "{}", case.name);
            assert!(is_right, "{}", case.name);
        }
    }
}

#[test]
fn every_presigned_url_of_the_suite_is_verified() {
    let cases: Vec<Case> = serde_json::from_str(SUITE).unwrap();
    let signed = cases.iter().filter_map(|case| Some((case, case.query.as_ref()?)));
    let mut seen = 0;
    for (case, signed) in signed {
        let (canonical, is_right) = Sent::read(&signed.request).judge(case, !case.omit_session_token);
        assert_eq!(canonical, signed.canonical, "{}", case.name);
        assert!(is_right, "{}", case.name);
        seen += 1;
    }
    assert_eq!(seen, 38);
}

#[test]
fn a_suite_request_with_one_other_letter_is_refused() {
    let cases: Vec<Case> = serde_json::from_str(SUITE).unwrap();
    for case in cases.iter().filter(|case| !WITHOUT_SIGNATURE.contains(&case.name.as_str())) {
        let mut sent = Sent::read(&case.header.request);
        sent.path.push('x');
        assert!(!sent.judge(case, true).1, "{}", case.name);
    }
}
