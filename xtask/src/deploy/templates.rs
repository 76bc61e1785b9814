//! The templates of a deployment, as CloudFormation is given them.
//!
//! It takes the root's with the request, and reads those of nested stacks from the bucket, where each is called by the hash of what it says:
//! the root changes when one of them does, and a stack in which nothing changes is left alone.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{bucket::Bucket, tell::Tell};
use crate::{build::Digest, template};

/// One template, as it is compared and as it is deployed.
#[derive(Debug)]
pub(super) struct Templates {
    /// All in one, which is what is shown.
    pub(super) whole: Value,
    pub(super) root: Value,
    /// Objects of the bucket, by key.
    parts: BTreeMap<String, String>,
}

impl Templates {
    pub(super) fn of(whole: Value, application: &str, bucket: &Bucket<'_>) -> Result<Self> {
        let stacks = template::split(&whole);
        let mut parts = BTreeMap::new();
        let mut urls = BTreeMap::new();
        for (part, template) in &stacks.parts {
            let text = serde_json::to_string(template).context("cannot write a template")?;
            let key = format!("{application}/{}.template.json", Digest::of(text.as_bytes()).hex());
            urls.insert(part.clone(), bucket.url(&key));
            parts.insert(key, text);
        }
        let root = stacks.with_urls(|part| urls.get(part).cloned().unwrap_or_default());
        Ok(Self { whole, root, parts })
    }

    /// Brings to the bucket what CloudFormation reads from there.
    pub(super) async fn upload(&self, bucket: &Bucket<'_>, tell: &Tell) -> Result<()> {
        if self.parts.is_empty() {
            return Ok(());
        }
        tell.note(&format!("the application is more than a stack takes: it has {} nested ones", self.parts.len()))?;
        bucket.ensure(tell).await?;
        for (key, text) in &self.parts {
            bucket.put(key, text.clone().into_bytes()).await?;
        }
        Ok(())
    }
}
