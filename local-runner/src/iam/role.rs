use serde_json::json;
use skyloom_manifest::{Function, Resource, Trigger};

use super::{
    credentials::{Credentials, role_id},
    policy::{Policy, PolicyError},
};
use crate::{random::Random, site::Site};

/// The execution role of a function, assumed by its environments.
#[derive(Debug)]
pub(crate) struct Role {
    pub(super) account: String,
    pub(super) id: String,
    pub(super) name: String,
    /// Lambda names the session after the function.
    pub(super) session: String,
    pub(super) credentials: Credentials,
    pub(super) policy: Policy,
}

/// What Lambda itself does with the role of a function that reads a stream.
const STREAM_READING: [&str; 4] =
    ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"];

impl Role {
    /// The physical name of the function, which the role has too.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn of(function: &Function, site: &Site, random: &Random) -> Result<Self, PolicyError> {
        let name = site.physical_name(&function.name);
        Ok(Self {
            account: site.account.clone(),
            id: role_id(random),
            session: name.clone(),
            name,
            credentials: Credentials::new(random),
            policy: policy(function, site)?,
        })
    }
}

/// The document that the template grants: the function's permissions and nothing else.
fn policy(function: &Function, site: &Site) -> Result<Policy, PolicyError> {
    let allow =
        |actions: &[String], resource: String| json!({ "Effect": "Allow", "Action": actions, "Resource": resource });
    let granted = function.permissions.iter().map(|permission| {
        let mut statement = allow(&permission.actions, arn(&permission.resource, site));
        if let Some(condition) = permission.condition() {
            statement["Condition"] = condition;
        }
        statement
    });
    let mut statements: Vec<_> = granted.collect();
    if let Trigger::Stream(stream) = &function.trigger {
        let streams = format!("{}/stream/*", site.table_arn(&stream.table));
        statements.push(allow(&STREAM_READING.map(str::to_owned), streams));
    }
    Policy::parse(&json!({ "Version": "2012-10-17", "Statement": statements }).to_string())
}

fn arn(resource: &Resource, site: &Site) -> String {
    match resource {
        Resource::Table { table } => site.table_arn(table),
        Resource::Index { table, index } => format!("{}/index/{index}", site.table_arn(table)),
        Resource::Arn { arn } => arn
            .replace("${AWS::Partition}", "aws")
            .replace("${AWS::Region}", &site.region)
            .replace("${AWS::AccountId}", &site.account),
    }
}
