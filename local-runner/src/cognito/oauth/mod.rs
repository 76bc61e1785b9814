//! A pool's domain: the sign-in page, the OAuth 2.0 endpoints behind it, and users of other providers.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html>

mod address;
mod authorize;
mod browser;
mod client;
mod door;
mod federation;
mod finish;
mod grant;
mod kept;
mod limit;
mod login;
mod logout;
mod page;
mod parameters;
mod provider;
mod register;
mod reply;
mod revoke;
#[cfg(test)]
mod tests;
mod token;
mod user_info;
mod verify;

use bytes::Bytes;
use http::{Method, Request, Response};

pub(super) use self::{address::Address, client::audience, kept::Kept};
pub(crate) use self::{
    federation::{Learned, Question},
    provider::Fetch,
};
use super::{Cognito, Context, error::Error, pool::Pools};

/// What a pool has of OAuth 2.0: what is declared, and what has come of it.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Domain {
    /// The manifest says it anew at each start.
    #[serde(skip)]
    pub(super) declared: skyloom_manifest::OAuth,
    pub(super) kept: Kept,
}

/// What a request comes to: an answer, or a question to another provider first.
pub(crate) enum Step {
    Answer(Response<Bytes>),
    Ask(Box<Question>),
}

/// A request to a pool's domain.
struct Call<'a> {
    address: &'a Address,
    request: &'a Request<Bytes>,
}

impl Cognito {
    /// Whether a request is one to a pool's domain.
    pub(crate) fn is_for_domain(request: &Request<Bytes>) -> bool {
        address::is_for_domain(request)
    }

    /// Answers a request to a pool's domain.
    pub(crate) fn oauth(&self, request: &Request<Bytes>) -> Step {
        let Some(address) = self.address(request) else { return Step::Answer(reply::not_found()) };
        self.with_messages(|pools, context| {
            run(pools, context, &Call { address: &address, request }).unwrap_or_else(|error| {
                Step::Answer(page::error("server_error", &error.to_string(), 500))
            })
        })
    }

    /// Goes on with what another provider said.
    pub(crate) fn learned(&self, learned: Learned) -> Response<Bytes> {
        self.with_messages(|pools, context| finish::finish(pools, context, learned))
    }

    fn address(&self, request: &Request<Bytes>) -> Option<Address> {
        let pools = self.lock();
        Address::of(request, &pools, &self.site.region, self.settings.endpoint.as_deref())
    }

    /// The URL of a pool's domain, if it has one.
    pub(super) fn domain_url(&self, pool: &super::pool::Pool) -> Option<String> {
        let prefix = pool.oauth.declared.domain.as_deref()?;
        Some(address::url(prefix, &self.site.region, self.settings.endpoint.as_deref()))
    }

    /// The URL of the domain of a pool of that name, if it has one.
    pub(crate) fn sign_in_page(&self, pool: &str) -> Option<String> {
        self.domain_url(self.lock().iter().find(|it| it.name == pool)?)
    }
}

/// The endpoints. Below this there is no socket and no clock.
fn run(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Step, Error> {
    let get = call.request.method() == Method::GET;
    let post = call.request.method() == Method::POST;
    Ok(Step::Answer(match call.address.path.as_str() {
        "/oauth2/authorize" if get => return authorize::authorize(pools, context, call),
        "/oauth2/idpresponse" if get => return federation::respond(pools, context, call),
        "/oauth2/token" if post => token::token(pools, context, call),
        "/oauth2/userInfo" if get || post => user_info::user_info(pools, context, call),
        "/oauth2/revoke" if post => revoke::revoke(pools, context, call),
        "/logout" if get => logout::logout(pools, context, call),
        "/login" if get => login::show(pools, context, call),
        "/login" if post => login::sign_in(pools, context, call)?,
        "/challenge" if post => login::answer(pools, context, call)?,
        "/signup" if get => register::show_sign_up(pools, context, call),
        "/signup" if post => register::sign_up(pools, context, call)?,
        "/confirmUser" if post => register::confirm(pools, context, call)?,
        "/resendcode" if post => register::resend(pools, context, call)?,
        "/forgotPassword" if get => register::show_forgot(pools, context, call),
        "/forgotPassword" if post => register::forgot(pools, context, call)?,
        "/confirmForgotPassword" if post => register::confirm_forgot(pools, context, call)?,
        "/error" if get => page::shown_error(&parameters::Parameters::of_query(call.request.uri())),
        path if is_known(path) => reply::wrong_method(),
        _ => reply::not_found(),
    }))
}

fn is_known(path: &str) -> bool {
    [
        "/oauth2/authorize",
        "/oauth2/idpresponse",
        "/oauth2/token",
        "/oauth2/userInfo",
        "/oauth2/revoke",
        "/logout",
        "/login",
        "/challenge",
        "/signup",
        "/confirmUser",
        "/resendcode",
        "/forgotPassword",
        "/confirmForgotPassword",
        "/error",
    ]
    .contains(&path)
}
