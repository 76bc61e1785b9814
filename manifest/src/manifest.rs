use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Function, Secret, SourceLocation, Table, UserPool, operation};

/// The version of the manifest's format. It changes when a reader of the old one could misunderstand the new one.
pub const FORMAT_VERSION: u32 = 1;

/// Everything that the tools know of an application.
///
/// Lists are sorted by name, so that the same application always prints the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT_VERSION`] of the Skyloom that printed it.
    pub version: u32,
    /// The application's name: its package's.
    pub application: String,
    /// The HTTP API that the routes belong to, if there is a route or an `#[derive(Api)]`.
    pub api: Option<Api>,
    /// All functions, by name.
    pub functions: Vec<Function>,
    /// All tables, by name.
    pub tables: Vec<Table>,
    /// All user pools, by name.
    pub user_pools: Vec<UserPool>,
    /// All secrets, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<Secret>,
}

impl Manifest {
    /// Sorts every list, so that equal applications have equal manifests.
    pub fn sort(&mut self) {
        self.functions.sort_by(|a, b| a.name.cmp(&b.name));
        self.tables.sort_by(|a, b| a.name.cmp(&b.name));
        self.user_pools.sort_by(|a, b| a.name.cmp(&b.name));
        self.secrets.sort_by(|a, b| a.name.cmp(&b.name));
        for table in &mut self.tables {
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            table.entities.sort_by(|a, b| a.name.cmp(&b.name));
        }
        if let Some(api) = &mut self.api {
            api.schemas.values_mut().for_each(operation::sort_value);
        }
        for function in &mut self.functions {
            function.permissions.sort();
            function.operation.iter_mut().for_each(|operation| operation.sort());
        }
    }

    /// The function of that name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name == name)
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The user pool of that name.
    pub fn user_pool(&self, name: &str) -> Option<&UserPool> {
        self.user_pools.iter().find(|pool| pool.name == name)
    }

    /// The secret of that name.
    pub fn secret(&self, name: &str) -> Option<&Secret> {
        self.secrets.iter().find(|secret| secret.name == name)
    }

    /// The JSON schema that every manifest of this format fits.
    #[cfg(feature = "schema")]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// The manifest as indented JSON with a newline at the end, as `cargo run -- manifest` prints it.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// An HTTP API of API Gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Api {
    /// Its name, the type's where there is one, otherwise `Api`.
    pub name: String,
    /// Cross-origin rules; without them a browser of another origin is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<Cors>,
    /// Where it was declared, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceLocation>,
    /// The JSON schemas that those of its operations refer to, as `#/components/schemas/…`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub schemas: BTreeMap<String, Value>,
}

/// Cross-origin resource sharing as an HTTP API answers it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Cors {
    /// Origins that may call: `https://example.com`, `https://*` or `*`.
    pub origins: Vec<String>,
    /// Methods that may be used; `*` for all.
    pub methods: Vec<String>,
    /// Request headers that may be sent; `*` for all.
    pub headers: Vec<String>,
    /// Reply headers that a page may read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expose: Vec<String>,
    /// Whether cookies and authorization may be sent; not together with the origin `*`.
    #[serde(default)]
    pub credentials: bool,
    /// How long a browser may keep the answer of a preflight request, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
}
