use serde_json::{Value, json};
use skyloom_manifest::Manifest;

use super::role::arn;
use crate::{
    policy::{Policies, Policy, PolicyError},
    random::Random,
    site::Site,
};

/// A role that is assumed by others than functions.
#[derive(Debug)]
pub(crate) struct SessionRole {
    /// `AROA…`
    pub(super) id: String,
    pub(super) name: String,
    policies: Vec<Policy>,
}

impl SessionRole {
    pub(crate) fn new(name: String, statements: &[Value], random: &Random) -> Result<Self, PolicyError> {
        let document = json!({ "Version": "2012-10-17", "Statement": statements });
        let policies = vec![Policy::parse(&document.to_string())?];
        Ok(Self { id: super::credentials::role_id(random), name, policies })
    }

    /// All that has a say in what a session of it does.
    pub(super) fn policies<'a>(&'a self, boundary: Option<&'a Policy>, limit: Option<&'a Policy>) -> Policies<'a> {
        Policies { identity: &self.policies, boundary, session: limit, resource: None }
    }
}

/// The statements that permissions are.
pub(crate) fn statements(permissions: &[skyloom_manifest::Permission], manifest: &Manifest, site: &Site) -> Vec<Value> {
    let statement = |permission: &skyloom_manifest::Permission| {
        let resource = arn(&permission.resource, manifest, site);
        let mut statement = json!({ "Effect": "Allow", "Action": permission.actions, "Resource": resource });
        if let Some(condition) = permission.condition() {
            statement["Condition"] = condition;
        }
        statement
    };
    permissions.iter().map(statement).collect()
}
