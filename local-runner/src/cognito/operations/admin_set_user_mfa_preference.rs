use serde::Deserialize;
use skyloom_manifest::MfaMethod;

use super::shapes::Empty;
use crate::cognito::{
    Context,
    error::Error,
    mfa::{self, Preference},
    pool::Pools,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    #[serde(rename = "SMSMfaSettings")]
    sms: Option<Preference>,
    #[serde(rename = "SoftwareTokenMfaSettings")]
    totp: Option<Preference>,
    #[serde(rename = "EmailMfaSettings")]
    email: Option<Preference>,
}

pub(super) fn admin_set_user_mfa_preference(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    let Input { sms, totp, email, .. } = input;
    mfa::prefer(pool, &key, [(MfaMethod::Sms, sms), (MfaMethod::Totp, totp), (MfaMethod::Email, email)])?;
    Ok(Empty {})
}
