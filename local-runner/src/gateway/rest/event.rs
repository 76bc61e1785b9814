use std::{
    collections::BTreeMap,
    net::IpAddr,
    time::{Duration, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, request::Parts};
use serde::Serialize;
use serde_json::Value;
use skyloom_manifest::{IdentitySource, Place};

use super::{
    admission::Caller,
    binary::BinaryMediaTypes,
    headers::{self, Headers},
    refusal::Refusal,
    routes::Match,
};
use crate::gateway::{
    Settings, encoding,
    event::{Moment, common_log_time},
    settings::short_id,
};
use crate::signed::CognitoIdentity;

/// What a function is told of a request: payload format 1.0, with the members of the events that LocalStack's tests recorded on
/// AWS.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a> {
    resource: &'a str,
    path: &'a str,
    http_method: &'a str,
    headers: BTreeMap<&'a str, &'a str>,
    multi_value_headers: BTreeMap<&'a str, &'a [String]>,
    query_string_parameters: Option<BTreeMap<&'a str, &'a str>>,
    multi_value_query_string_parameters: Option<&'a BTreeMap<String, Vec<String>>>,
    path_parameters: Option<&'a BTreeMap<String, String>>,
    stage_variables: Option<&'a BTreeMap<String, String>>,
    request_context: RequestContext<'a>,
    body: Option<String>,
    is_base64_encoded: bool,
}

/// What of a request goes into the event, and into the question to an authorizer.
#[derive(Debug)]
pub(super) struct RequestPart {
    pub(super) resource: String,
    pub(super) path: String,
    headers: Headers,
    pub(super) query: BTreeMap<String, Vec<String>>,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) at: Moment,
}

/// `requestContext`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestContext<'a> {
    resource_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorizer: Option<&'a Value>,
    resource_path: &'a str,
    http_method: &'a str,
    extended_request_id: &'a str,
    request_time: String,
    path: String,
    account_id: &'a str,
    protocol: &'static str,
    stage: &'static str,
    domain_prefix: &'a str,
    request_time_epoch: u64,
    request_id: &'a str,
    identity: Identity<'a>,
    domain_name: &'a str,
    deployment_id: String,
    api_id: &'a str,
}

/// Who calls; what is empty is of callers who sign with IAM.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key_id: Option<String>,
    access_key: Option<&'a str>,
    account_id: Option<&'a str>,
    caller: Option<&'a str>,
    cognito_authentication_provider: Option<String>,
    cognito_authentication_type: Option<&'a str>,
    cognito_identity_id: Option<&'a str>,
    cognito_identity_pool_id: Option<&'a str>,
    principal_org_id: (),
    user: Option<&'a str>,
    user_arn: Option<&'a str>,
    source_ip: IpAddr,
    user_agent: Option<&'a str>,
}

impl RequestPart {
    /// `path` has one slash at its beginning; nothing in it is decoded, while the query's parameters are.
    pub(super) fn new(parts: &Parts, path: &str, query: &str, found: &Match<'_>, at: Moment, site: &Settings) -> Self {
        let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in encoding::query_pairs(query) {
            parameters.entry(name).or_default().push(value);
        }
        Self {
            resource: found.resource().into(),
            path: path.into(),
            headers: headers::handed_on(&parts.headers, &at, site),
            query: parameters,
            parameters: found.parameters.iter().cloned().collect(),
            at,
        }
    }

    /// What of a request that was refused a response can speak of.
    pub(super) fn of_refused(
        headers: &HeaderMap,
        path: &str,
        found: Option<Match<'_>>,
        at: Moment,
        site: &Settings,
    ) -> Self {
        Self {
            resource: found.map(|found| found.resource().to_owned()).unwrap_or_default(),
            path: path.into(),
            headers: headers::handed_on(headers, &at, site),
            query: BTreeMap::new(),
            parameters: BTreeMap::new(),
            at,
        }
    }

