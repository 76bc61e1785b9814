use serde::{Deserialize, Serialize};
use skyloom_manifest::MfaMethod;

use crate::cognito::{
    Context,
    challenge::Asked,
    error::Error,
    pool::{Pool, Pools},
    token,
    totp::Totp,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: Option<String>,
    session: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    secret_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

/// Makes the secret of an authenticator app, for a user who is signed in or who has to set one up first.
pub(super) fn associate_software_token(
    pools: &mut Pools,
    context: &Context<'_>,
    input: Input,
) -> Result<Output, Error> {
    let totp = Totp::new(context.random);
    let secret_code = totp.secret.clone();
    match (input.access_token, input.session) {
        (Some(token), None) => {
            let (pool, key) = token::authenticate(pools, context, &token)?;
            offered(pool)?;
            pool.users.get_mut(&key).ok_or(Error::UserNotFound)?.factors.pending = Some(totp);
            Ok(Output { secret_code, session: None })
        }
        (None, Some(session)) => {
            let pool = pools.by_challenge(&session)?;
            offered(pool)?;
            let session = pool.goes_on(context, &session, Asked::SetUp { pending: Some(totp), verified: false })?;
            Ok(Output { secret_code, session: Some(session) })
        }
        _ => Err(one_of_two()),
    }
}

pub(super) fn offered(pool: &Pool) -> Result<(), Error> {
    if pool.has_factor(MfaMethod::Totp) { Ok(()) } else { Err(Error::NoTotp) }
}

pub(super) fn one_of_two() -> Error {
    Error::InvalidParameter("Provide either an access token or a session".into())
}
