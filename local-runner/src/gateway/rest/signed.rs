//! Callers who sign with IAM's credentials.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html>

use bytes::Bytes;
use http::{Request, request::Parts};

use super::{event::RequestPart, refusal::Refusal, resource_policy::ResourcePolicy};
use crate::{
    access::Access,
    gateway::{Settings, signed::context},
    signed::{Signer, Unsigned},
};

/// What a request needs to be allowed.
pub(super) fn access(request: &RequestPart, settings: &Settings) -> Access {
    let context = context(settings, request.source_ip(), request.header("user-agent")).with_time(request.at.time);
    Access { context, ..Access::new("execute-api:Invoke", request.method_arn(settings)) }
}

/// Who signed the request, if they may invoke the method, by their own policies and the API's.
pub(super) fn authorize(
    (parts, body): (&Parts, &Bytes),
    access: &Access,
    policy: &ResourcePolicy,
    settings: &Settings,
) -> Result<Signer, Refusal> {
    let policy = policy.of_signers()?;
    let signed = Request::from_parts(parts.clone(), body.clone());
    settings.signatures.judge_on(&signed, access, policy).map_err(|unsigned| match unsigned {
        Unsigned::Missing => Refusal::MissingAuthenticationToken,
        Unsigned::Invalid(error_type, message) => Refusal::InvalidSignature { error_type, message },
        Unsigned::Denied(message) => Refusal::NotAuthorized { message },
    })
}