    /// The value of a header, the last if it was sent several times; `name` in any case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.and_then(|(_, values)| values.last()).map(String::as_str)
    }

    pub(super) fn source_ip(&self) -> IpAddr {
        self.at.source_ip
    }

    /// `arn:aws:execute-api:us-east-1:123456789012:abcdef123/dev/GET/orders`
    pub(super) fn method_arn(&self, site: &Settings) -> String {
        format!("{}/{}/{}{}", site.execute_api_arn, super::STAGE, self.at.method, self.path)
    }

    /// The headers with the last value of each.
    pub(super) fn last_headers(&self) -> BTreeMap<&str, &str> {
        self.headers.iter().filter_map(|(name, values)| Some((name.as_str(), values.last()?.as_str()))).collect()
    }

    pub(super) fn all_headers(&self) -> BTreeMap<&str, &[String]> {
        self.headers.iter().map(|(name, all)| (name.as_str(), all.as_slice())).collect()
    }

    /// The parameters of the query string with the last value of each.
    pub(super) fn last_query(&self) -> BTreeMap<&str, &str> {
        self.query.iter().filter_map(|(name, values)| Some((name.as_str(), values.last()?.as_str()))).collect()
    }

    /// Whether the query string has a parameter that is not empty.
    pub(super) fn has_query(&self, name: &str) -> bool {
        self.query.get(name).is_some_and(|values| values.iter().any(|value| !value.is_empty()))
    }

    /// All values of a parameter, of a header in whatever case it was sent.
    pub(super) fn values(&self, place: Place, name: &str) -> Vec<String> {
        match place {
            Place::Path => self.parameters.get(name).cloned().into_iter().collect(),
            Place::Query => self.query.get(name).cloned().unwrap_or_default(),
            Place::Header => {
                let found = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
                found.flat_map(|(_, values)| values.clone()).collect()
            }
        }
    }

    /// What a source of identity stands for, if the request has it and it is not empty.
    pub(super) fn identity_of(&self, source: &IdentitySource, site: &Settings) -> Option<String> {
        let value = match source {
            IdentitySource::Header(name) => self.header(name)?.to_owned(),
            IdentitySource::Query(name) => self.query.get(name)?.last()?.clone(),
            IdentitySource::StageVariable(name) => site.variables.get(name)?.clone(),
            IdentitySource::Context(name) => self.variable(name, site)?,
        };
        (!value.is_empty()).then_some(value)
    }

    /// What a variable of the context stands for.
    pub(super) fn variable(&self, name: &str, site: &Settings) -> Option<String> {
        Some(match name {
            "accountId" => site.account.clone(),
            "apiId" => site.api_id.clone(),
            "domainName" => site.domain_name.clone(),
            "httpMethod" => self.at.method.clone(),
            "identity.apiKey" => self.header("x-api-key")?.to_owned(),
            "identity.sourceIp" => self.at.source_ip.to_string(),
            "identity.userAgent" => self.header("user-agent")?.to_owned(),
            "path" => format!("/{}{}", super::STAGE, self.path),
            "protocol" => self.at.protocol.to_owned(),
            "requestId" => self.at.request_id.clone(),
            "resourcePath" => self.resource.clone(),
            "stage" => super::STAGE.to_owned(),
            _ => return None,
        })
    }

    pub(super) fn context<'a>(
        &'a self,
        site: &'a Settings,
        caller: &'a Caller,
        extended_request_id: &'a str,
    ) -> RequestContext<'a> {
        let since_epoch = self.at.time.duration_since(UNIX_EPOCH).unwrap_or_default();
        RequestContext {
            resource_id: short_id(&format!("{} {}", site.api_id, self.resource), 6),
            authorizer: if let Caller::Authorized(member) = caller { Some(member) } else { None },
            resource_path: &self.resource,
            http_method: &self.at.method,
            extended_request_id,
            request_time: common_log_time(since_epoch),
            path: format!("/{}{}", super::STAGE, self.path),
            account_id: &site.account,
            protocol: self.at.protocol,
            stage: super::STAGE,
            domain_prefix: site.domain_name.split('.').next().unwrap_or_default(),
            request_time_epoch: millis(since_epoch),
            request_id: &self.at.request_id,
            identity: self.identity(caller),
            domain_name: &site.domain_name,
            deployment_id: short_id(&format!("{} deployment", site.api_id), 6),
            api_id: &site.api_id,
        }
    }

    fn identity<'a>(&'a self, caller: &'a Caller) -> Identity<'a> {
        let api_key = if let Caller::HasKey(key) = caller { Some(key.as_str()) } else { None };
        let signer = if let Caller::Signed(signer) = caller { Some(signer) } else { None };
        let cognito = signer.and_then(|signer| signer.cognito.as_ref());
        Identity {
            api_key,
            api_key_id: api_key.map(|key| short_id(key, 10)),
            access_key: signer.map(|it| it.access_key.as_str()),
            account_id: signer.map(|it| it.account.as_str()),
            caller: signer.map(|it| it.user_id.as_str()),
            cognito_authentication_provider: cognito.and_then(CognitoIdentity::provider),
            cognito_authentication_type: cognito.map(CognitoIdentity::kind),
            cognito_identity_id: cognito.map(|it| it.identity_id.as_str()),
            cognito_identity_pool_id: cognito.map(|it| it.pool_id.as_str()),
            principal_org_id: (),
            user: signer.map(|it| it.user_id.as_str()),
            user_arn: signer.map(|it| it.arn.as_str()),
            source_ip: self.at.source_ip,
            user_agent: self.header("user-agent"),
        }
    }
}

impl<'a> Event<'a> {
    pub(super) fn new(
        request: &'a RequestPart,
        body: &Bytes,
        site: &'a Settings,
        binary: &BinaryMediaTypes,
        caller: &'a Caller,
        extended_request_id: &'a str,
    ) -> Self {
        let is_base64_encoded = !body.is_empty() && binary.has(request.header("content-type"));
        Self {
            resource: &request.resource,
            path: &request.path,
            http_method: &request.at.method,
            headers: request.last_headers(),
            multi_value_headers: request.all_headers(),
            query_string_parameters: some(request.last_query()),
            multi_value_query_string_parameters: (!request.query.is_empty()).then_some(&request.query),
            path_parameters: (!request.parameters.is_empty()).then_some(&request.parameters),
            stage_variables: (!site.variables.is_empty()).then_some(&site.variables),
            request_context: request.context(site, caller, extended_request_id),
            body: text(body, is_base64_encoded),
            is_base64_encoded,
        }
    }

    pub(super) fn to_bytes(&self) -> Result<Bytes, Refusal> {
        serde_json::to_vec(self).map(Bytes::from).map_err(|_| Refusal::InternalServerError)
    }
}

/// A body that is not of a binary type is taken for UTF-8, whatever it is.
fn text(body: &Bytes, is_base64_encoded: bool) -> Option<String> {
    match body {
        body if body.is_empty() => None,
        body if is_base64_encoded => Some(STANDARD.encode(body)),
        body => Some(String::from_utf8_lossy(body).into_owned()),
    }
}

fn some<K: Ord, V>(map: BTreeMap<K, V>) -> Option<BTreeMap<K, V>> {
    (!map.is_empty()).then_some(map)
}

fn millis(since_epoch: Duration) -> u64 {
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}
