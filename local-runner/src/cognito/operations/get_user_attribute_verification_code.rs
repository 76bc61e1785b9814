use serde::{Deserialize, Serialize};

use super::Metadata;
use crate::cognito::{
    Context,
    attempts::Action,
    delivery::Purpose,
    error::Error,
    message::{CodeDelivery, Medium},
    pool::{Pool, Pools},
    token,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: String,
    attribute_name: String,
    _client_metadata: Option<Metadata>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    code_delivery_details: CodeDelivery,
}

pub(super) fn get_user_attribute_verification_code(
    pools: &mut Pools,
    context: &Context<'_>,
    input: Input,
) -> Result<Output, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    let medium = medium_of(&input.attribute_name)?;
    pool.attempts(&key, context.now).count(Action::GetUserAttributeVerificationCode, context.now)?;
    let code_delivery_details = verification(pool, context, &key, Purpose::VerifyUserAttribute, medium)?;
    Ok(Output { code_delivery_details })
}

pub(super) fn medium_of(attribute: &str) -> Result<Medium, Error> {
    Medium::of_attribute(attribute)
        .ok_or_else(|| Error::InvalidParameter(format!("{attribute}: only email and phone_number can be verified")))
}

/// Sends the code that verifies an address, and says where it went.
pub(super) fn verification(
    pool: &mut Pool,
    context: &Context<'_>,
    key: &str,
    purpose: Purpose,
    medium: Medium,
) -> Result<CodeDelivery, Error> {
    let sent = pool.send_code(context, key, purpose, medium)?.ok_or(Error::NothingToVerify(medium.attribute()))?;
    let user = pool.users.get_mut(key).ok_or(Error::UserNotFound)?;
    user.verifications.insert(medium.attribute().into(), sent.code);
    Ok(sent.delivery)
}
