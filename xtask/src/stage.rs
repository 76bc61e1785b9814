//! What differs between the places that an application is deployed to: `skyloom.toml` beside its `Cargo.toml`.

mod api;
mod apply;
mod file;
mod function;
mod settings;
#[cfg(test)]
mod tests;
mod user_pool;

use std::path::Path;

use anyhow::{Result, bail};
use skyloom_manifest::rules;

pub(crate) use self::{
    api::ApiSettings,
    settings::{Architecture, Domain, Package, Settings, Throttle, Vpc},
};
use crate::build::Digest;

/// The file's name.
pub(crate) const FILE: &str = "skyloom.toml";

/// One place that an application is deployed to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stage {
    /// As `--stage` names it; without, what the file says for all stages is all there is.
    pub(crate) name: Option<String>,
    pub(crate) settings: Settings,
}

impl Stage {
    /// The stage of that name, whose settings go before what the file says for all.
    pub(crate) fn read(directory: &Path, name: Option<&str>) -> Result<Self> {
        let path = directory.join(FILE);
        let Some(mut all) = file::read(&path)? else {
            return match name {
                None => Ok(Self::default()),
                Some(name) => bail!("there is no stage `{name}`: write `[stages.{name}]` into {}", path.display()),
            };
        };
        let mut stages = std::mem::take(&mut all.stages);
        let Some(name) = name else { return Ok(Self { name: None, settings: all }) };
        match stages.remove(name) {
            Some(own) => Ok(Self { name: Some(name.to_owned()), settings: own.over(all) }),
            None => bail!("{}", no_such_stage(name, stages.keys().map(String::as_str), &path)),
        }
    }

    /// The names of all stages.
    pub(crate) fn names(directory: &Path) -> Result<Vec<String>> {
        let file = file::read(&directory.join(FILE))?;
        Ok(file.into_iter().flat_map(|all| all.stages.into_keys()).collect())
    }

    /// The name of its CloudFormation stack.
    pub(crate) fn stack(&self, application: &str) -> String {
        match (&self.settings.stack, &self.name) {
            (Some(stack), _) => stack.clone(),
            (None, Some(stage)) => format!("{}-{stage}", for_stack(application)),
            (None, None) => for_stack(application),
        }
    }

    /// Whether its tables and user pools can be deleted only after saying so.
    pub(crate) fn is_protected(&self) -> bool {
        let by_name = || self.name.as_deref().is_some_and(is_of_production);
        self.settings.deletion_protection.unwrap_or_else(by_name)
    }
}

/// The application's name as a stack's has it: without `_`, and so short that a stage has room after it. One that is cut has a
/// fingerprint at the end.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
fn for_stack(application: &str) -> String {
    const LONGEST: usize = 90;
    let name = application.replace('_', "-").trim_start_matches('-').to_owned();
    match name.get(..LONGEST) {
        Some(beginning) if name.len() > LONGEST => {
            format!("{beginning}-{}", &Digest::of(application.as_bytes()).hex()[..4])
        }
        _ => name,
    }
}

/// Whether a stage is, by its name, one that others depend on.
fn is_of_production(name: &str) -> bool {
    let first = name.split(['-', '_']).next().unwrap_or_default();
    ["prod", "production", "prd", "live"].contains(&first)
}

fn no_such_stage<'a>(name: &str, stages: impl Iterator<Item = &'a str> + Clone, path: &Path) -> String {
    let path = path.display();
    match rules::nearest(name, stages.clone()) {
        Some(near) => format!("{path} has no stage `{name}`: did you mean `{near}`?"),
        None if stages.clone().next().is_none() => format!("{path} has no stages: write `[stages.{name}]` into it"),
        None => {
            let all: Vec<_> = stages.map(|stage| format!("`{stage}`")).collect();
            format!("{path} has no stage `{name}`: it has {}", all.join(", "))
        }
    }
}
