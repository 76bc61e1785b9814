use skyloom_manifest::{Api, Auth, Manifest};

use crate::runner::Runner;

/// What a server serves, for who wants to print it.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The application.
    pub manifest: Manifest,
    /// The name that each table has for DynamoDB, in the order of the manifest.
    pub tables: Vec<String>,
    /// The name that each function has for Lambda, in the order of the manifest.
    pub functions: Vec<String>,
    /// The user pools.
    pub pools: Vec<PoolSummary>,
    /// The identity pools.
    pub identity_pools: Vec<IdentityPoolSummary>,
    /// The key of each API that has a route for those with a key, by the API's name.
    pub api_keys: Vec<(String, String)>,
    /// The secrets.
    pub secrets: Vec<SecretSummary>,
    /// The region that clients have to name.
    pub region: String,
}

/// A user pool.
#[derive(Clone, Debug)]
pub struct PoolSummary {
    /// Its name in the manifest.
    pub name: String,
    /// Its id for Cognito.
    pub id: String,
    /// The id of its client.
    pub client_id: String,
    /// Its client's secret, if it has one.
    pub client_secret: Option<String>,
    /// What its tokens have as `iss`.
    pub issuer: String,
    /// The URL of its domain, where the sign-in page is, if it has one.
    pub domain: Option<String>,
    /// Its clients beside its own.
    pub clients: Vec<ClientSummary>,
}

/// A client of a user pool.
#[derive(Clone, Debug)]
pub struct ClientSummary {
    /// Its name in the manifest.
    pub name: String,
    /// Its id for Cognito.
    pub id: String,
    /// Its secret, if it has one.
    pub secret: Option<String>,
}

/// An identity pool.
#[derive(Clone, Debug)]
pub struct IdentityPoolSummary {
    /// Its name in the manifest.
    pub name: String,
    /// Its id for Cognito.
    pub id: String,
}

/// A secret.
#[derive(Clone, Debug)]
pub struct SecretSummary {
    /// Its name in the manifest.
    pub name: String,
    /// Its name or ARN for Secrets Manager.
    pub id: String,
    /// Whether it has a value.
    pub is_set: bool,
}

impl Summary {
    pub(super) fn of(runner: &Runner) -> Self {
        let (manifest, site) = (runner.manifest().clone(), &runner.account().site);
        let pools = runner.account().cognito().issuers().into_iter().map(|pool| PoolSummary {
            domain: runner.account().cognito().sign_in_page(&pool.pool),
            clients: clients(runner, &pool.pool),
            name: pool.pool,
            id: pool.pool_id,
            client_id: pool.client_id,
            client_secret: pool.client_secret,
            issuer: pool.issuer,
        });
        let vault = &runner.account().secrets;
        let secrets = manifest.secrets.iter().map(|secret| SecretSummary {
            name: secret.name.clone(),
            id: vault.id(secret),
            is_set: vault.is_set(secret),
        });
        Self {
            secrets: secrets.collect(),
            tables: manifest.tables.iter().map(|table| site.physical_name(&table.name)).collect(),
            functions: manifest.functions.iter().map(|function| site.physical_name(&function.name)).collect(),
            pools: pools.collect(),
            identity_pools: runner
                .account()
                .identities
                .summaries()
                .into_iter()
                .map(|pool| IdentityPoolSummary { name: pool.name, id: pool.id })
                .collect(),
            api_keys: api_keys(runner),
            region: site.region.clone(),
            manifest,
        }
    }
}

fn clients(runner: &Runner, pool: &str) -> Vec<ClientSummary> {
    let clients = runner.account().cognito().other_clients(pool);
    clients.into_iter().map(|(name, id, secret)| ClientSummary { name, id, secret }).collect()
}

fn api_keys(runner: &Runner) -> Vec<(String, String)> {
    let manifest = runner.manifest();
    let asks = |api: &&Api| manifest.auths(&api.name).any(|auth| *auth == Auth::ApiKey);
    let key = |api: &Api| Some((api.name.clone(), runner.api_key(&api.name)?.to_owned()));
    manifest.apis.iter().filter(asks).filter_map(key).collect()
}
