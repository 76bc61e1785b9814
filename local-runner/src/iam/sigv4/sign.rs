use http::{HeaderMap, HeaderValue, Uri, header};

use super::{
    canonical::{Paths, Request},
    key::{SigningKey, sha256},
    string_to_sign,
};
use crate::iam::{Credentials, authorization::Scope};

/// Signs a request of this moment in its headers, as an SDK would: `moment` is `20150830T123600Z`.
pub(crate) fn sign(
    (method, uri, body): (&str, &Uri, &[u8]),
    headers: &mut HeaderMap,
    credentials: &Credentials,
    (moment, region, service): (&str, &str, &str),
) {
    let mut insert = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    insert("x-amz-date", moment);
    if !credentials.session_token.is_empty() {
        insert("x-amz-security-token", &credentials.session_token);
    }
    let scope = Scope {
        date: moment.split('T').next().unwrap_or_default().into(),
        region: region.into(),
        service: service.into(),
    };
    let mut signed: Vec<String> = headers.keys().map(|name| name.as_str().to_owned()).collect();
    signed.push("host".into()); // of the URL, where there is no header
    signed.sort();
    signed.dedup();
    let text = Request {
        method,
        path: Paths::of(service).canonical(uri.path()),
        query: uri.query().unwrap_or_default(),
        with_token: true,
        is_presigned: false,
        headers,
        uri,
        signed_headers: &signed,
        payload: &sha256(body),
    }
    .text();
    let key = SigningKey::new(&credentials.secret_access_key, &scope);
    let signature = key.sign(&string_to_sign(moment, &scope, &text));
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={signature}",
        credentials.access_key_id,
        scope.text(),
        signed.join(";")
    );
    if let Ok(value) = HeaderValue::from_str(&value) {
        headers.insert(header::AUTHORIZATION, value);
    }
}
