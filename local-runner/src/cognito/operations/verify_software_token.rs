use serde::{Deserialize, Serialize, de::IgnoredAny};

use super::associate_software_token::{offered, one_of_two};
use crate::cognito::{Context, challenge::Asked, error::Error, pool::Pools, timestamp::Timestamp, token, totp::Totp};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: Option<String>,
    session: Option<String>,
    user_code: String,
    _friendly_device_name: Option<IgnoredAny>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

/// Takes the first code that an authenticator app shows.
pub(super) fn verify_software_token(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    match (&input.access_token, &input.session) {
        (Some(token), None) => {
            let (pool, key) = token::authenticate(pools, context, token)?;
            offered(pool)?;
            let factors = &mut pool.users.get_mut(&key).ok_or(Error::UserNotFound)?.factors;
            factors.totp = Some(checked(factors.pending.clone(), &input.user_code, context.now)?);
            factors.pending = None;
            Ok(Output { status: "SUCCESS", session: None })
        }
        (None, Some(session)) => {
            let pool = pools.by_challenge(session)?;
            let (_, asked) = pool.challenged(session, context.now)?;
            let Asked::SetUp { pending, .. } = asked else { return Err(Error::InvalidSession) };
            let totp = checked(pending, &input.user_code, context.now)?;
            let session = pool.goes_on(context, session, Asked::SetUp { pending: Some(totp), verified: true })?;
            Ok(Output { status: "SUCCESS", session: Some(session) })
        }
        _ => Err(one_of_two()),
    }
}

/// The app, if the code is its.
fn checked(pending: Option<Totp>, code: &str, now: Timestamp) -> Result<Totp, Error> {
    let mut totp = pending.ok_or(Error::EnableTotp)?;
    totp.check(code, now).map_err(|_| Error::EnableTotp)?;
    Ok(totp)
}
