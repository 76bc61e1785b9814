//! What a stage says of the APIs.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde::Deserialize;
use skyloom_manifest::{Api, Endpoint, Manifest};

use super::{
    FILE, Stage,
    settings::{Domain, Throttle},
};

/// What a stage says of one API, `[apis.Partners]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct ApiSettings {
    /// Its own domain.
    pub(crate) domain: Option<Domain>,
    /// How many requests it takes.
    pub(crate) throttle: Option<Throttle>,
    /// Whether it writes a line for each request.
    pub(crate) access_log: Option<bool>,
    /// The format of that line, in place of the usual one.
    pub(crate) access_log_format: Option<String>,
    /// Stage variables.
    pub(crate) variables: BTreeMap<String, String>,
    /// The VPC endpoints from which a private API is called.
    pub(crate) vpc_endpoints: Vec<String>,
}

impl ApiSettings {
    /// Requests are logged unless the stage says otherwise.
    pub(crate) fn has_access_log(&self) -> bool {
        self.access_log.unwrap_or(true)
    }

    /// These, and for what they leave out the others.
    pub(super) fn over(self, mut all: Self) -> Self {
        all.variables.extend(self.variables);
        Self {
            domain: self.domain.or(all.domain),
            throttle: self.throttle.or(all.throttle),
            access_log: self.access_log.or(all.access_log),
            access_log_format: self.access_log_format.or(all.access_log_format),
            variables: all.variables,
            vpc_endpoints: if self.vpc_endpoints.is_empty() { all.vpc_endpoints } else { self.vpc_endpoints },
        }
    }
}

impl Stage {
    /// What the stage says of an API, and for what it leaves out of all of them. The domain that it names for none is the
    /// default one's.
    pub(crate) fn api(&self, api: &Api) -> ApiSettings {
        let all = ApiSettings {
            domain: self.settings.domain.clone().filter(|_| api.default),
            throttle: self.settings.throttle,
            access_log: self.settings.access_log,
            variables: api.variables.clone(),
            ..ApiSettings::default()
        };
        self.settings.apis.get(&api.name).cloned().unwrap_or_default().over(all)
    }

    /// What the stage says fits each of the APIs.
    pub(super) fn check_apis(&self, manifest: &Manifest) -> Result<()> {
        let mut domains: BTreeMap<String, &str> = BTreeMap::new();
        for api in &manifest.apis {
            let settings = self.api(api);
            check_vpc_endpoints(api, &settings)?;
            let Some(domain) = settings.domain else { continue };
            self.check_domain(api, &domain)?;
            if let Some(other) = domains.insert(domain.name.clone(), &api.name) {
                anyhow::bail!(
                    "{FILE}: `{}` is the domain of `{other}` already: give `{}` another",
                    domain.name,
                    api.name
                );
            }
        }
        Ok(())
    }

    fn check_domain(&self, api: &Api, domain: &Domain) -> Result<()> {
        let endpoint = api.rest().map(|rest| rest.endpoint);
        ensure!(
            endpoint != Some(Endpoint::Private),
            "{FILE}: `{}` is a private API, whose name is resolved in VPCs only: remove its `domain`",
            api.name
        );
        let region = domain.certificate.split(':').nth(3).unwrap_or_default();
        let (wanted, why) = match (endpoint, &self.settings.region) {
            (Some(Endpoint::Edge), _) => ("us-east-1", "CloudFront, which serves an edge API,"),
            (_, Some(region)) => (region.as_str(), "API Gateway"),
            (_, None) => return Ok(()),
        };
        ensure!(
            region == wanted,
            "{FILE}: the certificate of `{}` is of {region}, but {why} takes it from {wanted}: make one there",
            domain.name
        );
        Ok(())
    }
}

fn check_vpc_endpoints(api: &Api, settings: &ApiSettings) -> Result<()> {
    let is_private = api.rest().is_some_and(|rest| rest.endpoint == Endpoint::Private);
    let (name, endpoints) = (&api.name, &settings.vpc_endpoints);
    ensure!(
        is_private || endpoints.is_empty(),
        "{FILE}: `vpc-endpoints` are of private APIs, and `{name}` is none: write `#[api(rest, endpoint = \"private\")]`, or \
         remove them"
    );
    ensure!(
        !is_private || !endpoints.is_empty(),
        "`{name}` is a private API, which is called through VPC endpoints: write into {FILE}\n\n\
         [apis.{name}]\nvpc-endpoints = [\"vpce-0123456789abcdef0\"]\n\n\
         or, for one stage, below `[stages.NAME.apis.{name}]`"
    );
    Ok(())
}
