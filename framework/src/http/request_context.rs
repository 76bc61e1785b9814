use std::{
    borrow::Cow,
    net::IpAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Http, RequestEvent,
    event::{Text, decode},
};
use crate::{FromEvent, Rejection, Scope};

/// All that the gateway says of a request, for handlers that need what no other argument gives.
#[derive(Clone, Debug)]
pub struct RequestContext {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    cookies: Vec<String>,
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

    /// The path, as the gateway's `rawPath` has it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query string, not decoded; empty if there is none.
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

    /// The gateway's id of the request, which the caller got as `apigw-requestid`.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The API's stage.
    pub fn stage(&self) -> &str {
        &self.stage
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw<'a> {
    #[serde(borrow)]
    http: Caller<'a>,
    request_id: Cow<'a, str>,
    stage: Cow<'a, str>,
    domain_name: Cow<'a, str>,
    time_epoch: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Caller<'a> {
    method: Cow<'a, str>,
    source_ip: Cow<'a, str>,
}

impl<P: 'static> FromEvent<Http<P>> for RequestContext {
    async fn from_event<'a>(event: &'a RequestEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        let raw: Raw<'_> = decode::<Raw<'_>>(event.request_context)?;
        let path = |raw: &RawValue| Ok::<_, Rejection>(decode::<Text<'_>>(raw)?.0.into_owned());
        Ok(Self {
            method: Method::from_bytes(raw.http.method.as_bytes())
                .map_err(|_| Rejection::Internal("the event's method is none".into()))?,
            path: path(event.raw_path)?,
            query: event.query_string()?.into_owned(),
            headers: header_map(event)?,
            cookies: event.cookie_list()?.into_iter().map(Cow::into_owned).collect(),
            request_id: raw.request_id.into_owned(),
            stage: raw.stage.into_owned(),
            domain_name: raw.domain_name.into_owned(),
            source_ip: raw.http.source_ip.parse().ok(),
            time: UNIX_EPOCH + Duration::from_millis(raw.time_epoch),
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
