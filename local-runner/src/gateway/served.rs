use std::net::IpAddr;

use bytes::Bytes;
use http::{Request, Response};
use skyloom_manifest::{Api, Function, Manifest, Trigger};

use super::{Backends, Gateway, Issuer, RestApi, Settings, url::FunctionUrl};
use crate::{clock::Clock, random::Random, site::Site};

/// Where requests come in.
#[derive(Clone, Debug)]
pub(crate) enum Entrance {
    Api(Box<Api>),
    /// The URL of a function.
    Url(Box<Function>),
}

impl Entrance {
    /// All of an application, the default API first. An API without a route takes requests all the same, and has none to take them.
    pub(crate) fn all(manifest: &Manifest) -> Vec<Self> {
        let mut apis = manifest.apis.clone();
        let urls = manifest.functions.iter().filter(|it| matches!(it.trigger, Trigger::Url { .. }));
        let urls: Vec<_> = urls.map(|function| Self::Url(Box::new(function.clone()))).collect();
        if apis.is_empty() && urls.is_empty() {
            apis.push(Api::undeclared());
        }
        apis.sort_by_key(|api| !api.default);
        apis.into_iter().map(|api| Self::Api(Box::new(api))).chain(urls).collect()
    }

    /// The API's name, or the function's.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Api(api) => &api.name,
            Self::Url(function) => &function.name,
        }
    }

    /// Where it is said to be at AWS.
    pub(crate) fn settings(&self, site: &Site) -> Settings {
        match self {
            Self::Api(api) => Settings::of(site, api),
            Self::Url(function) => Settings::of_url(site, &function.name),
        }
    }
}

/// An API of either kind, or the URL of a function.
#[derive(Clone, Debug)]
pub(crate) enum Served {
    Http(Gateway),
    Rest(RestApi),
    Url(FunctionUrl),
}

impl Served {
    /// Nothing for a function that has no URL, and for a WebSocket API.
    pub(crate) fn new(
        manifest: &Manifest,
        (entrance, settings): (&Entrance, Settings),
        (clock, random): (Clock, Random),
        backends: Backends,
        issuers: Vec<Issuer>,
    ) -> Option<Self> {
        let api = match entrance {
            Entrance::Api(api) if api.websocket().is_some() => return None, // connections are let in elsewhere
            Entrance::Api(api) => api,
            Entrance::Url(function) => {
                return FunctionUrl::new(function, settings, (clock, random), backends).map(Self::Url);
            }
        };
        Some(match api.rest() {
            None => Self::Http(Gateway::new(manifest, (api, settings), clock, random, backends, issuers)),
            Some(rest) => Self::Rest(RestApi::new(manifest, (api, rest, settings), (clock, random), backends, issuers)),
        })
    }

    /// Answers a request as it would at AWS.
    pub(crate) async fn handle(&self, request: Request<Bytes>, source_ip: IpAddr) -> Response<Bytes> {
        match self {
            Self::Http(api) => api.handle(request, source_ip).await,
            Self::Rest(api) => api.handle(request, source_ip).await,
            Self::Url(url) => url.handle(request, source_ip).await,
        }
    }

    /// What clients have as their `host`, if they come by the API's own name.
    pub(crate) fn domain_name(&self) -> &str {
        match self {
            Self::Http(api) => &api.0.settings.domain_name,
            Self::Rest(api) => api.domain_name(),
            Self::Url(url) => url.domain_name(),
        }
    }

    /// What requests to it are signed for.
    pub(crate) fn service(&self) -> &'static str {
        match self {
            Self::Http(_) | Self::Rest(_) => "execute-api",
            Self::Url(_) => "lambda",
        }
    }

    /// The key that the API takes, if it is of the kind that takes keys.
    pub(crate) fn api_key(&self) -> Option<&str> {
        match self {
            Self::Http(_) | Self::Url(_) => None,
            Self::Rest(api) => Some(api.api_key()),
        }
    }

    /// Answers a request whose body was cut off.
    pub(crate) fn refuse_body(&self) -> Response<Bytes> {
        match self {
            Self::Http(api) => api.refuse_body(),
            Self::Rest(api) => api.refuse_body(),
            Self::Url(url) => url.refuse_body(),
        }
    }
}
