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
mod home;
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
mod set_up;
#[cfg(test)]
mod tests;
mod token;
mod user_info;
mod verify;
mod visit;
mod waiting;

use bytes::Bytes;
use http::{Method, Request, Response};

pub(super) use self::{address::Address, client::audience, home::register as register_here, kept::Kept};
pub(crate) use self::{federation::Question, finish::finish, provider::Fetch, visit::visit};
use super::{
    Attempt, Cognito, Context, Talk,
    error::Error,
    pool::Pools,
    trigger::{Caller, Journal, Page},
};

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

/// How far a request comes by itself.
enum Course {
    Step(Step),
    /// To a user who is confirmed now, by their place in the pool, and has shown the password in this visit.
    Confirmed(String),
}

impl From<Response<Bytes>> for Course {
    fn from(response: Response<Bytes>) -> Self {
        Self::Step(Step::Answer(response))
    }
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

    /// What a request to a pool's domain tells of itself to the functions that the pool asks.
    fn talk_of_page(request: &Request<Bytes>) -> Talk {
        let query = parameters::Parameters::of_query(request.uri());
        let form = parameters::Parameters::of_form(request);
        let text = |name: &str| form.as_ref().and_then(|form| form.get(name)).or_else(|| query.get(name));
        let refreshes = text("grant_type") == Some("refresh_token");
        let page = if refreshes { Page::Refresh } else { Page::SignIn };
        let client = text("client_id").map(str::to_owned).or_else(|| client::in_header(request));
        Talk::of(Caller::of_page(client, page))
    }

    /// Answers a request to a pool's domain as far as it comes; [`visit`] leads it to its end.
    fn oauth(&self, talk: &mut Talk, request: &Request<Bytes>) -> Attempt<Course> {
        let Some(address) = self.address(request) else { return Attempt::Ended(Ok(reply::not_found().into())) };
        self.attempt(talk, |pools, context| run(pools, context, &Call { address: &address, request }))
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

    /// Whether a URL is one of a pool or of its domain, wherever it is served.
    pub(crate) fn serves(&self, url: &str) -> bool {
        let is_under = |base: &str| url.strip_prefix(base).is_some_and(|rest| rest.starts_with('/'));
        let pools = self.lock();
        pools.iter().any(|pool| {
            let domain = pool.oauth.declared.domain.as_deref();
            let at_aws = domain.map(|prefix| address::url(prefix, &self.site.region, None));
            let domains = at_aws.into_iter().chain(self.domain_url(pool));
            let local = self.settings.endpoint.iter().map(|endpoint| format!("{endpoint}/{}", pool.id));
            let issuers = [super::Issuer::Aws.of(pool)].into_iter().chain(local);
            domains.chain(issuers).any(|base| is_under(&base))
        })
    }

    /// The clients of a pool of that name beside its own: the name, the id and, if there is one, the secret of each.
    pub(crate) fn other_clients(&self, pool: &str) -> Vec<(String, String, Option<String>)> {
        let pools = self.lock();
        let pool = pools.iter().find(|it| it.name == pool);
        let clients =
            pool.into_iter().flat_map(client::all).filter(|it| Some(&it.declared.name) != pool.map(|it| &it.name));
        clients.map(|client| (client.declared.name, client.id, client.secret)).collect()
    }

    /// The access token of a machine, as tests have it.
    pub(crate) fn machine(&self, pool: &str, name: &str, scopes: &[&str]) -> Result<String, Error> {
        let (caller, journal) = (Caller::default(), Journal::default());
        let context = self.context(&caller, &journal);
        let mut pools = self.lock();
        let pool = super::harness::by_name(&mut pools, pool)?;
        let client = client::all(pool).find(|it| it.declared.name == name);
        let client = client.ok_or_else(|| Error::ClientNotFound(name.into()))?;
        let asked = (!scopes.is_empty()).then(|| scopes.join(" "));
        let granted = client.scopes(asked.as_deref());
        let granted = granted.ok_or_else(|| {
            let known = client.declared.scopes.join(", ");
            Error::InvalidParameter(format!("`{name}` may ask for the scopes {known} alone"))
        })?;
        Ok(token::machine_token(pool, &context, &client, &granted))
    }

    /// The URL of the domain of a pool of that name, if it has one.
    pub(crate) fn sign_in_page(&self, pool: &str) -> Option<String> {
        self.domain_url(self.lock().iter().find(|it| it.name == pool)?)
    }
}

/// The endpoints. Below this there is no socket and no clock.
fn run(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Course, Error> {
    let get = call.request.method() == Method::GET;
    let post = call.request.method() == Method::POST;
    let answer = match call.address.path.as_str() {
        "/oauth2/authorize" if get => return authorize::authorize(pools, context, call).map(Course::Step),
        "/oauth2/idpresponse" if get => return federation::respond(pools, context, call).map(Course::Step),
        "/signup" if post => return register::sign_up(pools, context, call),
        "/confirmUser" if post => return register::confirm(pools, context, call),
        "/oauth2/token" if post => token::token(pools, context, call),
        "/oauth2/userInfo" if get || post => user_info::user_info(pools, context, call),
        "/oauth2/revoke" if post => revoke::revoke(pools, context, call),
        "/logout" if get => logout::logout(pools, context, call),
        "/login" if get => login::show(pools, context, call),
        "/login" if post => login::sign_in(pools, context, call)?,
        "/challenge" if post => login::answer(pools, context, call)?,
        "/signup" if get => register::show_sign_up(pools, context, call),
        "/resendcode" if post => register::resend(pools, context, call)?,
        "/forgotPassword" if get => register::show_forgot(pools, context, call),
        "/forgotPassword" if post => register::forgot(pools, context, call)?,
        "/confirmForgotPassword" if post => register::confirm_forgot(pools, context, call)?,
        "/error" if get => page::shown_error(&parameters::Parameters::of_query(call.request.uri())),
        path if is_known(path) => reply::wrong_method(),
        _ => reply::not_found(),
    };
    Ok(answer.into())
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
