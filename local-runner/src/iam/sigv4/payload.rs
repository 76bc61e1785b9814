use bytes::Bytes;
use http::Request;

use super::{
    chunked::{self, Framing},
    is_s3,
    key::{SigningKey, sha256},
};
use crate::iam::{authorization::Authorization, refusal::Refusal};

/// What of the body is signed.
#[derive(Debug, PartialEq)]
pub(super) enum Payload {
    /// Its hash.
    Whole(String),
    /// Nothing.
    Unsigned,
    /// Its pieces, each by itself.
    Chunked(Framing),
}

const HEADER: &str = "x-amz-content-sha256";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

impl Payload {
    /// S3 takes the client's word for how the body is signed, and holds it to it. Every other service hashes the body that it
    /// got, whatever the header says.
    pub(super) fn of(request: &Request<Bytes>, authorization: &Authorization) -> Result<Self, Refusal> {
        if !is_s3(&authorization.scope.service) {
            return Ok(Self::Whole(sha256(request.body())));
        }
        let said = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
        match said {
            None if authorization.is_presigned => Ok(Self::Unsigned),
            None => Err(MISSING),
            Some(UNSIGNED) => Ok(Self::Unsigned),
            Some(said) => match Framing::named(said) {
                Some(framing) => Ok(Self::Chunked(framing)),
                None => whole(said, request.body()),
            },
        }
    }

    /// What stands for it in the canonical request.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Whole(hash) => hash,
            Self::Unsigned => UNSIGNED,
            Self::Chunked(framing) => framing.name(),
        }
    }

    /// The body as the client meant it, once the request's own signature is known to be right.
    pub(super) fn open(
        &self,
        request: &Request<Bytes>,
        authorization: &Authorization,
        key: &SigningKey,
    ) -> Result<Bytes, Refusal> {
        match self {
            Self::Whole(_) | Self::Unsigned => Ok(request.body().clone()),
            Self::Chunked(framing) => chunked::open(*framing, request, authorization, key),
        }
    }
}

fn whole(said: &str, body: &[u8]) -> Result<Payload, Refusal> {
    let is_hash = said.len() == 64 && said.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hash {
        return Err(Refusal::Payload {
            code: "InvalidArgument",
            message: "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
        });
    }
    if !said.eq_ignore_ascii_case(&sha256(body)) {
        return Err(Refusal::Payload {
            code: "XAmzContentSHA256Mismatch",
            message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
        });
    }
    Ok(Payload::Whole(said.to_owned()))
}

const MISSING: Refusal = Refusal::Payload {
    code: "InvalidRequest",
    message: "Missing required header for this request: x-amz-content-sha256",
};
