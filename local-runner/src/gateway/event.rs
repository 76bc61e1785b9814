use std::{
    collections::BTreeMap,
    net::IpAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Request, header, request::Parts};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use skyloom_manifest::IdentitySource;

use super::{encoding, refusal::Refusal, routes::Match, settings::Settings};

/// What a function is told of a request: payload format 2.0.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a> {
    #[serde(flatten)]
    pub(super) request: &'a RequestPart,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    stage_variables: &'a BTreeMap<String, String>,
    request_context: RequestContext<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    is_base64_encoded: bool,
}

/// What a function and an authorizer are told alike, beside the context.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestPart {
    version: &'static str,
    route_key: String,
    raw_path: String,
    raw_query_string: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<String>,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query_string_parameters: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    path_parameters: BTreeMap<String, String>,
    #[serde(skip)]
    at: Moment,
}

/// When and as what the gateway received the request.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) time: SystemTime,
    pub(super) request_id: String,
    pub(super) trace_id: String,
    pub(super) source_ip: IpAddr,
    pub(super) method: String,
    pub(super) protocol: &'static str,
}

/// `requestContext`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestContext<'a> {
    account_id: &'a str,
    api_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorizer: Option<&'a RawValue>,
    domain_name: &'a str,
    domain_prefix: &'a str,
    http: Http<'a>,
    request_id: &'a str,
    route_key: &'a str,
    stage: &'static str,
    time: String,
    time_epoch: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Http<'a> {
    method: &'a str,
    path: &'a str,
    protocol: &'static str,
    source_ip: IpAddr,
    user_agent: &'a str,
}

impl RequestPart {
    /// `path` is decoded: `rawPath` and `http.path` of an HTTP API are, whatever their names say, while
    /// `rawQueryString` is as it was sent.
    pub(super) fn new(
        parts: &Parts,
        length: usize,
        path: &str,
        found: &Match<'_>,
        at: Moment,
        site: &Settings,
    ) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        Self {
            version: "2.0",
            route_key: found.route.key.clone(),
            raw_path: path.into(),
            raw_query_string: query.into(),
            cookies: cookies(&parts.headers),
            headers: headers(&parts.headers, length, &at, site),
            query_string_parameters: encoding::query_parameters(query),
            path_parameters: found.parameters.iter().cloned().collect(),
            at,
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// What a source of identity stands for, if the request has it and it is not empty.
    pub(super) fn identity_of(&self, source: &IdentitySource, site: &Settings) -> Option<String> {
        let value = match source {
            IdentitySource::Header(name) => self.header(&name.to_ascii_lowercase())?.to_owned(),
            IdentitySource::Query(name) => self.query_string_parameters.get(name)?.clone(),
            IdentitySource::StageVariable(name) => site.variables.get(name)?.clone(),
            IdentitySource::Context(name) => match name.as_str() {
                "domainName" => site.domain_name.clone(),
                "httpMethod" => self.at.method.clone(),
                "identity.sourceIp" => self.at.source_ip.to_string(),
                "identity.userAgent" => self.header("user-agent")?.to_owned(),
                "routeKey" => self.route_key.clone(),
                "stage" => "$default".to_owned(),
                _ => return None,
            },
        };
        (!value.is_empty()).then_some(value)
    }

    pub(super) fn source_ip(&self) -> IpAddr {
        self.at.source_ip
    }

    pub(super) fn time(&self) -> SystemTime {
        self.at.time
    }

    /// `authorizer` is the member of that name as JSON.
    pub(super) fn context<'a>(&'a self, site: &'a Settings, authorizer: Option<&'a RawValue>) -> RequestContext<'a> {
        let since_epoch = self.at.time.duration_since(UNIX_EPOCH).unwrap_or_default();
        RequestContext {
            account_id: &site.account,
            api_id: &site.api_id,
            authorizer,
            domain_name: &site.domain_name,
            domain_prefix: site.domain_name.split('.').next().unwrap_or_default(),
            http: Http {
                method: &self.at.method,
                path: &self.raw_path,
                protocol: self.at.protocol,
                source_ip: self.at.source_ip,
                user_agent: self.header("user-agent").unwrap_or_default(),
            },
            request_id: &self.at.request_id,
            route_key: &self.route_key,
            stage: "$default",
            time: common_log_time(since_epoch),
            time_epoch: u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// `arn:aws:execute-api:us-east-1:123456789012:abcdef123/$default/GET/orders`
    pub(super) fn route_arn(&self, site: &Settings) -> String {
        format!("{}/$default/{}{}", site.execute_api_arn, self.at.method, self.raw_path)
    }
}

impl<'a> Event<'a> {
    pub(super) fn new(
        request: &'a RequestPart,
        body: &Bytes,
        site: &'a Settings,
        authorizer: Option<&'a RawValue>,
    ) -> Self {
        let text = is_text(request.header("content-type")).then(|| str::from_utf8(body).ok()).flatten();
        let is_base64_encoded = text.is_none() && !body.is_empty();
        let body = match text {
            _ if body.is_empty() => None,
            Some(text) => Some(text.to_owned()),
            None => Some(STANDARD.encode(body)),
        };
        let (stage_variables, request_context) = (&site.variables, request.context(site, authorizer));
        Self { request, stage_variables, request_context, body, is_base64_encoded }
    }

