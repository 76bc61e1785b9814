use serde_json::{Map, Value, json};
use skyloom_manifest::PoolTrigger;

use super::{
    Refusal,
    event::{Asks, Question, Source, about, known},
};
use crate::cognito::{
    Context,
    attributes::is_verification,
    error::Error,
    message::Medium,
    pool::Pool,
    user::{Status, User},
};

/// The first sign-in of another provider's user.
pub(in crate::cognito) const EXTERNAL_PROVIDER: &str = "ExternalProvider";

/// Asks whether somebody may be a user of the pool, who is not yet, and does what the answer says of them.
pub(in crate::cognito) fn pre_sign_up(
    pool: &Pool,
    context: &Context<'_>,
    user: &mut User,
    by: &'static str,
) -> Result<(), Error> {
    let Some(asked) = pool.triggers.0.get(&PoolTrigger::PreSignUp) else { return Ok(()) };
    let mut request = about(&given(user));
    if by == EXTERNAL_PROVIDER {
        add_of_provider(&mut request);
    } else {
        context.caller.add_validation_data(&mut request);
    }
    context.caller.add_metadata(&mut request);
    let response = json!({"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false});
    let asks = Asks { username: &user.username, request, response };
    let question = Question::new(pool, asked, context.caller, Source::PreSignUp(by), asks);
    let answer = context.ask(question)?;
    let is_set = |member: &str| match answer.get(member) {
        None => Ok(false),
        Some(value) if value.is_null() => Ok(false),
        Some(value) => value.as_bool().ok_or(Error::Trigger(Refusal::Unrecognizable)),
    };
    for (member, medium) in [("autoVerifyEmail", Medium::Email), ("autoVerifyPhone", Medium::Sms)] {
        if is_set(member)? {
            verify(user, medium)?;
        }
    }
    if is_set("autoConfirmUser")? && user.status == Status::Unconfirmed {
        user.status = Status::Confirmed;
    }
    Ok(())
}

/// Of another provider's user the event has two attributes more that are empty, and validation data that is, which no client could send.
/// The developer guide does not say so; events that people have logged do.
fn add_of_provider(request: &mut Map<String, Value>) {
    for alias in ["cognito:email_alias", "cognito:phone_number_alias"] {
        request["userAttributes"][alias] = "".into();
    }
    request.insert("validationData".into(), json!({}));
}

/// What is known before the sign-up: who signs up has no `sub` yet, and nothing verified.
fn given(user: &User) -> std::collections::BTreeMap<String, String> {
    let mut attributes = user.attributes.clone();
    attributes.retain(|name, value| name != "sub" && !(is_verification(name) && value == "false"));
    attributes
}

fn verify(user: &mut User, medium: Medium) -> Result<(), Error> {
    if user.address(medium).is_none() {
        let what = match medium {
            Medium::Email => "email",
            Medium::Sms => "phone number",
        };
        return Err(Error::NoAddress(what));
    }
    user.attributes.insert(medium.verified_attribute().into(), "true".into());
    Ok(())
}

/// Has it told that a user is confirmed, or has a new password.
pub(in crate::cognito) fn post_confirmation(pool: &Pool, context: &Context<'_>, key: &str, by: &'static str) {
    let asked = pool.triggers.0.get(&PoolTrigger::PostConfirmation).zip(pool.users.get(key));
    let Some((asked, user)) = asked else { return };
    let mut request = about(&known(user));
    context.caller.add_metadata(&mut request);
    let asks = Asks { username: &user.username, request, response: json!({}) };
    context.ask_afterwards(Question::new(pool, asked, context.caller, Source::PostConfirmation(by), asks));
}
