use serde::{Deserialize, Serialize};

use crate::secrets_manager::{
    Context,
    error::Error,
    vault::{CURRENT, Stored, Value, Vault},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    name: String,
    description: Option<String>,
    client_request_token: Option<String>,
    secret_string: Option<String>,
    secret_binary: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<String>,
}

/// Names have the characters that the error lists, 512 at most.
fn check_name(name: &str) -> Result<(), Error> {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || "-/_+=.@!".contains(c);
    if (1..=512).contains(&name.len()) && name.chars().all(is_valid) { Ok(()) } else { Err(Error::InvalidName) }
}

pub(super) fn create_secret(vault: &mut Vault, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let token = input.client_request_token.ok_or(Error::NoRequestToken)?;
    check_name(&input.name)?;
    let value = Value::of(input.secret_string, input.secret_binary)?;
    let secret = vault.insert(Stored {
        arn: context.new_arn(&input.name),
        name: input.name,
        description: input.description,
        created: context.now,
        changed: context.now,
        accessed: None,
        versions: Vec::new(),
    })?;
    let version_id = value.is_some().then(|| token.clone());
    if let Some(value) = value {
        secret.put(token, value, vec![CURRENT.into()], context.now)?;
    }
    Ok(Output { arn: secret.arn.clone(), name: secret.name.clone(), version_id })
}
