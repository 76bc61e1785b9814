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
mod files;
#[cfg(test)]
pub(crate) mod fixture;
mod function;
mod identity_pool;
mod integration;
mod intrinsic;
mod name;
mod oauth;
mod output;
mod overrides;
mod package;
mod policy;
pub(crate) mod render;
mod rest;
mod rollout;
mod schedule;
mod secret;
mod split;
mod stream;
mod table;
mod target;
#[cfg(test)]
mod tests;
mod url;
mod user_pool;
mod version;
mod vpc;
mod websocket;

use std::{
    cell::OnceCell,
    collections::{BTreeMap, btree_map::Entry},
};

use anyhow::{Result, bail};
use serde_json::{Value, json};
use skyloom_manifest::Manifest;

pub(crate) use self::{
    files::{Format, leftovers, write, write_file},
    integration::model as integration_model,
    overrides::{is_function, name_of_elements},
    package::{Code, repository},
    split::{Size, Stacks, is_part, join, split},
};
use crate::stage::Stage;

/// A template, in no particular notation.
#[derive(Debug)]
pub(crate) struct Template {
    /// All of it, as if a stack took any number of resources.
    value: Value,
    /// The same as a stack takes it.
    stacks: OnceCell<Stacks>,
}

impl Template {
    /// The template of an application at a stage, whose settings its valid manifest already has where it can.
    pub(crate) fn of(manifest: &Manifest, stage: &Stage) -> Result<Self> {
        let mut resources = Resources::default();
        for function in &manifest.functions {
            function::add(&mut resources, manifest, function, stage);
            alarm::add(&mut resources, function, stage);
            rollout::add(&mut resources, manifest, function, stage);
        }
        for table in &manifest.tables {
            table::add(&mut resources, table);
        }
        for pool in &manifest.user_pools {
            user_pool::add(&mut resources, manifest, pool, stage);
        }
        for pool in &manifest.identity_pools {
            identity_pool::add(&mut resources, manifest, pool, stage);
        }
        for secret in &manifest.secrets {
            secret::add(&mut resources, secret);
        }
        for integration in &manifest.integrations {
            integration::add(&mut resources, manifest, integration, stage);
        }
        cursor_key::add(&mut resources, manifest);
        for api in api::with_routes(manifest) {
            api::add(&mut resources, manifest, api, stage);
            domain::add(&mut resources, api, stage);
        }
        for api in websocket::with_routes(manifest) {
            websocket::add(&mut resources, manifest, api, stage);
            domain::add(&mut resources, api, stage);
        }
        if let Some(boundary) = &stage.settings.permissions_boundary {
            resources.bound_roles(boundary);
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
        version::mark(&mut value);
        Ok(Self { value, stacks: OnceCell::new() })
    }

    /// The template as stacks take it: one, unless it is too large for that.
    pub(crate) fn stacks(&self) -> &Stacks {
        self.stacks.get_or_init(|| split(&self.value))
    }

    /// The application's template whose functions have their code, as CloudFormation takes it. A function that an override
    /// gave code of its own keeps it.
    pub(crate) fn with_code(&self, application: &str, code: &Code) -> Value {
        let mut value = self.value.clone();
        package::put(&mut value, application, code);
        value
    }

    /// The bucket and the key of the code of a template that was deployed.
    pub(crate) fn code_of(template: &Value) -> Option<(&str, &str)> {
        let code = &template["Globals"]["Function"]["CodeUri"];
        Some((code["Bucket"].as_str()?, code["Key"].as_str()?))
    }

    /// The resources by logical id.
    pub(crate) fn resources(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.value["Resources"].as_object().into_iter().flatten()
    }

    /// The whole of it in YAML, whatever its size.
    #[cfg(test)]
    pub(crate) fn to_yaml(&self) -> Result<String> {
        render::yaml(&self.value)
    }

    /// The same in JSON.
    #[cfg(test)]
    pub(crate) fn to_json(&self) -> Result<String> {
        render::json(&self.value)
    }

    /// The template itself, for tests that break it.
    #[cfg(test)]
    pub(crate) fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }
}

/// What a template's text says, in JSON or YAML, with every function in its long form.
pub(crate) fn parse(text: &str) -> Result<Value> {
    overrides::parse(text)
}

/// The logical ids of what may hold data under a name in the code.
pub(crate) fn stateful_ids(name: &str) -> [String; 6] {
    [name::table, name::user_pool, name::queue, name::bucket, name::secret, name::identity_pool].map(|id| id(name))
}

/// The logical id of the URL of a function.
pub(crate) fn url_id(function: &str) -> String {
    name::url(function)
}

/// The logical id of a secret.
pub(crate) fn secret_id(name: &str) -> String {
    name::secret(name)
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

    /// Gives each role a permissions boundary.
    fn bound_roles(&mut self, boundary: &str) {
        for role in self.by_id.values_mut().filter(|resource| resource["Type"] == "AWS::IAM::Role") {
            role["Properties"]["PermissionsBoundary"] = boundary.into();
        }
    }

    /// Logical ids are made of names so that they are readable, and two odd names could make the same one.
    fn finish(self) -> Result<BTreeMap<String, Value>> {
        if let Some(id) = self.twice.first() {
            bail!(
                "two resources would have the logical id `{id}`: rename the handler, table, user pool or secret of one of them"
            );
        }
        Ok(self.by_id)
    }
}
