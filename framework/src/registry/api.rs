//! What `#[derive(Api)]` registers.

use skyloom_manifest::{Endpoint, Throttle, UsagePlan};

use super::{GatewayResponseEntry, Source};

/// A `#[derive(Api)]`.
#[derive(Debug)]
pub struct ApiEntry {
    pub name: &'static str,
    pub source: Source,
    /// Whether it says that it is the default.
    pub default: bool,
    /// What only a REST API has; nothing for an HTTP API.
    pub rest: Option<RestEntry>,
    pub cors: Option<CorsEntry>,
    /// Stage variables.
    pub variables: &'static [(&'static str, &'static str)],
    pub throttle: Option<Throttle>,
}

/// A `#[derive(Api)]` with `#[api(websocket)]`.
#[derive(Debug)]
pub struct SocketApiEntry {
    pub name: &'static str,
    pub source: Source,
    /// Which part of a message names its route.
    pub route_selection: &'static str,
    /// Stage variables.
    pub variables: &'static [(&'static str, &'static str)],
    pub throttle: Option<Throttle>,
}

/// `#[api(rest, …)]`
#[derive(Debug)]
pub struct RestEntry {
    pub endpoint: Endpoint,
    pub binary_media_types: &'static [&'static str],
    pub minimum_compression: Option<u32>,
    pub validate: bool,
    pub usage_plan: Option<UsagePlan>,
    /// GB.
    pub cache_size: Option<&'static str>,
    pub gateway_responses: &'static [GatewayResponseEntry],
    pub policy: Option<PolicyEntry>,
}

/// `cors(…)` of an API.
#[derive(Debug)]
pub struct CorsEntry {
    pub origins: &'static [&'static str],
    pub methods: &'static [&'static str],
    pub headers: &'static [&'static str],
    pub expose: &'static [&'static str],
    pub credentials: bool,
    /// Seconds.
    pub max_age: Option<u32>,
}

/// `policy(…)` of a REST API.
#[derive(Debug)]
pub struct PolicyEntry {
    pub allow_ips: &'static [&'static str],
    pub deny_ips: &'static [&'static str],
}
