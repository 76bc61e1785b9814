//! Users of other OpenID Connect providers. A browser goes there with a `state` that is tied to it, and comes back to
//! `/oauth2/idpresponse`; what the provider has to be asked is asked without any lock.

use aws_lc_rs::digest::{self, SHA256};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use skyloom_manifest::IdentityProvider;

use super::{
    Call, Step,
    address::Address,
    authorize::Asked,
    browser,
    kept::Visit,
    page,
    parameters::Parameters,
    provider::{self, Configuration, Fetch},
    verify,
};
use crate::cognito::{
    Context,
    error::Error,
    pool::{Pool, Pools},
    timestamp::Timestamp,
};

/// Where providers send browsers back to.
const RETURN: &str = "/oauth2/idpresponse";

/// What another provider is to be asked, and all that is needed to go on afterwards.
#[derive(Debug)]
pub(crate) struct Question {
    provider: IdentityProvider,
    redirect_uri: String,
    address: Address,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Where its sign-in page is.
    Begin { state: String, cookie: String, nonce: String, challenge: String },
    /// Who the user is whom it sent back with a code.
    Finish { code: String, visit: Visit, now: Timestamp },
}

/// What another provider said.
#[derive(Clone, Debug)]
pub(crate) struct Learned {
    pub(super) address: Address,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// The URL of its sign-in page, with what it has to be told, and the cookie of the browser.
    SignIn { url: String, cookie: String },
    /// A user by their claims, for the request of a client.
    User { provider: IdentityProvider, claims: Map<String, Value>, query: String },
    /// The same, by their place in the pool.
    Known { user: String, query: String },
    /// Why there is none.
    Nobody { said: String, query: Option<String> },
}

/// Begins a visit to a provider of the pool.
pub(super) fn begin(pool: &mut Pool, context: &Context<'_>, call: &Call<'_>, (asked, name): (Asked, &str)) -> Step {
    let provider = pool.oauth.declared.identity_providers.iter().find(|it| it.name == name).cloned();
    let Some(provider) = provider else {
        return Step::Answer(asked.refuse("invalid_request", "there is no such identity_provider"));
    };
    let (nonce, verifier) = (context.random.hex::<16>(), context.random.hex::<32>());
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&SHA256, verifier.as_bytes()));
    let visit = (provider.name.clone(), asked.query);
    let luck = (context.random, context.now);
    let (state, cookie) = pool.oauth.kept.add_visit(visit, (nonce.clone(), verifier), luck);
    let kind = Kind::Begin { state, cookie, nonce, challenge };
    Step::Ask(Box::new(Question::new(provider, call, kind)))
}

/// `GET /oauth2/idpresponse`
pub(super) fn respond(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Step, Error> {
    let parameters = Parameters::of_query(call.request.uri());
    let pool = call.address.pool(pools)?;
    let cookie = browser::cookie(call.request, browser::FEDERATION);
    let state = parameters.get("state").filter(|_| !parameters.is_repeated("state"));
    let visit = state.and_then(|state| pool.oauth.kept.take_visit(state, cookie, context.now));
    let Some(visit) = visit else {
        let explanation =
            "This browser has not begun to sign in there, or too long ago. Begin again at the application.";
        return Ok(Step::Answer(page::error("invalid_request", explanation, 400)));
    };
    let provider = pool.oauth.declared.identity_providers.iter().find(|it| it.name == visit.provider).cloned();
    let (Some(provider), Some(code)) = (provider, parameters.get("code")) else {
        let said = parameters.get("error").unwrap_or("the provider sent no code");
        let said: String = said.chars().filter(|letter| !letter.is_control()).take(100).collect();
        let asked = Asked::read(pool, call.address, &parameters_of(&visit.query));
        return Ok(Step::Answer(asked.map_or_else(|refusal| *refusal, |asked| asked.refuse("invalid_request", &said))));
    };
    let kind = Kind::Finish { code: code.into(), visit, now: context.now };
    Ok(Step::Ask(Box::new(Question::new(provider, call, kind))))
}

/// The parameters of a query that was kept.
pub(super) fn parameters_of(query: &str) -> Parameters {
    format!("/?{query}").parse().map(|uri| Parameters::of_query(&uri)).unwrap_or_default()
}

impl Question {
    fn new(provider: IdentityProvider, call: &Call<'_>, kind: Kind) -> Self {
        let redirect_uri = call.address.to(RETURN, "");
        Self { provider, redirect_uri, address: call.address.clone(), kind }
    }

    /// The name of the secret with which the pool is the provider's client.
    pub(crate) fn secret(&self) -> &str {
        &self.provider.client_secret
    }

    /// Asks the provider.
    pub(crate) async fn ask(self, fetch: &Fetch, secret: Option<String>) -> Learned {
        let query = match &self.kind {
            Kind::Begin { .. } => None,
            Kind::Finish { visit, .. } => Some(visit.query.clone()),
        };
        let address = self.address.clone();
        let name = self.provider.name.clone();
        let what = self.try_ask(fetch, secret).await;
        let what = what.unwrap_or_else(|error| What::Nobody { said: format!("{name}: {error}"), query });
        Learned { address, what }
    }

    async fn try_ask(self, fetch: &Fetch, secret: Option<String>) -> Result<What, String> {
        let configuration = provider::discover(fetch, &self.provider.issuer).await?;
        match self.kind {
            Kind::Begin { state, cookie, nonce, challenge } => {
                let scopes = self.provider.scopes.join(" ");
                let pairs = [
                    ("response_type", "code"),
                    ("client_id", &self.provider.client_id),
                    ("redirect_uri", &self.redirect_uri),
                    ("scope", &scopes),
                    ("state", &state),
                    ("nonce", &nonce),
                    ("code_challenge", &challenge),
                    ("code_challenge_method", "S256"),
                ];
                Ok(What::SignIn { url: configuration.sign_in_url(pairs)?, cookie })
            }
            Kind::Finish { code, visit, now } => {
                let secret = secret.ok_or_else(|| {
                    let name = &self.provider.client_secret;
                    format!("the secret `{name}`, with which the pool is its client, has no value yet")
                })?;
                let client = (self.provider.client_id.as_str(), secret.as_str());
                let code = (code.as_str(), self.redirect_uri.as_str(), visit.verifier.as_str());
                let claims = claims(fetch, (&configuration, &self.provider.issuer), client, code, (&visit.nonce, now));
                Ok(What::User { claims: claims.await?, provider: self.provider, query: visit.query })
            }
        }
    }
}

/// The claims of the ID token for a code, and those of the userinfo endpoint if there is one that speaks of the same user.
async fn claims(
    fetch: &Fetch,
    (configuration, issuer): (&Configuration, &str),
    client: (&str, &str),
    code: (&str, &str, &str),
    (nonce, now): (&str, Timestamp),
) -> Result<Map<String, Value>, String> {
    let tokens = provider::exchange(fetch, configuration, client, code).await?;
    let keys = provider::keys(fetch, configuration).await?;
    let expected = verify::Expected { issuer, audience: client.0, nonce, now: now.seconds() };
    let mut claims = verify::verify(&tokens.id_token, &keys, &expected)?;
    if let Some(more) = provider::user_info(fetch, configuration, tokens.access_token.as_deref()).await
        && more.get("sub") == claims.get("sub")
    {
        for (name, value) in more {
            claims.entry(name).or_insert(value); // what is signed goes before
        }
    }
    Ok(claims)
}
