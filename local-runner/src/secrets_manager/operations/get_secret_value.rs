use serde::{Deserialize, Serialize};

use crate::secrets_manager::{
    Context,
    error::Error,
    vault::{Value, Vault},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    secret_id: String,
    version_id: Option<String>,
    version_stage: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    #[serde(rename = "ARN")]
    arn: String,
    created_date: f64,
    name: String,
    #[serde(flatten)]
    value: Value,
    version_id: String,
    version_stages: Vec<String>,
}

/// Secrets Manager remembers the day of the last access, not the time.
const DAY: f64 = 86_400.0;

pub(super) fn get_secret_value(vault: &mut Vault, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let secret = vault.find_mut(&input.secret_id)?;
    let version = secret.version(input.version_id.as_deref(), input.version_stage.as_deref())?.clone();
    secret.accessed = Some((context.now / DAY).floor() * DAY);
    Ok(Output {
        arn: secret.arn.clone(),
        created_date: version.created,
        name: secret.name.clone(),
        value: version.value,
        version_id: version.id,
        version_stages: version.stages,
    })
}
