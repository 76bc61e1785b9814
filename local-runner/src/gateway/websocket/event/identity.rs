use std::net::IpAddr;

use serde::Serialize;

use crate::{
    gateway::websocket::connections::Info,
    signed::{CognitoIdentity, Signer},
};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Identity<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_agent: Option<&'a str>,
    source_ip: IpAddr,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    signer: Option<Signed<'a>>,
}

impl<'a> Identity<'a> {
    pub(super) fn of(info: &'a Info) -> Self {
        let signer = info.signer.as_ref().map(Signed::of);
        Self { user_agent: info.user_agent.as_deref(), source_ip: info.source_ip, signer }
    }
}

/// Who signed the request that the connection began with. The documentation has these members and no `accessKey`.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Signed<'a> {
    account_id: &'a str,
    caller: &'a str,
    cognito_authentication_provider: Option<String>,
    cognito_authentication_type: Option<&'a str>,
    cognito_identity_id: Option<&'a str>,
    cognito_identity_pool_id: Option<&'a str>,
    user: &'a str,
    user_arn: &'a str,
}

impl<'a> Signed<'a> {
    fn of(signer: &'a Signer) -> Self {
        let cognito = signer.cognito.as_ref();
        Self {
            account_id: &signer.account,
            caller: &signer.user_id,
            cognito_authentication_provider: cognito.and_then(CognitoIdentity::provider),
            cognito_authentication_type: cognito.map(CognitoIdentity::kind),
            cognito_identity_id: cognito.map(|it| it.identity_id.as_str()),
            cognito_identity_pool_id: cognito.map(|it| it.pool_id.as_str()),
            user: &signer.user_id,
            user_arn: &signer.arn,
        }
    }
}
