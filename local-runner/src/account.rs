use std::{
    fmt,
    path::Path,
    sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard},
};

use bytes::Bytes;
use skyloom_manifest::{Manifest, bridge::BoxFuture};

use crate::{
    clock::Clock,
    codedeploy::CodeDeploy,
    cognito::{self, Cognito, Keys},
    cognito_identity::CognitoIdentities,
    dynamodb::{DynamoDb, ShardRecord, TableError},
    event_source::{Located, Streams},
    gateway,
    iam::Sessions,
    random::Random,
    secrets_manager::{SecretsManager, Vault},
    site::Site,
};

/// What an AWS account keeps while versions of an application come and go: the items, the users, the secrets and the connections.
pub(crate) struct Account {
    pub(crate) site: Site,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) dynamodb: DynamoDb,
    pub(crate) codedeploy: CodeDeploy,
    pub(crate) secrets: SecretsManager,
    pub(crate) connections: gateway::Connections,
    /// What the deployed application has in a secret of Secrets Manager, for the cursors of its pages.
    pub(crate) cursor_key: String,
    pub(crate) sessions: Sessions,
    pub(crate) identities: CognitoIdentities,
    cognito: Arc<RwLock<Cognito>>,
    /// How other servers are reached, if they are.
    network: OnceLock<cognito::Fetch>,
}

impl Account {
    /// Empty, and gone with the process. The signing key is shared by all accounts of the process.
    pub(crate) fn in_memory(manifest: &Manifest, site: Site, clock: Clock, random: Random) -> Result<Self, TableError> {
        let dynamodb = DynamoDb::in_memory(site.clone(), clock.clone())?;
        let settings = cognito::Settings { issuer: cognito::Issuer::Aws, endpoint: None, random: random.clone() };
        let cognito = Cognito::new(manifest, site.clone(), clock.clone(), Keys::Shared, settings);
        let cursor_key = random.apart("cursor key").hex::<32>();
        Ok(Self::joined(manifest, (site, clock, random), dynamodb, cognito, (Vault::default(), cursor_key)))
    }

    /// With tables in a file, secrets of before, and users that go on from a snapshot, which has its own key if it has one.
    pub(crate) fn kept(
        manifest: &Manifest,
        (site, clock, random): (Site, Clock, Random),
        tables: &Path,
        (secrets, cursor_key): (Vault, String),
        (users, key): (Option<cognito::Snapshot>, Arc<OnceLock<cognito::SigningKey>>),
        (issuer, endpoint): (cognito::Issuer, String),
    ) -> Result<Self, TableError> {
        let dynamodb = DynamoDb::open(tables, site.clone())?;
        let settings = cognito::Settings { issuer, endpoint: Some(endpoint), random: random.clone() };
        let mut cognito = Cognito::new(manifest, site.clone(), clock.clone(), Keys::Own(key), settings);
        if let Some(users) = users {
            cognito.restore(users);
        }
        Ok(Self::joined(manifest, (site, clock, random), dynamodb, cognito, (secrets, cursor_key)))
    }

    fn joined(
        manifest: &Manifest,
        (site, clock, random): (Site, Clock, Random),
        dynamodb: DynamoDb,
        cognito: Cognito,
        (vault, cursor_key): (Vault, String),
    ) -> Self {
        Self {
            codedeploy: CodeDeploy::new(site.clone()),
            secrets: secrets(manifest, (&site, &clock, &random), vault),
            connections: gateway::Connections::default(),
            sessions: Sessions::default(),
            identities: CognitoIdentities::new(manifest, site.clone(), clock.clone(), random.clone()),
            cognito: Arc::new(RwLock::new(cognito)),
            network: OnceLock::new(),
            site,
            clock,
            random,
            dynamodb,
            cursor_key,
        }
    }

    pub(crate) fn cognito(&self) -> RwLockReadGuard<'_, Cognito> {
        self.cognito.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets services ask other servers.
    pub(crate) fn connect(&self, network: cognito::Fetch) {
        let _ = self.network.set(network); // called once, by the server
    }

    /// Sends a request to another server.
    pub(crate) fn reach_out(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'static, Result<http::Response<Bytes>, String>> {
        match self.network.get() {
            Some(network) => network(request),
            None => Box::pin(async {
                Err("a test reaches no other server: let another user pool of the application be the provider".into())
            }),
        }
    }

    /// Has every message shown that Cognito sends to a user.
    pub(crate) fn on_message(&self, show: Arc<dyn Fn(&str) + Send + Sync>) {
        let show = move |message: &cognito::Message| show(&message.to_string());
        self.cognito.write().unwrap_or_else(PoisonError::into_inner).on_message(show);
    }

    /// Makes the pools and the secrets of a new version of the application; those that were there keep what is in them.
    pub(crate) fn adopt(&self, manifest: &Manifest) {
        self.cognito.write().unwrap_or_else(PoisonError::into_inner).adopt(manifest);
        self.secrets.adopt(manifest);
        self.identities.adopt(manifest);
    }

    /// The pools as the gateway's authorizers see them.
    pub(crate) fn issuers(&self) -> Vec<gateway::Issuer> {
        let describe = |pool: cognito::PoolIssuer| {
            let cognito = Arc::clone(&self.cognito);
            let keys = move || cognito.read().unwrap_or_else(PoisonError::into_inner).keys_of(&pool.pool_id);
            gateway::Issuer {
                pool: pool.pool,
                issuer: pool.issuer,
                audience: pool.audience,
                keys: Arc::new(keys),
                verified: gateway::Verified::default(),
            }
        };
        self.cognito().issuers().into_iter().map(describe).collect()
    }
}

/// Those that are kept, and those of the application.
fn secrets(manifest: &Manifest, (site, clock, random): (&Site, &Clock, &Random), kept: Vault) -> SecretsManager {
    let secrets = SecretsManager::new(site.clone(), clock.clone(), random.clone(), kept);
    secrets.adopt(manifest);
    secrets
}

impl Streams for Account {
    fn arn(&self, table: &str) -> Option<String> {
        self.dynamodb.stream_arn(table)
    }

    fn lineages(&self) -> u32 {
        DynamoDb::stream_lineages()
    }

    fn records(&self, table: &str, after: Option<&str>, limit: usize) -> Result<Vec<Located>, String> {
        let records = self.dynamodb.stream_records(table, after, limit)?.into_iter();
        Ok(records.map(|ShardRecord { shard, lineage, record }| Located { shard, lineage, record }).collect())
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("site", &self.site).finish_non_exhaustive()
    }
}
