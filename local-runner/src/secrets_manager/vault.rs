use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::error::Error;

pub(super) const CURRENT: &str = "AWSCURRENT";
pub(super) const PREVIOUS: &str = "AWSPREVIOUS";

/// The secrets of an account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Vault {
    /// By name.
    secrets: BTreeMap<String, Stored>,
}

/// A secret with its versions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// Seconds since the epoch, as the others.
    pub(super) created: f64,
    pub(super) changed: f64,
    /// The day, as Secrets Manager keeps it.
    pub(super) accessed: Option<f64>,
    pub(super) versions: Vec<Version>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) value: Value,
    pub(super) stages: Vec<String>,
    pub(super) created: f64,
}

/// What is secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Value {
    #[serde(rename = "SecretString")]
    Text(String),
    /// In base64, as the protocol has it.
    #[serde(rename = "SecretBinary")]
    Binary(String),
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(redacted)")
    }
}

impl Value {
    /// The value of a request, which has one at most.
    pub(super) fn of(text: Option<String>, binary: Option<String>) -> Result<Option<Self>, Error> {
        match (text, binary) {
            (Some(_), Some(_)) => Err(Error::InvalidParameter(
                "You can't specify both a binary secret value and a string secret value in the same secret.".into(),
            )),
            (text, binary) => Ok(text.map(Self::Text).or(binary.map(Self::Binary))),
        }
    }
}

impl Vault {
    /// By name, by ARN, or by an ARN without its last six characters.
    pub(super) fn find(&self, id: &str) -> Result<&Stored, Error> {
        self.name_of(id).and_then(|name| self.secrets.get(name)).ok_or(Error::SecretNotFound)
    }

    pub(super) fn find_mut(&mut self, id: &str) -> Result<&mut Stored, Error> {
        let name = self.name_of(id).ok_or(Error::SecretNotFound)?.to_owned();
        self.secrets.get_mut(&name).ok_or(Error::SecretNotFound)
    }

    fn name_of<'a>(&'a self, id: &'a str) -> Option<&'a str> {
        if !id.starts_with("arn:") {
            return Some(id);
        }
        let is_meant = |it: &&Stored| it.arn == id || it.arn.rsplit_once('-').is_some_and(|(partial, _)| partial == id);
        self.secrets.values().find(is_meant).map(|it| &*it.name)
    }

    pub(super) fn insert(&mut self, secret: Stored) -> Result<&mut Stored, Error> {
        if self.secrets.contains_key(&secret.name) {
            return Err(Error::SecretExists(secret.name));
        }
        Ok(self.secrets.entry(secret.name.clone()).or_insert(secret))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Stored> {
        self.secrets.values()
    }
}

impl Stored {
    /// Adds a version with these labels, which another loses. The one that was current becomes the previous one.
    pub(super) fn put(&mut self, id: String, value: Value, stages: Vec<String>, now: f64) -> Result<&Version, Error> {
        if let Some(at) = self.versions.iter().position(|version| version.id == id) {
            let version = &self.versions[at];
            return if version.value == value { Ok(version) } else { Err(Error::VersionExists) };
        }
        let current = self.versions.iter().position(|version| version.stages.iter().any(|it| it == CURRENT));
        for version in &mut self.versions {
            version.stages.retain(|stage| !stages.contains(stage));
        }
        if let (Some(current), true) = (current, stages.iter().any(|it| it == CURRENT)) {
            self.versions.iter_mut().for_each(|version| version.stages.retain(|stage| stage != PREVIOUS));
            self.versions[current].stages.push(PREVIOUS.into());
        }
        self.versions.retain(|version| !version.stages.is_empty()); // those without a label are deprecated
        self.changed = now;
        self.versions.push(Version { id, value, stages, created: now });
        self.versions.last().ok_or(Error::SecretNotFound)
    }

    /// The version with this id, this label, or both; the current one without either.
    pub(super) fn version(&self, id: Option<&str>, stage: Option<&str>) -> Result<&Version, Error> {
        let has = |version: &&Version, stage: &str| version.stages.iter().any(|it| it == stage);
        if let Some(id) = id {
            let version = self.versions.iter().find(|version| version.id == id);
            let version = version.ok_or_else(|| Error::VersionNotFound(format!("VersionId: {id}")))?;
            let fits = stage.is_none_or(|stage| has(&version, stage));
            return if fits { Ok(version) } else { Err(Error::StageOfAnotherVersion) };
        }
        let stage = stage.unwrap_or(CURRENT);
        let version = self.versions.iter().find(|version| has(version, stage));
        version.ok_or_else(|| Error::VersionNotFound(format!("staging label: {stage}")))
    }

    /// The labels of each version, if there is one.
    pub(super) fn stages(&self) -> Option<BTreeMap<&str, &[String]>> {
        let stages = self.versions.iter().map(|version| (&*version.id, &*version.stages));
        (!self.versions.is_empty()).then(|| stages.collect())
    }
}
