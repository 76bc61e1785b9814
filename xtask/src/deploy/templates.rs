//! The templates of a deployment, as CloudFormation is given them.
//!
//! It takes the root's with the request, and reads those of nested stacks from the bucket, where each is called by the hash of what it says:
//! the root changes when one of them does, and a stack in which nothing changes is left alone.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{bucket::Bucket, tell::Tell};
use crate::{
    build::Digest,
    template::{self, Stacks},
};

/// One template, as it is compared and as it is deployed.
#[derive(Debug)]
pub(super) struct Templates {
    /// All in one, which is what is shown.
    pub(super) whole: Value,
    pub(super) stacks: Stacks,
    /// Of the parts, which are objects of the bucket: the text by the key.
    objects: BTreeMap<String, String>,
}

impl Templates {
    pub(super) fn of(whole: Value, application: &str, bucket: &Bucket<'_>) -> Result<Self> {
        let stacks = template::split(&whole);
        Self::of_stacks(whole, stacks, application, bucket)
    }

    /// The same of stacks that are not cut from the whole.
    pub(super) fn of_stacks(whole: Value, mut stacks: Stacks, application: &str, bucket: &Bucket<'_>) -> Result<Self> {
        let mut objects = BTreeMap::new();
        let mut urls = BTreeMap::new();
        for (part, template) in &stacks.parts {
            let text = serde_json::to_string(template).context("cannot write a template")?;
            let key = format!("{application}/{}.template.json", Digest::of(text.as_bytes()).hex());
            urls.insert(part.clone(), bucket.url(&key));
            objects.insert(key, text);
        }
        stacks.root = stacks.with_urls(|part| urls.get(part).cloned().unwrap_or_default());
        Ok(Self { whole, stacks, objects })
    }

    /// Brings to the bucket what CloudFormation reads from there.
    pub(super) async fn upload(&self, bucket: &Bucket<'_>, tell: &Tell) -> Result<()> {
        if self.objects.is_empty() {
            return Ok(());
        }
        bucket.ensure(tell).await?;
        for (key, text) in &self.objects {
            bucket.put(key, text.clone().into_bytes()).await?;
        }
        Ok(())
    }
}
