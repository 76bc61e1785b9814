//! AWS Secrets Manager, as far as values are put into it and read from it.

mod declared;
mod error;
mod operations;
mod vault;
mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::Response;
use serde_json::Value;

pub(crate) use self::vault::Vault;
use crate::{access::Access, clock::Clock, random::Random, site::Site};

/// The secrets of an account, those of the application and others.
#[derive(Debug)]
pub(crate) struct SecretsManager {
    site: Site,
    clock: Clock,
    random: Random,
    vault: Mutex<Vault>,
    /// Those of the application, as its manifest has them.
    declared: Mutex<Vec<skyloom_manifest::Secret>>,
}

/// What an operation may know beside its input.
struct Context<'a> {
    site: &'a Site,
    /// Seconds since the epoch.
    now: f64,
    random: &'a Random,
}

impl Context<'_> {
    /// Secrets Manager ends an ARN in six characters, so that a secret of an old name is another one.
    fn new_arn(&self, name: &str) -> String {
        let random = self.random.apart(&format!("the ARN of {name}"));
        let end = random.text::<6>("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
        self.site.arn("secretsmanager", &format!("secret:{name}-{end}"))
    }
}

impl SecretsManager {
    pub(crate) fn new(site: Site, clock: Clock, random: Random, kept: Vault) -> Self {
        Self { site, clock, random, vault: Mutex::new(kept), declared: Mutex::default() }
    }

    /// Answers `X-Amz-Target: secretsmanager.{operation}`.
    pub(crate) fn handle(&self, target: &str, body: &[u8]) -> Response<Bytes> {
        let result = operations::run(operation(target), &mut self.lock(), &self.context(), body);
        wire::answer(result, &self.random.uuid())
    }

    /// What a caller has to be allowed. A secret that is not there is called by the name that the request has.
    pub(crate) fn required_access(&self, target: &str, body: &[u8]) -> Access {
        let action = format!("secretsmanager:{}", operation(target));
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let Some(id) = body["SecretId"].as_str().or_else(|| body["Name"].as_str()) else {
            return Access::new(action, "*");
        };
        let resource = match self.lock().find(id) {
            Ok(secret) => secret.arn.clone(),
            Err(_) if id.starts_with("arn:") => id.to_owned(),
            Err(_) => self.site.arn("secretsmanager", &format!("secret:{id}")),
        };
        Access::new(action, resource)
    }

    /// All that is there, to be kept from run to run.
    pub(crate) fn snapshot(&self) -> Vault {
        self.lock().clone()
    }

    fn context(&self) -> Context<'_> {
        Context { site: &self.site, now: self.clock.since_epoch().as_secs_f64(), random: &self.random }
    }

    /// The vault is whole after every statement that changes it, so a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, Vault> {
        self.vault.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn operation(target: &str) -> &str {
    target.rsplit_once('.').map_or(target, |(_, operation)| operation)
}

#[cfg(test)]
mod tests;
