//! What a browser remembers: that somebody signed in, and what shows that a form is the page's own.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};

use super::{Call, address::Address, parameters::Parameters};
use crate::{cognito::Context, random::Random};

/// The cookie of who has signed in, as Cognito names it.
pub(super) const SESSION: &str = "cognito";
/// The cookie that a form has to repeat, as Cognito names it.
const TOKEN: &str = "XSRF-TOKEN";
/// The cookie that ties a visit to another provider to the browser that began it.
pub(super) const FEDERATION: &str = "csrf-state";
/// The cookie that ties a registration to the browser in which the password was shown.
pub(super) const WAITING: &str = "confirming";
/// For so many seconds a browser's forms work.
pub(super) const FORM_LIFE: u64 = 3_600;
/// The field of a form.
pub(super) const FIELD: &str = "_csrf";

pub(super) fn cookie<'a>(request: &'a Request<Bytes>, name: &str) -> Option<&'a str> {
    let lines = request.headers().get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(it, _)| *it == name).map(|(_, value)| value).filter(|value| !value.is_empty())
}

pub(super) fn set_cookie(response: &mut Response<Bytes>, address: &Address, (name, value): (&str, &str), seconds: u64) {
    let secure = if address.is_secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path={}/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", address.root);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// What the browser's forms repeat, and whether it is new to the browser.
pub(super) fn form_token(call: &Call<'_>, random: &Random) -> (String, bool) {
    let known = cookie(call.request, TOKEN).filter(|token| is_token(token));
    known.map_or_else(|| (random.hex::<16>(), true), |token| (token.to_owned(), false))
}

fn is_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

pub(super) fn remember_form_token(response: &mut Response<Bytes>, call: &Call<'_>, token: &str) {
    set_cookie(response, call.address, (TOKEN, token), FORM_LIFE);
}

/// The form of a request that came from a page of the domain. Another site can neither read the cookie nor set it.
pub(super) fn own_form(call: &Call<'_>) -> Option<Parameters> {
    let site = call.request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if site.is_some_and(|site| !["same-origin", "none"].contains(&site)) {
        return None;
    }
    let form = Parameters::of_form(call.request)?;
    let token = cookie(call.request, TOKEN).filter(|token| is_token(token))?;
    let given = form.get(FIELD)?;
    aws_lc_rs::constant_time::verify_slices_are_equal(token.as_bytes(), given.as_bytes()).ok()?;
    Some(form)
}

/// The user whom the browser's cookie stands for, by place in the pool.
pub(super) fn signed_in(pool: &crate::cognito::pool::Pool, context: &Context<'_>, call: &Call<'_>) -> Option<String> {
    let user = pool.oauth.kept.browser(cookie(call.request, SESSION)?, context.now)?;
    pool.users.get(&user).filter(|it| it.enabled).map(|_| user)
}
