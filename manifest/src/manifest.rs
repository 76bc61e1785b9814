use serde::{Deserialize, Serialize};

use crate::{Api, Auth, Function, HttpMethod, Secret, Table, Trigger, UserPool, operation};

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
    /// All APIs, by name. An application that has routes and declares no API has an HTTP API all the same.
    pub apis: Vec<Api>,
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
        self.user_pools.iter_mut().for_each(|pool| pool.oauth.sort());
        self.secrets.sort_by(|a, b| a.name.cmp(&b.name));
        for table in &mut self.tables {
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            table.entities.sort_by(|a, b| a.name.cmp(&b.name));
        }
        self.apis.sort_by(|a, b| a.name.cmp(&b.name));
        for api in &mut self.apis {
            api.schemas.values_mut().for_each(operation::sort_value);
        }
        for function in &mut self.functions {
            function.permissions.sort();
            function.operation.iter_mut().for_each(|operation| operation.sort());
        }
    }

    /// The function of that name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        by_name(&self.functions, name, |function| &function.name)
    }

    /// The functions whose new versions a hook is about.
    pub fn checked_by<'a>(&'a self, hook: &'a str) -> impl Iterator<Item = &'a Function> {
        let names = move |function: &&Function| {
            function.options.deployment.iter().any(|deployment| deployment.hooks().any(|(_, name)| name == hook))
        };
        self.functions.iter().filter(names)
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        by_name(&self.tables, name, |table| &table.name)
    }

    /// The user pool of that name.
    pub fn user_pool(&self, name: &str) -> Option<&UserPool> {
        self.user_pools.iter().find(|pool| pool.name == name)
    }

    /// The API of that name.
    pub fn api(&self, name: &str) -> Option<&Api> {
        self.apis.iter().find(|api| api.name == name)
    }

    /// The API that a route belongs to which names none.
    pub fn default_api(&self) -> Option<&Api> {
        self.apis.iter().find(|api| api.default)
    }

    /// The routes of an API, in the order of their functions' names.
    pub fn routes(&self, api: &str) -> impl Iterator<Item = Route<'_>> {
        self.functions.iter().filter_map(Route::of).filter(move |route| route.api == api)
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

/// What has that name. Lists are sorted; one that is not yet is searched from the beginning.
fn by_name<'a, T>(all: &'a [T], name: &str, of: impl Fn(&T) -> &str) -> Option<&'a T> {
    match all.binary_search_by(|it| of(it).cmp(name)) {
        Ok(place) => all.get(place),
        Err(_) => all.iter().find(|it| of(it) == name),
    }
}

/// A function as the route of an API.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// The function behind it.
    pub function: &'a Function,
    /// The name of the API that it belongs to.
    pub api: &'a str,
    /// Its method.
    pub method: HttpMethod,
    /// Its path as it is written.
    pub path: &'a str,
    /// Who may call.
    pub auth: &'a Auth,
}

impl<'a> Route<'a> {
    /// What a function has of a route, if it is behind one.
    pub fn of(function: &'a Function) -> Option<Self> {
        match &function.trigger {
            Trigger::Http { api, method, path, auth } => Some(Self { function, api, method: *method, path, auth }),
            Trigger::Stream(_)
            | Trigger::Schedule { .. }
            | Trigger::Authorizer { .. }
            | Trigger::Invoke
            | Trigger::Hook => None,
        }
    }
}
