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

/// Why a request is refused that no method takes: it is read as one that is signed, whatever its `Authorization` is meant to be.
pub(super) fn without_method((parts, body): (&Parts, &Bytes), path: &str, settings: &Settings) -> Refusal {
    let signed = Request::from_parts(parts.clone(), body.clone());
    match settings.signatures.judge(&signed, Access::new("execute-api:Invoke", &settings.execute_api_arn)) {
        Err(Unsigned::Missing) => Refusal::MissingAuthenticationToken,
        Err(Unsigned::Invalid(error_type, message)) => Refusal::NoSignature { error_type, message },
        Ok(_) | Err(Unsigned::Denied(_)) => {
            Refusal::NoMethod { method: parts.method.to_string(), path: path.to_owned() }
        }
    }
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
