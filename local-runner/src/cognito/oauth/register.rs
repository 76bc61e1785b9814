//! Pages for who has no account yet, or no password any more.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;
use skyloom_manifest::SignIn;

use super::{
    Call, Course,
    authorize::Asked,
    door,
    login::{asked, login_page, name_field, posted},
    page::{ATTRIBUTE, Field, Page, of_attributes},
    parameters::Parameters,
    waiting,
};
use crate::cognito::{
    Context,
    error::Error,
    pool::{Pool, Pools},
    user::Status,
};

/// `GET /signup`
pub(super) fn show_sign_up(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Response<Bytes> {
    sign_up_page(pools, context, call, &Parameters::default(), None)
}

/// `POST /signup`
pub(super) fn sign_up(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Course, Error> {
    let (asked, form) = match posted(pools, call) {
        Ok(posted) => posted,
        Err(refusal) => return Ok((*refusal).into()),
    };
    let text = |name: &str| form.get(name).unwrap_or_default();
    let (username, email) = (text("username").trim(), text("email").trim());
    let email = Some(("email", email)).filter(|(_, email)| !email.is_empty());
    let written = form.beginning_with(ATTRIBUTE).map(|(name, value)| (name, value.trim())).chain(email);
    let attributes: Vec<_> = written.map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
    let input = json!({ "Username": username, "Password": text("password"), "UserAttributes": attributes });
    match door::run(pools, context, &call.address.pool_id, "SignUp", input)? {
        None => after_sign_up(call.address.pool(pools)?, context, call, (&asked, username)),
        said => Ok(sign_up_page(pools, context, call, &form, said.as_deref()).into()),
    }
}

fn sign_up_page(
    pools: &mut Pools,
    context: &Context<'_>,
    call: &Call<'_>,
    form: &Parameters,
    said: Option<&str>,
) -> Response<Bytes> {
    let text = |name: &str| form.get(name).unwrap_or_default().trim();
    let (pool, asked) = match asked(pools, call) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let page = Page::new(call, context, &asked.query, "Create an account");
    if !pool.self_sign_up {
        let page = page.alert(Some("Accounts are made by an administrator here."));
        return page.link("/login", "", "Back to sign in").answer(StatusCode::BAD_REQUEST);
    }
    let (label, autocomplete) = name_field(pool);
    let mut fields = vec![Field::text("username", label, autocomplete, text("username"))];
    let asks_for_email = pool.sign_in == SignIn::Username; // the code goes there
    if asks_for_email {
        fields.push(Field::text("email", "E-mail address", "email", text("email")));
    }
    let required = pool.schema.required.iter().map(String::as_str).filter(|name| !asks_for_email || *name != "email");
    let required = of_attributes(required);
    fields.extend(required.iter().map(|attribute| Field::attribute(attribute, form)));
    fields.push(Field::password("password", "Password", "new-password"));
    let status = if said.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page.alert(said).form("/signup", "Create the account", &fields).link("/login", "", "Back to sign in").answer(status)
}

/// Whom a function of the pool has confirmed is signed in at once, and others when they have the code.
fn after_sign_up(
    pool: &mut Pool,
    context: &Context<'_>,
    call: &Call<'_>,
    (asked, username): (&Asked, &str),
) -> Result<Course, Error> {
    let key = pool.key_of(username).ok_or(Error::UserNotFound)?;
    if pool.users.get(&key).is_some_and(|user| user.status == Status::Confirmed) {
        return Ok(Course::Confirmed(key));
    }
    Ok(wait(pool, context, call, (asked, username)).into())
}

/// Asks who has shown the password, but is not confirmed, for the code, and lets this browser go on with it.
pub(super) fn wait(
    pool: &mut Pool,
    context: &Context<'_>,
    call: &Call<'_>,
    (asked, username): (&Asked, &str),
) -> Response<Bytes> {
    let mut response = confirm_page(context, call, (asked, username), ("", None));
    if let Some(key) = pool.key_of(username) {
        waiting::begin(pool, context, call, &key, &mut response);
    }
    response
}

/// Asks for the code that was sent.
fn confirm_page(
    context: &Context<'_>,
    call: &Call<'_>,
    (asked, username): (&Asked, &str),
    (typed, said): (&str, Option<&str>),
) -> Response<Bytes> {
    let fields = [Field::hidden("username", username), Field::text("code", "Code", "one-time-code", typed)];
    let status = if said.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Page::new(call, context, &asked.query, "Confirm your account")
        .alert(said)
        .note("A code was sent to you.")
        .form("/confirmUser", "Confirm", &fields)
        .form("/resendcode", "Send another code", &[Field::hidden("username", username)])
        .link("/login", "", "Back to sign in")
        .answer(status)
}

/// `POST /confirmUser`
pub(super) fn confirm(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Course, Error> {
    let (asked, form) = match posted(pools, call) {
        Ok(posted) => posted,
        Err(refusal) => return Ok((*refusal).into()),
    };
    let text = |name: &str| form.get(name).unwrap_or_default();
    let (username, code) = (text("username"), text("code"));
    let input = json!({ "Username": username, "ConfirmationCode": code });
    let said = door::run(pools, context, &call.address.pool_id, "ConfirmSignUp", input)?;
    if said.is_some() {
        return Ok(confirm_page(context, call, (&asked, username), (code, said.as_deref())).into());
    }
    let pool = call.address.pool(pools)?;
    let key = pool.key_of(username).ok_or(Error::UserNotFound)?;
    if waiting::end(pool, context, call, &key) {
        return Ok(Course::Confirmed(key));
    }
    let page = login_page(pool, context, call, (&asked, username), None);
    Ok(page.note("The account is confirmed: sign in.").answer(StatusCode::OK).into())
}

/// `POST /resendcode`
pub(super) fn resend(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Response<Bytes>, Error> {
    let (asked, form) = match posted(pools, call) {
        Ok(posted) => posted,
        Err(refusal) => return Ok(*refusal),
    };
    let username = form.get("username").unwrap_or_default();
    let input = json!({ "Username": username });
    let said = door::run(pools, context, &call.address.pool_id, "ResendConfirmationCode", input)?;
    Ok(confirm_page(context, call, (&asked, username), ("", said.as_deref())))
}

/// `GET /forgotPassword`
pub(super) fn show_forgot(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Response<Bytes> {
    forgot_page(pools, context, call, "", None)
}

fn forgot_page(
    pools: &mut Pools,
    context: &Context<'_>,
    call: &Call<'_>,
    username: &str,
    said: Option<&str>,
) -> Response<Bytes> {
    let (pool, asked) = match asked(pools, call) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let (label, autocomplete) = name_field(pool);
    let fields = [Field::text("username", label, autocomplete, username)];
    let status = if said.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let page = Page::new(call, context, &asked.query, "Forgot your password?").alert(said);
    page.form("/forgotPassword", "Send a code", &fields).link("/login", "", "Back to sign in").answer(status)
}

/// `POST /forgotPassword`
pub(super) fn forgot(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Response<Bytes>, Error> {
    let (asked, form) = match posted(pools, call) {
        Ok(posted) => posted,
        Err(refusal) => return Ok(*refusal),
    };
    let username = form.get("username").unwrap_or_default().trim();
    let said = door::run(pools, context, &call.address.pool_id, "ForgotPassword", json!({ "Username": username }))?;
    Ok(match said {
        None => new_password_page(context, call, (&asked, username), ("", None)),
        Some(said) => forgot_page(pools, context, call, username, Some(&said)),
    })
}

/// Asks for the code with which a password is replaced.
pub(super) fn new_password_page(
    context: &Context<'_>,
    call: &Call<'_>,
    (asked, username): (&Asked, &str),
    (typed, said): (&str, Option<&str>),
) -> Response<Bytes> {
    let fields = [
        Field::hidden("username", username),
        Field::text("code", "Code", "one-time-code", typed),
        Field::password("password", "New password", "new-password"),
    ];
    let status = if said.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Page::new(call, context, &asked.query, "Choose a new password")
        .alert(said)
        .note("If there is such an account, a code was sent to its address.")
        .form("/confirmForgotPassword", "Change the password", &fields)
        .form("/forgotPassword", "Send another code", &[Field::hidden("username", username)])
        .link("/login", "", "Back to sign in")
        .answer(status)
}

/// `POST /confirmForgotPassword`. Who has changed the password returns to the page to sign in.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html>
pub(super) fn confirm_forgot(
    pools: &mut Pools,
    context: &Context<'_>,
    call: &Call<'_>,
) -> Result<Response<Bytes>, Error> {
    let (asked, form) = match posted(pools, call) {
        Ok(posted) => posted,
        Err(refusal) => return Ok(*refusal),
    };
    let text = |name: &str| form.get(name).unwrap_or_default();
    let username = text("username");
    let input = json!({ "Username": username, "ConfirmationCode": text("code"), "Password": text("password") });
    let said = door::run(pools, context, &call.address.pool_id, "ConfirmForgotPassword", input)?;
    if said.is_some() {
        return Ok(new_password_page(context, call, (&asked, username), (text("code"), said.as_deref())));
    }
    let pool = call.address.pool(pools)?;
    let page = login_page(pool, context, call, (&asked, username), None);
    Ok(page.note("The password is changed: sign in with it.").answer(StatusCode::OK))
}
