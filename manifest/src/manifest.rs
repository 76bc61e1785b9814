use serde::{Deserialize, Serialize};

use crate::{
    Api, ApiKind, Auth, Function, Guards, HttpMethod, IdentityPool, Integration, Place, PoolEventVersion, PoolTrigger,
    Secret, Table, Throttle, Trigger, UserPool, operation, rules::PathTemplate,
};

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
    /// All routes without a function, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub integrations: Vec<Integration>,
    /// All identity pools, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity_pools: Vec<IdentityPool>,
}

impl Manifest {
    /// Sorts every list, so that equal applications have equal manifests.
    pub fn sort(&mut self) {
        self.functions.sort_by(|a, b| a.name.cmp(&b.name));
        self.tables.sort_by(|a, b| a.name.cmp(&b.name));
        self.user_pools.sort_by(|a, b| a.name.cmp(&b.name));
        self.user_pools.iter_mut().for_each(UserPool::sort);
        self.secrets.sort_by(|a, b| a.name.cmp(&b.name));
        self.integrations.sort_by(|a, b| a.name.cmp(&b.name));
        self.identity_pools.sort_by(|a, b| a.name.cmp(&b.name));
        for table in &mut self.tables {
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            table.entities.sort_by(|a, b| a.name.cmp(&b.name));
        }
        self.apis.sort_by(|a, b| a.name.cmp(&b.name));
        for api in &mut self.apis {
            api.schemas.values_mut().for_each(operation::sort_value);
            if let ApiKind::Rest(rest) = &mut api.kind {
                rest.gateway_responses.sort_by_key(|it| it.response);
            }
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

    /// The identity pool of that name.
    pub fn identity_pool(&self, name: &str) -> Option<&IdentityPool> {
        self.identity_pools.iter().find(|pool| pool.name == name)
    }

    /// The functions that Cognito asks of a pool's users.
    pub fn asked_by<'a>(
        &'a self,
        pool: &'a str,
    ) -> impl Iterator<Item = (&'a Function, PoolTrigger, PoolEventVersion)> {
        self.functions.iter().filter_map(move |function| match &function.trigger {
            Trigger::UserPool { pool: of, on, version } if of == pool => Some((function, *on, *version)),
            _ => None,
        })
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

    /// The routes of a WebSocket API, in the order of their functions' names.
    pub fn socket_routes(&self, api: &str) -> impl Iterator<Item = SocketRoute<'_>> {
        self.functions.iter().filter_map(SocketRoute::of).filter(move |route| route.api == api)
    }

    /// The routes of an API that have no function.
    pub fn integrations_of(&self, api: &str) -> impl Iterator<Item = &Integration> {
        self.integrations.iter().filter(move |it| it.api == api)
    }

    /// Whom the routes of an API let in, with a function or without.
    pub fn auths(&self, api: &str) -> impl Iterator<Item = &Auth> {
        self.routes(api).map(|route| route.auth).chain(self.integrations_of(api).map(|it| &it.auth))
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
    /// What it lets through.
    pub guards: &'a Guards,
}

impl<'a> Route<'a> {
    /// What a function has of a route, if it is behind one.
    pub fn of(function: &'a Function) -> Option<Self> {
        match &function.trigger {
            Trigger::Http { api, method, path, auth, guards } => {
                Some(Self { function, api, method: *method, path, auth, guards })
            }
            Trigger::Stream(_)
            | Trigger::Schedule { .. }
            | Trigger::Authorizer { .. }
            | Trigger::Invoke
            | Trigger::Hook
            | Trigger::Url { .. }
            | Trigger::WebSocket { .. }
            | Trigger::UserPool { .. } => None,
        }
    }
}

impl Route<'_> {
    /// `GET/orders/*`: the route as an ARN of `execute-api` has it in a policy, where each parameter is any text, and an ARN's `*`
    /// goes beyond slashes.
    pub fn arn_pattern(&self) -> String {
        crate::resource_policy::arn_pattern(self.method, self.path)
    }

    /// By what the API tells the replies apart that it keeps: the path's parameters, what the arguments name of the query string
    /// and the headers, and what the route adds.
    pub fn cache_key(&self) -> Vec<(Place, String)> {
        let Some(cache) = &self.guards.cache else { return Vec::new() };
        let path = PathTemplate::parse(self.path).ok();
        let of_path = path.iter().flat_map(|path| path.parameters()).map(|name| (Place::Path, name.to_owned()));
        let known = self.function.operation.iter().flat_map(|operation| &operation.parameters);
        let known = known.filter(|it| it.place != Place::Path).map(|it| (it.place, it.name.clone()));
        let query = cache.query.iter().map(|name| (Place::Query, name.clone()));
        let headers = cache.headers.iter().map(|name| (Place::Header, name.to_ascii_lowercase()));
        let mut key: Vec<_> = of_path.chain(known).chain(query).chain(headers).collect();
        key.sort();
        key.dedup();
        key
    }
}

/// A function as the route of a WebSocket API.
#[derive(Clone, Copy, Debug)]
pub struct SocketRoute<'a> {
    /// The function behind it.
    pub function: &'a Function,
    /// The name of the API that it belongs to.
    pub api: &'a str,
    /// `$connect`, `sendMessage`, …
    pub key: &'a str,
    /// Who may connect, of `$connect`.
    pub auth: Option<&'a Auth>,
    /// Whether what the function returns is sent on the connection.
    pub replies: bool,
    /// How many connections or messages it takes, if it says so itself.
    pub throttle: Option<Throttle>,
}

impl<'a> SocketRoute<'a> {
    /// The key of the route that lets connections in.
    pub const CONNECT: &'static str = "$connect";
    /// The key of the route of connections that have ended.
    pub const DISCONNECT: &'static str = "$disconnect";
    /// The key of the route of messages that no other takes.
    pub const DEFAULT: &'static str = "$default";

    /// What a function has of such a route, if it is behind one.
    pub fn of(function: &'a Function) -> Option<Self> {
        match &function.trigger {
            Trigger::WebSocket { api, route, auth, replies, throttle } => {
                Some(Self { function, api, key: route, auth: auth.as_ref(), replies: *replies, throttle: *throttle })
            }
            _ => None,
        }
    }
}
