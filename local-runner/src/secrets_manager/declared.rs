//! The secrets of the application, as the stack or somebody else would have made them.

use std::sync::PoisonError;

use skyloom_manifest::{Manifest, Secret, SecretOrigin};

use super::{
    Context, SecretsManager,
    vault::{CURRENT, Stored, Value, Vault},
};
use crate::{random::Random, site::Site};

impl SecretsManager {
    /// Makes the secrets of a version of the application that are not there yet; those that are keep their values.
    pub(crate) fn adopt(&self, manifest: &Manifest) {
        *self.declared.lock().unwrap_or_else(PoisonError::into_inner) = manifest.secrets.clone();
        let mut vault = self.lock();
        for secret in &manifest.secrets {
            let name = physical_name(secret, &self.site);
            if vault.find(&name).is_err() {
                make(&mut vault, secret, name, &self.context());
            }
        }
    }

    /// Gives a secret of the application a value, as its owner would.
    pub(crate) fn set(&self, secret: &Secret, text: String) {
        let context = self.context();
        let mut vault = self.lock();
        if let Ok(stored) = vault.find_mut(&physical_name(secret, &self.site)) {
            let is_same = |text: &str| {
                let current = stored.version(None, None).ok();
                current.is_some_and(|current| current.value == Value::Text(text.to_owned()))
            };
            if !is_same(&text) {
                let id = context.random.uuid();
                // A new id cannot be in the way of a version.
                let _ = stored.put(id, Value::Text(text), vec![CURRENT.into()], context.now);
            }
        }
    }

    /// The value of the application's secret of that name, if it has one: what CloudFormation puts in place of a reference.
    pub(crate) fn text_of(&self, name: &str) -> Option<String> {
        let declared = self.declared.lock().unwrap_or_else(PoisonError::into_inner);
        let name = physical_name(declared.iter().find(|secret| secret.name == name)?, &self.site);
        match &self.lock().find(&name).ok()?.version(None, None).ok()?.value {
            Value::Text(text) => Some(text.clone()),
            Value::Binary(_) => None,
        }
    }

    /// Whether a secret of the application has a value.
    pub(crate) fn is_set(&self, secret: &Secret) -> bool {
        let vault = self.lock();
        vault.find(&physical_name(secret, &self.site)).is_ok_and(|stored| stored.version(None, None).is_ok())
    }

    /// What a function has in its environment: the ARN of a secret that the stack has made, or the id that the code has.
    pub(crate) fn id(&self, secret: &Secret) -> String {
        match &secret.origin {
            SecretOrigin::Existing { id } => self.site.filled_in(id),
            SecretOrigin::Empty | SecretOrigin::Generated { .. } => {
                let name = physical_name(secret, &self.site);
                self.lock().find(&name).map_or(name, |stored| stored.arn.clone())
            }
        }
    }
}

/// The name that a secret has for Secrets Manager.
fn physical_name(secret: &Secret, site: &Site) -> String {
    match &secret.origin {
        SecretOrigin::Existing { id } => match id.split_once(":secret:") {
            Some((_, named)) => named.rsplit_once('-').map_or(named, |(name, _)| name).to_owned(),
            None => id.clone(),
        },
        SecretOrigin::Empty | SecretOrigin::Generated { .. } => site.physical_name(&secret.name),
    }
}

fn make(vault: &mut Vault, secret: &Secret, name: String, context: &Context<'_>) {
    let arn = match &secret.origin {
        SecretOrigin::Existing { id } if id.starts_with("arn:") => context.site.filled_in(id),
        _ => context.new_arn(&name),
    };
    let (description, now) = (secret.description.clone(), context.now);
    let versions = Vec::new();
    let stored = Stored { arn, name, description, created: now, changed: now, accessed: None, versions };
    let Ok(stored) = vault.insert(stored) else { return };
    if let SecretOrigin::Generated { length, punctuation } = secret.origin {
        let random = context.random.apart(&format!("the secret {}", secret.name));
        let text = generated(&random, length, punctuation);
        let _ = stored.put(random.uuid(), Value::Text(text), vec![CURRENT.into()], now); // it is the first version
    }
}

const LETTERS_AND_DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

fn generated(random: &Random, length: u32, punctuation: bool) -> String {
    let alphabet = if punctuation { format!("{LETTERS_AND_DIGITS}{PUNCTUATION}") } else { LETTERS_AND_DIGITS.into() };
    (0..length).map(|_| random.text::<1>(&alphabet)).collect()
}
