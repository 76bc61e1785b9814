use serde::Deserialize;
use serde_json::{Value, json};
use skyloom_manifest::MfaMethod;

use super::describe_user_pool::configuration;
use crate::cognito::{
    Context,
    error::Error,
    pool::{Pool, Pools},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
}

pub(super) fn get_user_pool_mfa_config(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Value, Error> {
    Ok(describe(pools.by_id(&input.user_pool_id)?))
}

pub(super) fn describe(pool: &Pool) -> Value {
    let mut description = json!({ "MfaConfiguration": configuration(pool) });
    if pool.has_factor(MfaMethod::Totp) {
        description["SoftwareTokenMfaConfiguration"] = json!({ "Enabled": true });
    }
    if pool.has_factor(MfaMethod::Sms) {
        let message = "Your authentication code is {####}. ";
        description["SmsMfaConfiguration"] = json!({ "SmsAuthenticationMessage": message });
    }
    if pool.has_factor(MfaMethod::Email) {
        description["EmailMfaConfiguration"] = json!({});
    }
    description
}