    pub(super) fn to_bytes(&self) -> Result<Bytes, Refusal> {
        serde_json::to_vec(self).map(Bytes::from).map_err(|_| Refusal::InternalServerError)
    }
}

impl Moment {
    pub(super) fn new(request: &Request<Bytes>, time: SystemTime, source_ip: IpAddr, ids: [String; 2]) -> Self {
        let [request_id, new_trace_id] = ids;
        let given = request.headers().get("x-amzn-trace-id").and_then(|value| value.to_str().ok());
        let trace_id = given.filter(|id| id.contains("Root=")).map_or(new_trace_id, str::to_owned);
        let protocol = match request.version() {
            http::Version::HTTP_2 => "HTTP/2.0",
            http::Version::HTTP_10 => "HTTP/1.0",
            _ => "HTTP/1.1",
        };
        Self { time, request_id, trace_id, source_ip, method: request.method().to_string(), protocol }
    }
}

/// Each cookie by itself; the event has no `cookie` header.
fn cookies(headers: &HeaderMap) -> Vec<String> {
    let lists = headers.get_all(header::COOKIE).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    lists
        .flat_map(|list| list.split(';').map(|cookie| cookie.trim().to_owned()).collect::<Vec<_>>())
        .filter(|cookie| !cookie.is_empty())
        .collect()
}

/// The request's headers with lower-case names, those of one name joined with commas, and what API Gateway adds.
fn headers(sent: &HeaderMap, length: usize, at: &Moment, site: &Settings) -> BTreeMap<String, String> {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for name in sent.keys().filter(|name| !is_of_the_connection(name)) {
        let values: Vec<_> = sent.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        headers.insert(name.as_str().into(), values.join(","));
    }
    let source_ip = at.source_ip.to_string();
    let forwarded_for =
        headers.remove("x-forwarded-for").map_or(source_ip.clone(), |sent| format!("{sent}, {source_ip}"));
    headers.insert("x-forwarded-for".into(), forwarded_for);
    headers.insert("x-forwarded-port".into(), site.port.to_string());
    headers.insert("x-forwarded-proto".into(), site.scheme.into());
    headers.insert("x-amzn-trace-id".into(), at.trace_id.clone());
    headers.insert("content-length".into(), length.to_string());
    headers.entry("host".into()).or_insert_with(|| site.domain_name.clone());
    headers
}

/// Headers that end at the gateway, and cookies, which have a member of their own.
fn is_of_the_connection(name: &header::HeaderName) -> bool {
    [header::CONNECTION, header::COOKIE, header::TE, header::TRAILER, header::TRANSFER_ENCODING, header::UPGRADE]
        .contains(name)
        || name == "keep-alive"
        || name == "expect"
}

/// Whether a body of that type is handed over as text; every other one, also a form and one without a type, is base64.
///
/// AWS names no list; this is what HTTP APIs were measured to do: <https://github.com/ministackorg/ministack/pull/766>.
fn is_text(content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.starts_with("text/")
        || ["application/json", "application/xml", "application/javascript"].contains(&essence.as_str())
}

/// `12/Mar/2020:19:03:58 +0000`
pub(super) fn common_log_time(since_epoch: Duration) -> String {
    let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
    let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    time.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_written_as_in_a_common_log() {
        assert_eq!(common_log_time(Duration::from_secs(1_584_039_838)), "12/Mar/2020:19:03:58 +0000");
    }

    #[test]
    fn only_text_json_xml_and_javascript_are_handed_over_as_text() {
        for text in ["text/plain", "TEXT/csv", "application/json; charset=utf-8", "application/xml", "text/html"] {
            assert!(is_text(Some(text)), "{text}");
        }
        for other in ["application/x-www-form-urlencoded", "application/octet-stream", "application/ld+json", ""] {
            assert!(!is_text(Some(other)), "{other}");
        }
        assert!(!is_text(None));
    }
}
