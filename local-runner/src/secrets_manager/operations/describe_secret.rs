use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::secrets_manager::{
    Context,
    error::Error,
    vault::{Stored, Vault},
    wire,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    secret_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output<'a> {
    #[serde(flatten)]
    description: Description<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_ids_to_stages: Option<BTreeMap<&'a str, &'a [String]>>,
}

/// What `DescribeSecret` and `ListSecrets` have in common.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Description<'a> {
    #[serde(rename = "ARN")]
    arn: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    created_date: f64,
    last_changed_date: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_accessed_date: Option<f64>,
}

impl<'a> Description<'a> {
    pub(super) fn of(secret: &'a Stored) -> Self {
        Self {
            arn: &secret.arn,
            name: &secret.name,
            description: secret.description.as_deref(),
            created_date: secret.created,
            last_changed_date: secret.changed,
            last_accessed_date: secret.accessed,
        }
    }
}

pub(super) fn describe_secret(vault: &mut Vault, _: &Context<'_>, input: Input) -> Result<Value, Error> {
    let secret = vault.find(&input.secret_id)?;
    wire::output(Output { description: Description::of(secret), version_ids_to_stages: secret.stages() })
}
