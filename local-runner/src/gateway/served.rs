use std::net::IpAddr;

use bytes::Bytes;
use http::{Request, Response};
use skyloom_manifest::{Api, Manifest};

use super::{Gateway, Issuer, RestApi, Settings};
use crate::{clock::Clock, invoke::Invoke, random::Random};

/// An API of either kind.
#[derive(Clone, Debug)]
pub(crate) enum Served {
    Http(Gateway),
    Rest(RestApi),
}

impl Served {
    pub(crate) fn new(
        manifest: &Manifest,
        (api, settings): (&Api, Settings),
        (clock, random): (Clock, Random),
        invoke: Invoke,
        issuers: Vec<Issuer>,
    ) -> Self {
        match api.rest() {
            None => Self::Http(Gateway::new(manifest, (api, settings), clock, random, invoke, issuers)),
            Some(rest) => Self::Rest(RestApi::new(manifest, (api, rest, settings), (clock, random), invoke, issuers)),
        }
    }

    /// Answers a request as the API would.
    pub(crate) async fn handle(&self, request: Request<Bytes>, source_ip: IpAddr) -> Response<Bytes> {
        match self {
            Self::Http(api) => api.handle(request, source_ip).await,
            Self::Rest(api) => api.handle(request, source_ip).await,
        }
    }

    /// What clients have as their `host`, if they come by the API's own name.
    pub(crate) fn domain_name(&self) -> &str {
        match self {
            Self::Http(api) => &api.0.settings.domain_name,
            Self::Rest(api) => api.domain_name(),
        }
    }

    /// The key that the API takes, if it is of the kind that takes keys.
    pub(crate) fn api_key(&self) -> Option<&str> {
        match self {
            Self::Http(_) => None,
            Self::Rest(api) => Some(api.api_key()),
        }
    }

    /// Answers a request whose body was cut off.
    pub(crate) fn refuse_body(&self) -> Response<Bytes> {
        match self {
            Self::Http(api) => api.refuse_body(),
            Self::Rest(api) => api.refuse_body(),
        }
    }
}
