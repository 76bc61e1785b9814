use serde_json::{Value, json};
use skyloom_manifest::PoolTrigger;

use super::{
    Refusal,
    event::{Asks, Question, Source, about, known},
};
use crate::cognito::{Context, error::Error, message::Medium, pool::Pool, user::User};

/// What stands for the code, and for the username, in the words of the function, which learns neither.
const CODE: &str = "{####}";
const USERNAME: &str = "{username}";
/// Characters of a text message and of an e-mail, with the code in it.
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html>
const SMS: usize = 140;
const EMAIL: usize = 20_000;

/// The words in which a function wants a user to be told a secret, a code or a password; nothing if in Cognito's own.
pub(in crate::cognito) fn custom_message(
    pool: &Pool,
    context: &Context<'_>,
    user: &User,
    (medium, secret): (Medium, &str),
    why: &'static str,
) -> Result<Option<String>, Error> {
    let Some(asked) = pool.triggers.0.get(&PoolTrigger::CustomMessage) else { return Ok(None) };
    let is_invitation = why == "AdminCreateUser";
    let mut request = about(&known(user));
    request.insert("codeParameter".into(), CODE.into());
    request.insert("linkParameter".into(), "{##Click Here##}".into());
    request.insert("usernameParameter".into(), if is_invitation { USERNAME.into() } else { Value::Null });
    context.caller.add_metadata(&mut request);
    let response = json!({"smsMessage": null, "emailMessage": null, "emailSubject": null});
    let asks = Asks { username: &user.username, request, response };
    let answer = context.ask(Question::new(pool, asked, context.caller, Source::CustomMessage(why), asks))?;
    let text = |member: &str| match answer.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Error::Trigger(Refusal::Unrecognizable)),
    };
    let (words, limit) = match medium {
        Medium::Sms => (text("smsMessage")?, SMS),
        Medium::Email => (text("emailMessage")?, EMAIL),
    };
    let Some(words) = words else { return Ok(None) };
    // Without the code it could not do what it is sent for.
    let is_whole = words.contains(CODE) && (!is_invitation || words.contains(USERNAME));
    let filled = words.replace(CODE, secret).replace(USERNAME, &user.username);
    if !is_whole || filled.chars().count() > limit {
        return Err(Error::Trigger(Refusal::Unrecognizable));
    }
    Ok(Some(match (medium, text("emailSubject")?) {
        (Medium::Email, Some(subject)) => format!("{subject}: {filled}"),
        _ => filled,
    }))
}
