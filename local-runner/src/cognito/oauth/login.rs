use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value};

use super::{
    Call,
    authorize::Asked,
    browser,
    door::{self, Challenge, Outcome},
    kept::BROWSER_LIFE,
    page::{self, ATTRIBUTE, Field, Page, of_attributes},
    parameters::{Parameters, query},
    register, reply, set_up,
};
use crate::cognito::{Context, error::Error, pool::Pool, pool::Pools};

/// `GET /login`
pub(super) fn show(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Response<Bytes> {
    match asked(pools, call) {
        Ok((pool, asked)) => {
            let name = asked.login_hint.clone().unwrap_or_default();
            login_page(pool, context, call, (&asked, &name), None).answer(StatusCode::OK)
        }
        Err(refusal) => *refusal,
    }
}

/// `POST /login`
pub(super) fn sign_in(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Response<Bytes>, Error> {
    let (asked, form) = match posted(pools, call) {
        Ok(posted) => posted,
        Err(refusal) => return Ok(*refusal),
    };
    let text = |name: &str| form.get(name).unwrap_or_default();
    let username = text("username").trim();
    let outcome = door::sign_in(pools, context, &call.address.pool_id, (username, text("password")))?;
    go_on(pools, context, call, (&asked, username), outcome)
}

/// `POST /challenge`: a code of an MFA, or a new password.
pub(super) fn answer(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Response<Bytes>, Error> {
    let (asked, form) = match posted(pools, call) {
        Ok(posted) => posted,
        Err(refusal) => return Ok(*refusal),
    };
    let text = |name: &str| form.get(name).unwrap_or_default();
    let (name, username) = (text("challenge"), text("username"));
    if name == set_up::CHALLENGE {
        return set_up::answer(pools, context, call, (&asked, &form));
    }
    let mut responses = Map::from_iter([("USERNAME".to_owned(), Value::from(username))]);
    let (_, field) = question(name);
    responses.insert(field.into(), text("answer").into());
    let attributes = form.beginning_with(ATTRIBUTE);
    responses.extend(attributes.map(|(name, value)| (format!("{ATTRIBUTE}{name}"), value.trim().into())));
    let outcome = door::answer(pools, context, &call.address.pool_id, (name, text("session")), responses)?;
    if let Outcome::Again(said) = outcome {
        let required = form.beginning_with(ATTRIBUTE).map(|(name, _)| name.to_owned()).collect();
        let again = Challenge { name: name.into(), session: text("session").into(), destination: None, required };
        return Ok(challenge_page(context, call, (&asked, username), (&again, &form), Some(&said)));
    }
    go_on(pools, context, call, (&asked, username), outcome)
}

/// Shows what comes next to who has sent a form that was for something else first.
pub(super) fn afterwards(
    pools: &mut Pools,
    context: &Context<'_>,
    call: &Call<'_>,
    outcome: Outcome,
) -> Result<Response<Bytes>, Error> {
    let (asked, form) = match posted(pools, call) {
        Ok(posted) => posted,
        Err(refusal) => return Ok(*refusal),
    };
    let username = form.get("username").unwrap_or_default().trim();
    go_on(pools, context, call, (&asked, username), outcome)
}

/// Shows what comes next.
pub(super) fn go_on(
    pools: &mut Pools,
    context: &Context<'_>,
    call: &Call<'_>,
    (asked, username): (&Asked, &str),
    outcome: Outcome,
) -> Result<Response<Bytes>, Error> {
    let outcome = match outcome {
        Outcome::Challenged(challenge) if challenge.name == set_up::CHALLENGE => {
            return set_up::begin(pools, context, call, (asked, username), &challenge.session);
        }
        outcome => outcome,
    };
    let pool = call.address.pool(pools)?;
    Ok(match outcome {
        Outcome::SignedIn(user) => welcome(pool, context, call, (asked, &user)),
        Outcome::Challenged(challenge) => {
            challenge_page(context, call, (asked, username), (&challenge, &Parameters::default()), None)
        }
        Outcome::Unconfirmed => register::wait(pool, context, call, (asked, username)),
        Outcome::ResetRequired(said) => {
            register::new_password_page(context, call, (asked, username), ("", Some(&said)))
        }
        Outcome::Again(said) | Outcome::Refused(said) => {
            login_page(pool, context, call, (asked, username), Some(&said)).answer(StatusCode::BAD_REQUEST)
        }
    })
}

/// The browser is signed in from now on, and goes back to the client.
pub(super) fn welcome(
    pool: &mut Pool,
    context: &Context<'_>,
    call: &Call<'_>,
    (asked, user): (&Asked, &str),
) -> Response<Bytes> {
    let session = pool.oauth.kept.add_browser(user, context.random, context.now);
    let mut response = asked.grant(pool, context, user);
    browser::set_cookie(&mut response, call.address, (browser::SESSION, &session), BROWSER_LIFE.as_secs());
    response
}

/// The request of the client that a page belongs to.
pub(super) fn asked<'p>(pools: &'p mut Pools, call: &Call<'_>) -> Result<(&'p mut Pool, Asked), Box<Response<Bytes>>> {
    let pool = call.address.pool(pools).map_err(|_| Box::new(reply::not_found()))?;
    let asked = Asked::read(pool, call.address, &Parameters::of_query(call.request.uri()))?;
    Ok((pool, asked))
}

/// The same with a form that is the page's own.
pub(super) fn posted(pools: &mut Pools, call: &Call<'_>) -> Result<(Asked, Parameters), Box<Response<Bytes>>> {
    let (_, asked) = asked(pools, call)?;
    let refused = || {
        Box::new(page::error(
            "csrf",
            "The form was not one of this page, or its cookie has expired. Go back and load the page again.",
            403,
        ))
    };
    let form = browser::own_form(call).ok_or_else(refused)?;
    Ok((asked, form))
}

pub(super) fn login_page<'a>(
    pool: &Pool,
    context: &Context<'_>,
    call: &'a Call<'a>,
    (asked, username): (&Asked, &str),
    said: Option<&str>,
) -> Page<'a> {
    let (label, autocomplete) = name_field(pool);
    let fields = [
        Field::text("username", label, autocomplete, username),
        Field::password("password", "Password", "current-password"),
    ];
    let mut page = Page::new(call, context, &asked.query, "Sign in").alert(said).form("/login", "Sign in", &fields);
    page = page.link("/forgotPassword", "", "Forgot your password?");
    if pool.self_sign_up {
        page = page.link("/signup", "", "Create an account");
    }
    for provider in &pool.oauth.declared.identity_providers {
        let more = format!("&{}", query([("identity_provider", provider.name.as_str())]));
        page = page.link("/oauth2/authorize", &more, &format!("Continue with {}", provider.name));
    }
    page
}

