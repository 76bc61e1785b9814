//! The environment variables of functions, and environments for who is no function.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use skyloom_manifest::{
    Api, Function, Manifest, Resource,
    bridge::{
        CURSOR_KEY_VARIABLE, Environment, connections_variable, secret_variable, table_variable, version_variable,
    },
};

use super::Runner;
use crate::{
    account::Account,
    iam::{Credentials, Iam},
    site::SOCKET_STAGE,
};

/// The environment variables that the deployed function would have beside Lambda's own: keys, the names of the tables and secrets that
/// its permissions name, the versions that it checks as a hook, and what its handler says.
pub(super) fn given_to(
    manifest: &Manifest,
    function: &Function,
    (iam, account): (&Iam, &Account),
    endpoint: Option<&str>,
) -> BTreeMap<String, String> {
    let tables: BTreeSet<&String> = function
        .permissions
        .iter()
        .filter_map(|permission| match &permission.resource {
            Resource::Table { table } | Resource::Index { table, .. } => Some(table),
            Resource::Secret { .. } | Resource::Connections { .. } | Resource::Arn { .. } => None,
        })
        .collect();
    let mut variables: BTreeMap<_, _> =
        tables.into_iter().map(|table| (table_variable(table), account.site.physical_name(table))).collect();
    let checked = manifest.checked_by(&function.name);
    variables.extend(checked.map(|it| (version_variable(&it.name), account.site.version_arn(&it.name))));
    let secrets = function.permissions.iter().filter_map(|permission| match &permission.resource {
        Resource::Secret { secret } => manifest.secret(secret),
        _ => None,
    });
    variables.extend(secrets.map(|secret| (secret_variable(&secret.name), account.secrets.id(secret))));
    let sockets = function.permissions.iter().filter_map(|permission| match &permission.resource {
        Resource::Connections { api, .. } => manifest.api(api),
        _ => None,
    });
    variables.extend(sockets.map(|api| (connections_variable(&api.name), connections_url(account, endpoint, api))));
    if function.makes_cursors() {
        variables.insert(CURSOR_KEY_VARIABLE.into(), account.cursor_key.clone());
    }
    variables.extend(function.options.environment.clone());
    if let Some(credentials) = iam.credentials(&function.name) {
        variables.insert("AWS_ACCESS_KEY_ID".into(), credentials.access_key_id.clone());
        variables.insert("AWS_SECRET_ACCESS_KEY".into(), credentials.secret_access_key.clone());
        variables.insert("AWS_SESSION_TOKEN".into(), credentials.session_token.clone());
    }
    variables
}

/// Where the connections of a WebSocket API are managed: at the endpoint that all of AWS's APIs share, or, without one, where it would
/// be at AWS.
fn connections_url(account: &Account, endpoint: Option<&str>, api: &Api) -> String {
    let id = account.site.api_id(api);
    match endpoint {
        Some(endpoint) => format!("{endpoint}/{id}/{SOCKET_STAGE}"),
        None => format!("https://{id}.execute-api.{}.amazonaws.com/{SOCKET_STAGE}", account.site.region),
    }
}

impl Runner {
    /// An environment with the rights of whoever has these credentials, which knows every table.
    pub(crate) fn environment_of(&self, credentials: &Credentials) -> Environment {
        let owners = self.owner_environment();
        let mut variables = (*owners.variables).clone();
        for (name, value) in [
            ("AWS_ACCESS_KEY_ID", &credentials.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", &credentials.secret_access_key),
            ("AWS_SESSION_TOKEN", &credentials.session_token),
        ] {
            variables.insert(name.into(), value.clone());
        }
        Environment { variables: Arc::new(variables), ..owners }
    }

    /// An environment with the rights of the account's owner, which knows every table.
    pub(crate) fn owner_environment(&self) -> Environment {
        let site = &self.account.site;
        let tables = self.manifest.tables.iter().map(|table| &table.name);
        let mut variables: BTreeMap<_, _> =
            tables.map(|table| (table_variable(table), site.physical_name(table))).collect();
        let owner = [("AWS_REGION", &*site.region), ("AWS_ACCESS_KEY_ID", "owner"), ("AWS_SECRET_ACCESS_KEY", "owner")];
        variables.extend(owner.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Environment {
            variables: Arc::new(variables),
            aws: self.aws.transport(),
            log: Arc::new(|_| {}),
            now: self.clock.teller(),
        }
    }
}
