use std::{
    borrow::Cow,
    net::IpAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Deserialize;

use super::{Http, RequestEvent, decode};
use crate::{
    FromEvent, Rejection, Scope,
    auth::{Authorize, AuthorizerEvent},
    payload_format::PayloadFormat,
};

/// All that the gateway says of a request, for handlers that need what no other argument gives.
#[derive(Clone, Debug)]
pub struct RequestContext {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    cookies: Vec<String>,
    stage_variables: Vec<(String, String)>,
    request_id: String,
    stage: String,
    domain_name: String,
    source_ip: Option<IpAddr>,
    time: SystemTime,
}

impl RequestContext {
    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as the gateway hands it over: decoded by an HTTP API, as it was sent by a REST API. The stage is not in it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query string, not decoded; empty if there is none. A REST API hands over the parameters alone, so that what stands
    /// here is written anew from them.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The headers. Values of a header that was sent several times are joined with commas.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The cookies, `name=value`.
    pub fn cookies(&self) -> &[String] {
        &self.cookies
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let pairs = self.cookies.iter().filter_map(|cookie| cookie.split_once('='));
        pairs.into_iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The gateway's id of the request, which the caller got as `apigw-requestid`, or from a REST API as `x-amzn-requestid`.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The API's stage.
    pub fn stage(&self) -> &str {
        &self.stage
    }

    /// A variable of the stage.
    pub fn stage_variable(&self, name: &str) -> Option<&str> {
        let mut variables = self.stage_variables.iter();
        variables.find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The host that was called.
    pub fn domain_name(&self) -> &str {
        &self.domain_name
    }

    /// Who called, as the gateway saw it.
    pub fn source_ip(&self) -> Option<IpAddr> {
        self.source_ip
    }

    /// When the gateway got the request.
    pub fn time(&self) -> SystemTime {
        self.time
    }
}

/// What the formats say in different places of `requestContext`.
struct Said<'a> {
    method: Cow<'a, str>,
    source_ip: Option<Cow<'a, str>>,
    request_id: Cow<'a, str>,
    stage: Cow<'a, str>,
    domain_name: Option<Cow<'a, str>>,
    time_epoch: u64,
}

impl<'a> Said<'a> {
    fn read(event: &RequestEvent<'a>) -> Result<Self, Rejection> {
        match event.format() {
            PayloadFormat::One => decode::<Format1<'a>>(event.request_context).map(Self::from),
            PayloadFormat::Two => decode::<Format2<'a>>(event.request_context).map(Self::from),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Format2<'a> {
    #[serde(borrow)]
    http: Http2<'a>,
    #[serde(borrow)]
    request_id: Cow<'a, str>,
    #[serde(borrow)]
    stage: Cow<'a, str>,
    #[serde(borrow)]
    domain_name: Cow<'a, str>,
    time_epoch: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Http2<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    source_ip: Cow<'a, str>,
}

impl<'a> From<Format2<'a>> for Said<'a> {
    fn from(raw: Format2<'a>) -> Self {
        let Format2 { http, request_id, stage, domain_name, time_epoch } = raw;
        let (source_ip, domain_name) = (Some(http.source_ip), Some(domain_name));
        Self { method: http.method, source_ip, request_id, stage, domain_name, time_epoch }
    }
}

/// The domain name is `null` in what the console's tests send.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Format1<'a> {
    #[serde(borrow)]
    http_method: Cow<'a, str>,
    #[serde(borrow)]
    identity: Identity<'a>,
    #[serde(borrow)]
    request_id: Cow<'a, str>,
    #[serde(borrow)]
    stage: Cow<'a, str>,
    #[serde(borrow, default)]
    domain_name: Option<Cow<'a, str>>,
    #[serde(default)]
    request_time_epoch: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity<'a> {
    #[serde(borrow, default)]
    source_ip: Option<Cow<'a, str>>,
}

impl<'a> From<Format1<'a>> for Said<'a> {
    fn from(raw: Format1<'a>) -> Self {
        let Format1 { http_method: method, identity, request_id, stage, domain_name, request_time_epoch } = raw;
        Self { method, source_ip: identity.source_ip, request_id, stage, domain_name, time_epoch: request_time_epoch }
    }
}

impl<P: 'static> FromEvent<Http<P>> for RequestContext {
    async fn from_event<'a>(event: &'a RequestEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        Self::read(event)
    }
}

impl FromEvent<Authorize> for RequestContext {
    async fn from_event<'a>(event: &'a AuthorizerEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        Self::read(event.request()?)
    }
}

impl RequestContext {
    fn read(event: &RequestEvent<'_>) -> Result<Self, Rejection> {
        let said = Said::read(event)?;
        let variables = event.stage_variables()?.into_iter();
        Ok(Self {
            method: Method::from_bytes(said.method.as_bytes())
                .map_err(|_| Rejection::Internal("the event's method is none".into()))?,
            path: event.path()?.into_owned(),
            query: event.query_string()?.into_owned(),
            headers: header_map(event)?,
            cookies: event.cookie_list()?.into_iter().map(Cow::into_owned).collect(),
            stage_variables: variables.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
            request_id: said.request_id.into_owned(),
            stage: said.stage.into_owned(),
            domain_name: said.domain_name.unwrap_or_default().into_owned(),
            source_ip: said.source_ip.and_then(|ip| ip.parse().ok()),
            time: UNIX_EPOCH + Duration::from_millis(said.time_epoch),
        })
    }
}

fn header_map(event: &RequestEvent<'_>) -> Result<HeaderMap, Rejection> {
    let mut headers = HeaderMap::new();
    for (name, value) in event.header_pairs()? {
        let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) else {
            continue; // The gateway lets no such header through.
        };
        headers.append(name, value);
    }
    Ok(headers)
}
