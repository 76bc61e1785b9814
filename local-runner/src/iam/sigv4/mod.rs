//! Signature Version 4, from the service's side.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

mod canonical;
mod chunked;
mod key;
mod payload;
mod sign;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::Request;

pub(crate) use self::sign::sign;
use self::{
    canonical::Paths,
    key::{SigningKey, sha256},
    payload::Payload,
};
use super::{
    authorization::{Authorization, Scope},
    refusal::Refusal,
};

/// Whether the owner of the secret signed this very request; what its body is, once it is unpacked.
pub(super) fn verify(request: &Request<Bytes>, authorization: &Authorization, secret: &str) -> Result<Bytes, Refusal> {
    let key = SigningKey::new(secret, &authorization.scope);
    let payload = Payload::of(request, authorization)?;
    let verified = key.verify(&text(request, authorization, &payload, true), &authorization.signature);
    // Some clients add the token to a presigned URL that they signed without it.
    let may_lack_token = authorization.is_presigned && authorization.session_token.is_some();
    match verified {
        Err(_) if may_lack_token => {
            key.verify(&text(request, authorization, &payload, false), &authorization.signature)?;
        }
        other => other?,
    }
    payload.open(request, authorization, &key)
}

/// What the signature of a request would have to be of, as API Gateway tells it whose is wrong.
pub(super) fn expected(request: &Request<Bytes>, authorization: &Authorization) -> Option<String> {
    let canonical = canonical_text(request, authorization, &Payload::of(request, authorization).ok()?, true);
    let text = string_to_sign(&authorization.date, &authorization.scope, &canonical);
    Some(format!(
        "\n\nThe Canonical String for this request should have been\n'{canonical}'\n\nThe String-to-Sign should have been\n'{text}'\n"
    ))
}

fn text(request: &Request<Bytes>, authorization: &Authorization, payload: &Payload, with_token: bool) -> String {
    let canonical = canonical_text(request, authorization, payload, with_token);
    string_to_sign(&authorization.date, &authorization.scope, &canonical)
}

fn canonical_text(
    request: &Request<Bytes>,
    authorization: &Authorization,
    payload: &Payload,
    with_token: bool,
) -> String {
    canonical::Request {
        method: request.method().as_str(),
        path: Paths::of(&authorization.scope.service).canonical(request.uri().path()),
        query: request.uri().query().unwrap_or_default(),
        with_token,
        is_presigned: authorization.is_presigned,
        headers: request.headers(),
        uri: request.uri(),
        signed_headers: &authorization.signed_headers,
        payload: payload.text(),
    }
    .text()
}

fn string_to_sign(date: &str, scope: &Scope, canonical: &str) -> String {
    format!("AWS4-HMAC-SHA256\n{date}\n{}\n{}", scope.text(), sha256(canonical.as_bytes()))
}

/// Whether a service signs as S3 does, which is in several ways its own.
fn is_s3(service: &str) -> bool {
    matches!(service, "s3" | "s3express" | "s3-outposts" | "s3-object-lambda")
}
