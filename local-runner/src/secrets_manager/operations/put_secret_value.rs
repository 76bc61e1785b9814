use serde::{Deserialize, Serialize};

use crate::secrets_manager::{
    Context,
    error::Error,
    vault::{CURRENT, Value, Vault},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    secret_id: String,
    client_request_token: Option<String>,
    secret_string: Option<String>,
    secret_binary: Option<String>,
    version_stages: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    version_id: String,
    version_stages: Vec<String>,
}

pub(super) fn put_secret_value(vault: &mut Vault, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let token = input.client_request_token.ok_or(Error::NoRequestToken)?;
    let value = Value::of(input.secret_string, input.secret_binary)?
        .ok_or_else(|| Error::InvalidParameter("You must provide either SecretString or SecretBinary.".into()))?;
    let stages = input.version_stages.unwrap_or_else(|| vec![CURRENT.into()]);
    let secret = vault.find_mut(&input.secret_id)?;
    let version = secret.put(token, value, stages, context.now)?.clone();
    let (version_id, version_stages) = (version.id, version.stages);
    Ok(Output { arn: secret.arn.clone(), name: secret.name.clone(), version_id, version_stages })
}
