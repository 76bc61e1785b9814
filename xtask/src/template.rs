//! The SAM template of an application: a pure function of its manifest and of the stage.
//!
//! The same two give the same bytes. Each function has a role and a log group of its own, and no statement's
//! resource is `*`; what SAM would add by itself (managed policies, an API description that is no valid OpenAPI) is
//! written out instead.

mod alarm;
pub(crate) mod api;
mod cursor_key;
mod destination;
mod domain;
mod event_invoke;
#[cfg(test)]
pub(crate) mod fixture;
mod function;
mod intrinsic;
mod name;
mod output;
mod overrides;
mod policy;
pub(crate) mod render;
mod schedule;
mod stream;
mod table;
#[cfg(test)]
mod tests;
mod user_pool;
mod vpc;

use std::collections::{BTreeMap, btree_map::Entry};

use anyhow::{Result, bail};
use serde_json::{Value, json};
use skyloom_manifest::Manifest;

pub(crate) use self::overrides::{is_function, name_of_elements};
use crate::stage::Stage;

/// A template, in no particular notation.
#[derive(Debug)]
pub(crate) struct Template {
    value: Value,
}

impl Template {
    /// The template of an application at a stage, whose settings its valid manifest already has where it can.
    pub(crate) fn of(manifest: &Manifest, stage: &Stage) -> Result<Self> {
        let mut resources = Resources::default();
        for function in &manifest.functions {
            function::add(&mut resources, manifest, function, stage);
            alarm::add(&mut resources, function, stage);
        }
        for table in &manifest.tables {
            table::add(&mut resources, table);
        }
        for pool in &manifest.user_pools {
            user_pool::add(&mut resources, pool, stage.is_protected());
        }
        cursor_key::add(&mut resources, manifest);
        if api::exists(manifest) {
            api::add(&mut resources, manifest, stage);
            domain::add(&mut resources, stage);
        }
        let mut value = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Transform": "AWS::Serverless-2016-10-31",
            "Description": format!("The application {}, as its handlers, tables and user pools declare it", manifest.application),
            "Parameters": parameters(stage),
            "Globals": {"Function": function::globals(manifest, stage)},
            "Resources": resources.finish()?,
            "Outputs": output::outputs(manifest, stage),
        });
        render::remove_nulls(&mut value);
        Ok(Self { value })
    }

    /// The template in YAML, as people read it.
    pub(crate) fn to_yaml(&self) -> Result<String> {
        render::yaml(&self.value)
    }

    /// The template in JSON, as machines read it.
    pub(crate) fn to_json(&self) -> Result<String> {
        render::json(&self.value)
    }

    /// The template whose functions have their code from a bucket, as CloudFormation takes it. A function that an override gave
    /// code of its own keeps it.
    pub(crate) fn with_code(&self, bucket: &str, key: &str) -> Value {
        let mut value = self.value.clone();
        value["Globals"]["Function"]["CodeUri"] = json!({"Bucket": bucket, "Key": key});
        value
    }

    /// The resources by logical id.
    pub(crate) fn resources(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.value["Resources"].as_object().into_iter().flatten()
    }

    /// The template itself, for tests that break it.
    #[cfg(test)]
    pub(crate) fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    /// How many outputs it has.
    pub(crate) fn outputs(&self) -> usize {
        self.value["Outputs"].as_object().map_or(0, serde_json::Map::len)
    }
}

/// What a template's text says, in JSON or YAML, with every function in its long form.
pub(crate) fn parse(text: &str) -> Result<Value> {
    overrides::parse(text)
}

/// The logical ids of what may hold data under a name in the code.
pub(crate) fn stateful_ids(name: &str) -> [String; 4] {
    [name::table, name::user_pool, name::queue, name::bucket].map(|id| id(name))
}

/// The stage's parameters, which nothing but overrides refers to.
fn parameters(stage: &Stage) -> Option<Value> {
    let parameters = &stage.settings.parameters;
    let all: BTreeMap<_, _> =
        parameters.iter().map(|(name, value)| (name, json!({"Type": "String", "Default": value}))).collect();
    (!all.is_empty()).then(|| json!(all))
}

/// The resources as they are collected.
#[derive(Default)]
struct Resources {
    by_id: BTreeMap<String, Value>,
    twice: Vec<String>,
}

impl Resources {
    fn add(&mut self, id: String, resource: Value) {
        match self.by_id.entry(id) {
            Entry::Vacant(entry) => _ = entry.insert(resource),
            Entry::Occupied(entry) => self.twice.push(entry.key().clone()),
        }
    }

    /// Adds what several may share, such as a destination.
    fn add_shared(&mut self, id: String, resource: Value) {
        match self.by_id.entry(id) {
            Entry::Vacant(entry) => _ = entry.insert(resource),
            Entry::Occupied(entry) if *entry.get() == resource => {}
            Entry::Occupied(entry) => self.twice.push(entry.key().clone()),
        }
    }

    /// Logical ids are made of names so that they are readable, and two odd names could make the same one.
    fn finish(self) -> Result<BTreeMap<String, Value>> {
        if let Some(id) = self.twice.first() {
            bail!(
                "two resources would have the logical id `{id}`: rename the handler, table or user pool of one of them"
            );
        }
        Ok(self.by_id)
    }
}
