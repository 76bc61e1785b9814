use bytes::Bytes;
use http::{Request, header};

use crate::cognito::{
    error::Error,
    pool::{Pool, Pools},
};

/// Where paths of domains begin on the endpoint that all services share: `/cognito/{prefix}/login`.
const PATH: &str = "/cognito/";
/// Names under it lead to the own machine: `acme.auth.localhost`.
const LOCAL: &str = ".auth.localhost";
const AWS: &str = ".amazoncognito.com";

/// A place in a pool's domain, whichever way it was reached.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(super) pool_id: String,
    /// What URLs of the domain begin with, as this browser knows it: `http://127.0.0.1:4566/cognito/acme`.
    pub(super) base: String,
    /// What paths of the domain begin with: `/cognito/acme`, or nothing.
    pub(super) root: String,
    /// The path within the domain: `/login`.
    pub(super) path: String,
    /// Whether browsers come over TLS, so that cookies may say so.
    pub(super) is_secure: bool,
}

pub(super) fn is_for_domain(request: &Request<Bytes>) -> bool {
    request.uri().path().starts_with(PATH) || prefix_of_host(host(request)).is_some()
}

/// Where browsers reach a domain: on the runner's endpoint if there is one, else where AWS has it.
pub(super) fn url(prefix: &str, region: &str, endpoint: Option<&str>) -> String {
    match endpoint {
        Some(endpoint) => format!("{endpoint}{PATH}{prefix}"),
        None => format!("https://{prefix}.auth.{region}{AWS}"),
    }
}

impl Address {
    pub(super) fn of(request: &Request<Bytes>, pools: &Pools, region: &str, endpoint: Option<&str>) -> Option<Self> {
        let (path, host) = (request.uri().path(), host(request));
        let is_secure = endpoint.is_none_or(|endpoint| endpoint.starts_with("https:"));
        let of = |prefix: &str| pools.iter().find(|pool| pool.oauth.declared.domain.as_deref() == Some(prefix));
        if let Some(rest) = path.strip_prefix(PATH) {
            let end = rest.find('/').unwrap_or(rest.len());
            let (prefix, path) = rest.split_at(end);
            let pool = of(prefix)?;
            let origin = endpoint.map_or_else(|| format!("https://{host}"), |own| origin(own, host));
            let root = format!("{PATH}{prefix}");
            return Some(Self::new(pool, format!("{origin}{root}"), root, path, is_secure));
        }
        let (prefix, its_region) = prefix_of_host(host)?;
        let pool = of(prefix).filter(|_| its_region.is_none_or(|its| its == region))?;
        let scheme = if is_secure { "https" } else { "http" };
        Some(Self::new(pool, format!("{scheme}://{host}"), String::new(), path, is_secure))
    }

    fn new(pool: &Pool, base: String, root: String, path: &str, is_secure: bool) -> Self {
        Self { pool_id: pool.id.clone(), base, root, path: path.into(), is_secure }
    }

    pub(super) fn pool<'a>(&self, pools: &'a mut Pools) -> Result<&'a mut Pool, Error> {
        pools.by_id(&self.pool_id)
    }

    /// The URL of a path of the domain.
    pub(super) fn to(&self, path: &str, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{path}{mark}{query}", self.base)
    }
}

/// The own endpoint by the name that the browser has for it. A name that is not this machine's is not believed.
fn origin(endpoint: &str, host: &str) -> String {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    match endpoint.split_once("://") {
        Some((scheme, _)) if ["127.0.0.1", "localhost", "[::1]"].contains(&name) => format!("{scheme}://{host}"),
        _ => endpoint.to_owned(),
    }
}

fn host(request: &Request<Bytes>) -> &str {
    let of_uri = request.uri().authority().map(http::uri::Authority::as_str);
    let of_header = || request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    of_uri.or_else(of_header).unwrap_or_default()
}

/// The prefix that a host names, and the region where the name has one.
fn prefix_of_host(host: &str) -> Option<(&str, Option<&str>)> {
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    if let Some(prefix) = name.strip_suffix(LOCAL) {
        return Some((prefix, None));
    }
    let (prefix, region) = name.strip_suffix(AWS)?.split_once(".auth.")?;
    Some((prefix, Some(region)))
}
