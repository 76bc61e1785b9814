use serde::{Deserialize, Serialize};

use crate::cognito::{Context, device::Device, error::Error, pool::Pools, srp::Verifier, token};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: String,
    device_key: String,
    device_name: Option<String>,
    device_secret_verifier_config: Option<Secret>,
}

/// `DeviceSecretVerifierConfigType`: both in Base64.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Secret {
    password_verifier: String,
    salt: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    user_confirmation_necessary: bool,
}

/// Takes a device whose key came with the tokens that the caller shows.
pub(super) fn confirm_device(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let (pool, key, session) = token::authenticate_session(pools, context, &input.access_token)?;
    let session = pool.sessions.get(&session).ok_or(Error::AccessTokenRevoked)?;
    let devices = pool.devices.filter(|_| session.device_key.as_ref() == Some(&input.device_key));
    let devices = devices.ok_or(Error::DeviceNotFound)?;
    let secret = input.device_secret_verifier_config;
    let verifier = secret.and_then(|secret| Verifier::of_device(&secret.salt, &secret.password_verifier));
    let verifier = verifier.ok_or_else(|| Error::InvalidParameter("Invalid device secret verifier config".into()))?;
    let user = pool.users.get_mut(&key).ok_or(Error::UserNotFound)?;
    if user.devices.contains_key(&input.device_key) {
        return Err(Error::DeviceKeyExists);
    }
    let asks_user = devices.only_remembered_on_user_prompt;
    let device = Device::new(input.device_name, verifier, !asks_user, context.now);
    user.devices.insert(input.device_key, device);
    Ok(Output { user_confirmation_necessary: asks_user })
}
