use serde::Deserialize;
use skyloom_manifest::MfaMethod;

use super::shapes::Empty;
use crate::cognito::{
    Context,
    error::Error,
    mfa::{self, Preference},
    pool::Pools,
    token,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: String,
    #[serde(rename = "SMSMfaSettings")]
    sms: Option<Preference>,
    #[serde(rename = "SoftwareTokenMfaSettings")]
    totp: Option<Preference>,
    #[serde(rename = "EmailMfaSettings")]
    email: Option<Preference>,
}

pub(super) fn set_user_mfa_preference(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    let Input { sms, totp, email, .. } = input;
    mfa::prefer(pool, &key, [(MfaMethod::Sms, sms), (MfaMethod::Totp, totp), (MfaMethod::Email, email)])?;
    Ok(Empty {})
}
