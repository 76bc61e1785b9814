use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::describe_secret::Description;
use crate::secrets_manager::{Context, error::Error, vault::Vault, wire};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    max_results: Option<usize>,
    /// The name of the last secret of the page before.
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output<'a> {
    secret_list: Vec<Entry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    #[serde(flatten)]
    description: Description<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_versions_to_stages: Option<BTreeMap<&'a str, &'a [String]>>,
}

/// The longest page, which is the usual one.
const PAGE: usize = 100;

pub(super) fn list_secrets(vault: &mut Vault, _: &Context<'_>, input: Input) -> Result<Value, Error> {
    let after = input.next_token.unwrap_or_default();
    let mut secrets = vault.all().filter(|secret| secret.name > after);
    let limit = input.max_results.unwrap_or(PAGE).clamp(1, PAGE);
    let page: Vec<_> = secrets.by_ref().take(limit).collect();
    let next_token = secrets.next().and(page.last()).map(|last| &*last.name);
    let entries = page
        .iter()
        .map(|secret| Entry { description: Description::of(secret), secret_versions_to_stages: secret.stages() });
    wire::output(Output { secret_list: entries.collect(), next_token })
}
