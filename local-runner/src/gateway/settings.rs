use std::collections::BTreeMap;

use skyloom_manifest::{Api, Route};

pub(super) use crate::site::short_id;
use crate::{signed::Signatures, site::Site};

/// Where the API is said to be.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Ten letters and digits, `a1b2c3d4e5`.
    pub(crate) api_id: String,
    /// `a1b2c3d4e5.execute-api.us-east-1.amazonaws.com`
    pub(crate) domain_name: String,
    /// `https`, as always on AWS, or `http` where the gateway is served so.
    pub(crate) scheme: &'static str,
    /// What `x-forwarded-port` says.
    pub(crate) port: u16,
    /// The key that a REST API takes as `x-api-key`.
    pub(crate) api_key: String,
    /// Of the stage.
    pub(super) variables: BTreeMap<String, String>,
    /// Who decides on the routes whose callers sign.
    pub(super) signatures: Signatures,
    pub(super) account: String,
    pub(super) execute_api_arn: String,
}

impl Settings {
    /// The API as it would be deployed.
    pub(crate) fn of(site: &Site, api: &Api) -> Self {
        let api_id = site.api_id(api);
        let execute_api_arn = site.api_arn(api);
        let domain_name = format!("{api_id}.execute-api.{}.amazonaws.com", site.region);
        let (api_key, account, variables) = (api_key(&api_id), site.account.clone(), api.variables.clone());
        let signatures = Signatures::default();
        Self {
            api_id,
            domain_name,
            scheme: "https",
            port: 443,
            api_key,
            variables,
            signatures,
            account,
            execute_api_arn,
        }
    }

    /// The same where somebody knows who signed a request.
    #[must_use]
    pub(crate) fn judged_by(self, signatures: Signatures) -> Self {
        Self { signatures, ..self }
    }

    /// The URL of a function as it would be deployed.
    pub(crate) fn of_url(site: &Site, function: &str) -> Self {
        let id = short_id(&format!("{}/{function}", site.application), 32);
        let domain_name = format!("{id}.lambda-url.{}.on.aws", site.region);
        let (account, execute_api_arn) = (site.account.clone(), site.function_arn(function));
        let (variables, signatures) = (BTreeMap::new(), Signatures::default());
        let api_key = String::new();
        Self {
            api_id: id,
            domain_name,
            scheme: "https",
            port: 443,
            api_key,
            variables,
            signatures,
            account,
            execute_api_arn,
        }
    }

    /// The same, served on this machine: `http`, on that port.
    pub(crate) fn on_port(self, port: u16) -> Self {
        Self { scheme: "http", port, ..self }
    }
}

/// The ARNs of the requests to a route: `arn:aws:execute-api:us-east-1:123456789012:abcdef123/$default/GET/orders/*`.
pub(crate) fn route_arn(site: &Site, api: &Api, route: &Route<'_>) -> String {
    let stage = if api.rest().is_some() { super::rest::STAGE } else { "$default" };
    format!("{}/{stage}/{}", Settings::of(site, api).execute_api_arn, route.arn_pattern())
}

/// Forty letters and digits, as long as those that API Gateway makes.
fn api_key(api_id: &str) -> String {
    ["first", "second"].map(|half| short_id(&format!("{api_id} {half} half"), 20)).concat()
}
