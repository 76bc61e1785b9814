//! What a stage says of the APIs.

use std::collections::BTreeMap;

use serde::Deserialize;
use skyloom_manifest::Api;

use super::{
    Stage,
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
    /// Stage variables.
    pub(crate) variables: BTreeMap<String, String>,
    /// The VPC endpoints from which a private API is called.
    pub(crate) vpc_endpoints: Vec<String>,
}

impl ApiSettings {
    /// These, and for what they leave out the others.
    pub(super) fn over(self, mut all: Self) -> Self {
        all.variables.extend(self.variables);
        Self {
            domain: self.domain.or(all.domain),
            throttle: self.throttle.or(all.throttle),
            access_log: self.access_log.or(all.access_log),
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
            ..ApiSettings::default()
        };
        self.settings.apis.get(&api.name).cloned().unwrap_or_default().over(all)
    }
}
