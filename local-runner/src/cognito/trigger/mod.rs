//! The functions that a pool asks, Cognito's Lambda triggers.
//!
//! An operation is a plain function on the pools, under their lock. Where it has to ask a function of the application, it looks into the
//! [journal](journal) of its call. If the answer is not there yet, it gives up: the [driver](talk) puts the pools back as they were,
//! unlocks them, asks, writes the answer down, and runs the operation again, which now comes a step further. The clock and the luck of a
//! call are the same in each run. So no lock is held while a function runs, a function may call Cognito itself, and what it is told is what
//! comes to pass. What a function is to find done, such as a confirmation, it is asked of after the operation.

mod authentication;
mod caller;
mod challenge;
mod event;
mod journal;
mod lambda;
mod message;
mod migration;
mod sign_up;
mod talk;
#[cfg(test)]
mod tests;
mod tokens;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use skyloom_manifest::{Manifest, PoolEventVersion, PoolTrigger};

pub(super) use self::lambda::Refusal;
pub(crate) use self::talk::{Attempt, Talk, talk};
pub(super) use self::{
    authentication::{post_authentication, pre_authentication},
    caller::{Caller, Page},
    challenge::{Custom, Next, Round, create_challenge, define_challenge, verify_challenge},
    journal::Journal,
    message::custom_message,
    migration::{Migrated, migrated},
    sign_up::{EXTERNAL_PROVIDER, post_confirmation, pre_sign_up},
    tokens::customized,
};

use crate::site::Site;

/// Which functions a pool asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Triggers(BTreeMap<PoolTrigger, Asked>);

/// A function that a pool asks.
#[derive(Clone, Debug)]
struct Asked {
    function: String,
    arn: String,
    version: PoolEventVersion,
}

impl Triggers {
    pub(super) fn of(manifest: &Manifest, pool: &str, site: &Site) -> Self {
        let asked = manifest.asked_by(pool).map(|(function, on, version)| {
            let arn = site.function_arn(&function.name);
            (on, Asked { function: function.name.clone(), arn, version })
        });
        Self(asked.collect())
    }

    /// `LambdaConfig`. A function of the tokens is in two members.
    pub(super) fn lambda_config(&self) -> Value {
        let mut config: Map<String, Value> =
            self.0.iter().map(|(on, asked)| (on.lambda_config().to_owned(), asked.arn.clone().into())).collect();
        if let Some(Asked { arn, version, .. }) = self.0.get(&PoolTrigger::PreTokenGeneration) {
            let config_of_tokens = json!({ "LambdaArn": arn, "LambdaVersion": version });
            config.insert("PreTokenGenerationConfig".into(), config_of_tokens);
        }
        config.into()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
