use serde::{Deserialize, Serialize};

/// How a function is run, beside its memory, its timeout and its concurrency.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct FunctionOptions {
    /// How callers come to a new version of it; without one, all at once and without a way back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<Deployment>,
    /// So many execution environments are started before anybody calls, and paid for while they wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioned_concurrency: Option<u32>,
}

/// A new version of a function takes over with the help of CodeDeploy, which goes back to the old one when the new one fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Deployment {
    /// In which steps.
    pub shift: TrafficShift,
    /// The hook that has to succeed before anybody gets the new version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The hook that has to succeed once everybody gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// How invocations go over from one version to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum TrafficShift {
    /// Some of them first, and after a while all others.
    Canary {
        /// Per cent, 1 to 99.
        percentage: u32,
        /// How long the others wait, in minutes, 1 to 2,880.
        interval: u32,
    },
    /// So many more each time.
    Linear {
        /// Per cent, 1 to 99.
        percentage: u32,
        /// The time between two steps, in minutes; all steps together take 2,880 at most.
        interval: u32,
    },
    /// All of them, once the hook has succeeded.
    AllAtOnce,
}

impl Deployment {
    /// The hooks that it names, with the word that names each.
    pub fn hooks(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let before = self.before.iter().map(|hook| ("before", hook));
        before.chain(self.after.iter().map(|hook| ("after", hook)))
    }
}

impl FunctionOptions {
    /// Whether callers go through an alias, which stands for one version of the function: only versions can be shifted between
    /// and kept warm.
    pub fn has_alias(&self) -> bool {
        self.deployment.is_some() || self.provisioned_concurrency.is_some()
    }
}

/// Whether there is nothing to print.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
