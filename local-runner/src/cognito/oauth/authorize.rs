use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::Response;
use skyloom_manifest::OAuthFlow;

use super::{
    Call, Step,
    address::Address,
    browser,
    client::Client,
    federation,
    grant::{self, Grant},
    parameters::{Parameters, query},
    reply,
};
use crate::cognito::{
    Context,
    error::Error,
    pool::{Pool, Pools},
};

/// What goes along from page to page, so that the last one knows where to go.
const NAMES: [&str; 9] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
];

/// What a client asks for, all of it allowed.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) client: Client,
    pub(super) redirect_uri: String,
    flow: OAuthFlow,
    scopes: Vec<String>,
    state: Option<String>,
    nonce: Option<String>,
    challenge: Option<String>,
    /// The same as a query.
    pub(super) query: String,
    pub(super) login_hint: Option<String>,
}

/// `GET /oauth2/authorize`: to the sign-in page, to another provider, or back at once where the browser is signed in.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html>
pub(super) fn authorize(pools: &mut Pools, context: &Context<'_>, call: &Call<'_>) -> Result<Step, Error> {
    let parameters = Parameters::of_query(call.request.uri());
    let pool = call.address.pool(pools)?;
    let asked = match Asked::read(pool, call.address, &parameters) {
        Ok(asked) => asked,
        Err(refusal) => return Ok(Step::Answer(*refusal)),
    };
    let prompt = parameters.get("prompt").unwrap_or_default();
    let user = browser::signed_in(pool, context, call).filter(|_| !matches!(prompt, "login" | "select_account"));
    if let Some(user) = user {
        return Ok(Step::Answer(asked.grant(pool, context, &user)));
    }
    if prompt == "none" {
        return Ok(Step::Answer(asked.refuse("login_required", "")));
    }
    match parameters.get("identity_provider") {
        None | Some("COGNITO") => Ok(Step::Answer(reply::redirect(&call.address.to("/login", &asked.query)))),
        Some(provider) => Ok(federation::begin(pool, context, call, (asked, provider))),
    }
}

impl Asked {
    /// Reads a request. Where the client and its URL are not known together, nobody is sent there.
    pub(super) fn read(pool: &Pool, address: &Address, parameters: &Parameters) -> Result<Self, Box<Response<Bytes>>> {
        let client = parameters.get("client_id").filter(|_| !parameters.is_repeated("client_id"));
        let client = client.and_then(|id| Client::by_id(pool, id));
        let client = client.ok_or_else(|| Box::new(error_page(address, "invalid_client")))?;
        let redirect_uri = parameters.get("redirect_uri").filter(|_| !parameters.is_repeated("redirect_uri"));
        let registered = redirect_uri.and_then(|uri| client.declared.callbacks.iter().find(|it| *it == uri)).cloned();
        let redirect_uri = registered.ok_or_else(|| Box::new(error_page(address, "redirect_mismatch")))?;
        let flow = if parameters.get("response_type") == Some("token") { OAuthFlow::Implicit } else { OAuthFlow::Code };
        let text = |name: &str| parameters.get(name).map(str::to_owned);
        let asked = Self {
            flow,
            scopes: Vec::new(),
            state: text("state"),
            nonce: text("nonce"),
            challenge: text("code_challenge"),
            query: parameters.query(&NAMES),
            login_hint: text("login_hint"),
            client,
            redirect_uri,
        };
        match asked.rules(parameters) {
            Ok(scopes) => Ok(Self { scopes, ..asked }),
            Err((error, description)) => Err(Box::new(asked.refuse(error, description))),
        }
    }

