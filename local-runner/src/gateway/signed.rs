//! Callers who sign with IAM's credentials.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html>

use std::net::IpAddr;

use bytes::Bytes;
use http::{Request, request::Parts};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::{Settings, event::RequestPart, refusal::Refusal};
use crate::{
    access::{Access, Context},
    signed::{CognitoIdentity, Signer},
};

const INVOKE: &str = "execute-api:Invoke";
/// Both are asked for of a URL. <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>
const INVOKE_URL: [&str; 2] = ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"];

/// The `authorizer` member of the event of a caller who may. An HTTP API says `Forbidden`, whatever the reason.
pub(super) fn authorize(
    parts: &Parts,
    body: &Bytes,
    request: &RequestPart,
    settings: &Settings,
) -> Result<Box<RawValue>, Refusal> {
    let context = context(settings, request.source_ip(), request.header("user-agent"));
    let access = Access { context, ..Access::new(INVOKE, request.route_arn(settings)) };
    let signed = Request::from_parts(parts.clone(), body.clone());
    let signer = settings.signatures.judge(&signed, access).map_err(|_| Refusal::Forbidden(None))?;
    member(&signer)
}

/// The same of a caller of a function's URL.
pub(super) fn of_url(
    parts: &Parts,
    body: &Bytes,
    request: &RequestPart,
    settings: &Settings,
) -> Result<Box<RawValue>, Refusal> {
    let context = context(settings, request.source_ip(), request.header("user-agent"))
        .with("lambda:FunctionUrlAuthType", ["AWS_IAM"])
        .with("lambda:InvokedViaFunctionUrl", ["true"]);
    let signed = Request::from_parts(parts.clone(), body.clone());
    let judge = |action| {
        let access = Access { context: context.clone(), ..Access::new(action, &settings.execute_api_arn) };
        settings.signatures.judge(&signed, access).map_err(|_| Refusal::Forbidden(None))
    };
    let [for_url, for_function] = INVOKE_URL.map(judge);
    for_function.and(for_url).and_then(|signer| member(&signer))
}

fn member(signer: &Signer) -> Result<Box<RawValue>, Refusal> {
    to_raw_value(&Member { iam: Iam::of(signer) }).map_err(|_| Refusal::InternalServerError)
}

/// What conditions of policies see of a request.
pub(super) fn context(settings: &Settings, source_ip: IpAddr, user_agent: Option<&str>) -> Context {
    Context::default()
        .with("aws:SourceIp", [source_ip.to_string()])
        .with("aws:SecureTransport", [(settings.scheme == "https").to_string()])
        .with("aws:UserAgent", user_agent)
}

#[derive(Serialize)]
struct Member<'a> {
    iam: Iam<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Iam<'a> {
    access_key: &'a str,
    account_id: &'a str,
    caller_id: &'a str,
    cognito_identity: Option<Cognito<'a>>,
    principal_org_id: (),
    user_arn: &'a str,
    user_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cognito<'a> {
    amr: &'a [String],
    identity_id: &'a str,
    identity_pool_id: &'a str,
}

impl<'a> Iam<'a> {
    fn of(signer: &'a Signer) -> Self {
        let cognito = |identity: &'a CognitoIdentity| Cognito {
            amr: &identity.amr,
            identity_id: &identity.identity_id,
            identity_pool_id: &identity.pool_id,
        };
        Self {
            access_key: &signer.access_key,
            account_id: &signer.account,
            caller_id: &signer.user_id,
            cognito_identity: signer.cognito.as_ref().map(cognito),
            principal_org_id: (),
            user_arn: &signer.arn,
            user_id: &signer.user_id,
        }
    }
}
