use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;
use skyloom_manifest::{Mfa, MfaMethod};

use super::get_user_pool_mfa_config::describe;
use crate::cognito::{Context, error::Error, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    #[serde(default)]
    mfa_configuration: MfaConfiguration,
    software_token_mfa_configuration: Option<SoftwareToken>,
    sms_mfa_configuration: Option<IgnoredAny>,
    email_mfa_configuration: Option<IgnoredAny>,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum MfaConfiguration {
    #[default]
    Off,
    Optional,
    On,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SoftwareToken {
    #[serde(default)]
    enabled: bool,
}

/// Holds until the application is started again: then it is what the application declares.
pub(super) fn set_user_pool_mfa_config(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Value, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let wanted = [
        (MfaMethod::Totp, input.software_token_mfa_configuration.is_some_and(|it| it.enabled)),
        (MfaMethod::Sms, input.sms_mfa_configuration.is_some()),
        (MfaMethod::Email, input.email_mfa_configuration.is_some()),
    ];
    let methods: Vec<_> = wanted.into_iter().filter(|(_, wanted)| *wanted).map(|(method, _)| method).collect();
    let required = input.mfa_configuration == MfaConfiguration::On;
    pool.mfa = match input.mfa_configuration {
        MfaConfiguration::Off => None,
        _ if methods.is_empty() => return Err(no_method()),
        MfaConfiguration::Optional | MfaConfiguration::On => Some(Mfa { required, methods, email_identity: None }),
    };
    Ok(describe(pool))
}

fn no_method() -> Error {
    let message = "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.";
    Error::InvalidParameter(message.into())
}
