use skyloom_manifest::{self as manifest, TrafficShift};

/// How a function is run, beside its memory, its timeout and its concurrency.
#[derive(Clone, Copy, Debug)]
pub struct FunctionOptions {
    pub deployment: Option<DeploymentEntry>,
    pub provisioned_concurrency: Option<u32>,
}

/// `deployment = …`: the steps, and the names of hooks.
#[derive(Clone, Copy, Debug)]
pub struct DeploymentEntry {
    pub shift: TrafficShift,
    pub before: Option<&'static str>,
    pub after: Option<&'static str>,
}

impl FunctionOptions {
    /// What a function has when it says nothing.
    pub const DEFAULT: Self = Self { deployment: None, provisioned_concurrency: None };

    pub(crate) fn to_manifest(self) -> manifest::FunctionOptions {
        manifest::FunctionOptions {
            deployment: self.deployment.map(DeploymentEntry::to_manifest),
            provisioned_concurrency: self.provisioned_concurrency,
        }
    }
}

impl DeploymentEntry {
    fn to_manifest(self) -> manifest::Deployment {
        manifest::Deployment {
            shift: self.shift,
            before: self.before.map(Into::into),
            after: self.after.map(Into::into),
        }
    }
}
