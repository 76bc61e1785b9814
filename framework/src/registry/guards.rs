use skyloom_manifest::{GatewayResponse, IdentitySource, ResponseType, RouteCache};

/// `cache = "60s"` of a route.
#[derive(Clone, Copy, Debug)]
pub struct CacheEntry {
    /// Seconds.
    pub ttl: u32,
    pub query: &'static [&'static str],
    pub headers: &'static [&'static str],
    pub shared: bool,
}

impl CacheEntry {
    pub(crate) fn to_manifest(self) -> RouteCache {
        let Self { ttl, query, headers, shared } = self;
        RouteCache { ttl, query: strings(query), headers: strings(headers), shared }
    }
}

/// A part of a request that says who calls.
#[derive(Clone, Copy, Debug)]
pub enum IdentityEntry {
    Header(&'static str),
    Query(&'static str),
    StageVariable(&'static str),
    Context(&'static str),
}

impl IdentityEntry {
    pub(crate) fn to_manifest(self) -> IdentitySource {
        match self {
            Self::Header(name) => IdentitySource::Header(name.into()),
            Self::Query(name) => IdentitySource::Query(name.into()),
            Self::StageVariable(name) => IdentitySource::StageVariable(name.into()),
            Self::Context(name) => IdentitySource::Context(name.into()),
        }
    }
}

/// `gateway_response(…)` of an API.
#[derive(Clone, Copy, Debug)]
pub struct GatewayResponseEntry {
    pub response: ResponseType,
    pub status: Option<u16>,
    pub headers: &'static [(&'static str, &'static str)],
    pub body: Option<&'static str>,
    pub content_type: Option<&'static str>,
}

impl GatewayResponseEntry {
    pub(crate) fn to_manifest(self) -> GatewayResponse {
        let Self { response, status, headers, body, content_type } = self;
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        GatewayResponse {
            response,
            status,
            headers,
            body: body.map(Into::into),
            content_type: content_type.map(Into::into),
        }
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