/// What users sign in with: the label and what browsers fill in.
pub(super) fn name_field(pool: &Pool) -> (&'static str, &'static str) {
    match pool.sign_in {
        skyloom_manifest::SignIn::Email => ("E-mail address", "username email"),
        skyloom_manifest::SignIn::Phone => ("Phone number", "username tel"),
        skyloom_manifest::SignIn::Username => ("Username", "username"),
    }
}

fn challenge_page(
    context: &Context<'_>,
    call: &Call<'_>,
    (asked, username): (&Asked, &str),
    (challenge, form): (&Challenge, &Parameters),
    said: Option<&str>,
) -> Response<Bytes> {
    let (label, _) = question(&challenge.name);
    let status = if said.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let answer = match challenge.name.as_str() {
        "NEW_PASSWORD_REQUIRED" => Field::password("answer", label, "new-password"),
        _ => Field::text("answer", label, "one-time-code", form.get("answer").unwrap_or_default()),
    };
    let mut fields = vec![
        Field::hidden("challenge", &challenge.name),
        Field::hidden("session", &challenge.session),
        Field::hidden("username", username),
        answer,
    ];
    let required = of_attributes(challenge.required.iter().map(String::as_str));
    fields.extend(required.iter().map(|attribute| Field::attribute(attribute, form)));
    let mut page = Page::new(call, context, &asked.query, "One more step").alert(said);
    if let Some(destination) = &challenge.destination {
        page = page.note(&format!("A code was sent to {destination}."));
    }
    page.form("/challenge", "Continue", &fields).answer(status)
}

/// What a challenge asks of the user, and the protocol's name for the answer.
fn question(challenge: &str) -> (&'static str, &'static str) {
    match challenge {
        "NEW_PASSWORD_REQUIRED" => ("New password", "NEW_PASSWORD"),
        "SOFTWARE_TOKEN_MFA" => ("Code of your authenticator app", "SOFTWARE_TOKEN_MFA_CODE"),
        "SMS_MFA" => ("Code of the text message", "SMS_MFA_CODE"),
        "EMAIL_OTP" => ("Code of the e-mail", "EMAIL_OTP_CODE"),
        "SELECT_MFA_TYPE" => ("Which of SOFTWARE_TOKEN_MFA, SMS_MFA or EMAIL_OTP", "ANSWER"),
        _ => ("Answer", "ANSWER"),
    }
}
