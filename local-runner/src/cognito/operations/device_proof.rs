//! `DEVICE_SRP_AUTH` and `DEVICE_PASSWORD_VERIFIER`: a device that is remembered proves to be itself, as users prove their password.

use super::{
    authentication::{self, Output, Who, asks, required},
    respond::Answer,
};
use crate::cognito::{Context, challenge::Asked, error::Error, pool::Pool, srp::Exchange};

/// Asks the device of a user who has answered all else, or signs them in.
pub(super) fn ask_or_sign_in(pool: &mut Pool, context: &Context<'_>, who: Who<'_>) -> Result<Output, Error> {
    let user = pool.users.get(who.key).ok_or(Error::IncorrectPassword)?;
    match who.device.filter(|_| !context.caller.is_page()) {
        Some(device) if pool.remembers(user, Some(device))? => Ok(ask(pool, context, who, device)),
        _ => authentication::signed_in(pool, context, who.key, None),
    }
}

pub(super) fn ask(pool: &mut Pool, context: &Context<'_>, who: Who<'_>, device: &str) -> Output {
    let (session, username) = asks(pool, context, who, Asked::Device(device.to_owned()));
    Output::challenge("DEVICE_SRP_AUTH", session, [("DEVICE_KEY", device.to_owned()), ("USERNAME", username)])
}

/// Takes the device's public number, and asks for its proof.
pub(super) fn begin(
    pool: &mut Pool,
    context: &Context<'_>,
    answer: &Answer<'_>,
    device_key: &str,
) -> Result<Output, Error> {
    let client_public = required(answer.responses, "SRP_A")?;
    let user = pool.users.get(answer.key).ok_or(Error::InvalidSession)?;
    let is_same = required(answer.responses, "DEVICE_KEY")? == device_key;
    let device = user.devices.get(device_key).filter(|_| is_same).ok_or(Error::DeviceNotFound)?;
    let exchange = Exchange::new(device_key.into(), &device.verifier, client_public, context.random);
    let exchange = exchange.ok_or_else(|| Error::InvalidParameter("Invalid SRP_A".into()))?;
    let (salt, public) = (exchange.salt(), exchange.public());
    pool.answered(answer.session);
    let (secret_block, username) = asks(pool, context, answer.who(), Asked::DeviceProof(Box::new(exchange)));
    let parameters = [
        ("DEVICE_KEY", device_key.to_owned()),
        ("SALT", salt),
        ("SECRET_BLOCK", secret_block.clone()),
        ("SRP_B", public),
        ("USERNAME", username),
    ];
    Ok(Output::challenge("DEVICE_PASSWORD_VERIFIER", secret_block, parameters))
}

/// Takes the proof. There is one attempt, and a wrong one counts as a wrong password.
pub(super) fn answer(
    pool: &mut Pool,
    context: &Context<'_>,
    answer: &Answer<'_>,
    exchange: &Exchange,
) -> Result<Output, Error> {
    let timestamp = required(answer.responses, "TIMESTAMP")?;
    let signature = required(answer.responses, "PASSWORD_CLAIM_SIGNATURE")?;
    pool.answered(answer.session);
    authentication::admitted(pool, context, answer.key)?;
    let user = pool.users.get(answer.key).ok_or(Error::InvalidSession)?;
    if !user.enabled {
        return Err(Error::UserDisabled);
    }
    let group = pool.device_group(user);
    let is_proven = exchange.proves(&group, answer.session, timestamp, signature);
    authentication::judged(pool, context, answer.key, is_proven)?;
    let device = pool.users.get_mut(answer.key).and_then(|user| user.devices.get_mut(&exchange.user_id));
    device.ok_or(Error::DeviceNotFound)?.seen(context.now);
    authentication::signed_in(pool, context, answer.key, Some(exchange.user_id.clone()))
}

#[cfg(test)]
mod tests;