    /// The scopes, if all else is right.
    fn rules(&self, parameters: &Parameters) -> Result<Vec<String>, (&'static str, &'static str)> {
        if let Some(_twice) = NAMES.iter().find(|name| parameters.is_repeated(name)) {
            return Err(("invalid_request", "a parameter is there twice"));
        }
        match parameters.get("response_type") {
            Some("code" | "token") => {}
            Some(_) => return Err(("invalid_request", "response_type is neither code nor token")),
            None => return Err(("invalid_request", "response_type is missing")),
        }
        if !self.client.may(self.flow) {
            return Err(("unauthorized_client", ""));
        }
        self.check_challenge(parameters)?;
        let scopes = self.client.scopes(parameters.get("scope")).ok_or(("invalid_scope", ""))?;
        let has = |name: &str| scopes.iter().any(|scope| scope == name);
        if ["email", "phone", "profile"].iter().any(|name| has(name)) && !has("openid") {
            return Err(("invalid_scope", "email, phone and profile need openid"));
        }
        Ok(scopes)
    }

    /// A challenge is a hash, never the verifier itself (RFC 7636, 4.2): Cognito does not know `plain`.
    fn check_challenge(&self, parameters: &Parameters) -> Result<(), (&'static str, &'static str)> {
        let is_hash = |text: &str| text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok();
        match (&self.challenge, parameters.get("code_challenge_method")) {
            (None, None) => Ok(()),
            (Some(challenge), Some("S256")) if is_hash(challenge) => Ok(()),
            (Some(_), Some("S256")) => Err(("invalid_request", "code_challenge is no SHA-256 hash in base64url")),
            (Some(_), _) => Err(("invalid_request", "code_challenge_method is not S256")),
            (None, Some(_)) => Err(("invalid_request", "code_challenge is missing")),
        }
    }

    /// Sends the browser back with a code or with the tokens.
    pub(super) fn grant(&self, pool: &mut Pool, context: &Context<'_>, user: &str) -> Response<Bytes> {
        let grant = Grant { client_id: self.client.id.clone(), scopes: self.scopes.clone() };
        match self.flow {
            OAuthFlow::Implicit => match grant::begin(pool, context, (user, grant), self.nonce.as_deref()) {
                Ok(tokens) => self.back_with_tokens(&tokens),
                Err(_) => self.refuse("invalid_request", "the user cannot sign in any more"),
            },
            OAuthFlow::Code | OAuthFlow::ClientCredentials => {
                let bound = (self.challenge.clone(), self.nonce.clone());
                let luck = (context.random, context.now);
                let code = pool.oauth.kept.add_code((user.to_owned(), grant), self.redirect_uri.clone(), bound, luck);
                let pairs = [("code", Some(code.as_str())), ("state", self.state.as_deref())];
                reply::redirect(&reply::with_query(&self.redirect_uri, &query(present(pairs))))
            }
        }
    }

    /// Behind the `#`, which no server sees.
    fn back_with_tokens(&self, tokens: &grant::Issued) -> Response<Bytes> {
        let seconds = self.client.life.as_secs().to_string();
        let pairs = [
            ("id_token", tokens.id.as_deref()),
            ("access_token", Some(tokens.access.as_str())),
            ("expires_in", Some(seconds.as_str())),
            ("token_type", Some("Bearer")),
            ("state", self.state.as_deref()),
        ];
        reply::redirect(&format!("{}#{}", self.redirect_uri, query(present(pairs))))
    }

    /// Sends the browser back with an error.
    pub(super) fn refuse(&self, error: &str, description: &str) -> Response<Bytes> {
        let description = Some(description).filter(|text| !text.is_empty());
        let pairs = [("error_description", description), ("error", Some(error)), ("state", self.state.as_deref())];
        let query = query(present(pairs));
        reply::redirect(&match self.flow {
            OAuthFlow::Implicit => format!("{}#{query}", self.redirect_uri),
            OAuthFlow::Code | OAuthFlow::ClientCredentials => reply::with_query(&self.redirect_uri, &query),
        })
    }
}

fn present<'a, const N: usize>(pairs: [(&'a str, Option<&'a str>); N]) -> impl Iterator<Item = (&'a str, &'a str)> {
    pairs.into_iter().filter_map(|(name, value)| Some((name, value?)))
}

fn error_page(address: &Address, error: &str) -> Response<Bytes> {
    reply::redirect(&address.to("/error", &query([("error", error)])))
}
