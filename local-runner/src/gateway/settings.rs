use skyloom_manifest::{Api, Route};

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
    /// Who decides on the routes whose callers sign.
    pub(super) signatures: Signatures,
    pub(super) account: String,
    pub(super) execute_api_arn: String,
}

impl Settings {
    /// The API as it would be deployed.
    pub(crate) fn of(site: &Site, api: &Api) -> Self {
        let api_id = api_id(&site.application, api);
        let execute_api_arn = site.arn("execute-api", &api_id);
        let domain_name = format!("{api_id}.execute-api.{}.amazonaws.com", site.region);
        let (api_key, account) = (api_key(&api_id), site.account.clone());
        let signatures = Signatures::default();
        Self { api_id, domain_name, scheme: "https", port: 443, api_key, signatures, account, execute_api_arn }
    }

    /// The same where somebody knows who signed a request.
    #[must_use]
    pub(crate) fn judged_by(self, signatures: Signatures) -> Self {
        Self { signatures, ..self }
    }

    /// The API served on this machine: `http`, on that port.
    pub(crate) fn served(site: &Site, api: &Api, port: u16) -> Self {
        Self { scheme: "http", port, ..Self::of(site, api) }
    }
}

/// The same for the same application, so that ARNs and URLs can be written down.
fn api_id(application: &str, api: &Api) -> String {
    let text = if api.default { application.to_owned() } else { format!("{application}/{}", api.name) };
    short_id(&text, 10)
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

/// So many letters and digits that are the same for the same text.
pub(super) fn short_id(text: &str, length: usize) -> String {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().take(length).map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect()
}
