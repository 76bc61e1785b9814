//! What a stage says of the user pools.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;
use skyloom_manifest::{Manifest, UserPool};

use super::{Stage, apply::check_names};

/// What a stage says of one user pool, `[user-pools.Shopper]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct UserPoolSettings {
    /// The first part of its domain, in place of what the code says with the stage's name behind it.
    pub(crate) domain: Option<String>,
    /// Where the pool's clients send browsers, by the client's name; the pool's own has the pool's name.
    pub(crate) clients: BTreeMap<String, ClientSettings>,
}

/// Where a client sends browsers, `[user-pools.Shopper.clients.Web]`, in place of what the code says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct ClientSettings {
    pub(crate) callbacks: Option<Vec<String>>,
    pub(crate) logouts: Option<Vec<String>>,
}

impl UserPoolSettings {
    /// These, and for what they leave out the others.
    pub(super) fn over(self, mut all: Self) -> Self {
        for (name, own) in self.clients {
            let of_all = all.clients.remove(&name).unwrap_or_default();
            let merged = ClientSettings {
                callbacks: own.callbacks.or(of_all.callbacks),
                logouts: own.logouts.or(of_all.logouts),
            };
            all.clients.insert(name, merged);
        }
        Self { domain: self.domain.or(all.domain), clients: all.clients }
    }
}

impl Stage {
    /// The user pools as they are at this stage.
    pub(super) fn apply_to_user_pools(&self, manifest: &mut Manifest) -> Result<()> {
        let pools = &self.settings.user_pools;
        check_names("user pool", pools.keys(), manifest.user_pools.iter().map(|it| &*it.name))?;
        for pool in &mut manifest.user_pools {
            let own = pools.get(&pool.name).cloned().unwrap_or_default();
            check_names("client", own.clients.keys(), pool.oauth.clients.iter().map(|it| &*it.name))?;
            self.apply_to_user_pool(pool, own);
        }
        Ok(())
    }

    /// A domain is one of the region's: two stages cannot have the same.
    fn apply_to_user_pool(&self, pool: &mut UserPool, own: UserPoolSettings) {
        let of_stage = |domain: &String| match &self.name {
            Some(stage) => format!("{domain}-{}", stage.to_lowercase().replace('_', "-")),
            None => domain.clone(),
        };
        pool.oauth.domain = own.domain.or_else(|| pool.oauth.domain.as_ref().map(of_stage));
        for client in &mut pool.oauth.clients {
            let Some(settings) = own.clients.get(&client.name).cloned() else { continue };
            client.callbacks = settings.callbacks.unwrap_or_else(|| client.callbacks.clone());
            client.logouts = settings.logouts.unwrap_or_else(|| client.logouts.clone());
        }
    }
}
