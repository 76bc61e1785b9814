//! A browser, its pages and the clients behind them.

mod attacks;
mod confirmation;
mod federation;
mod flows;
mod pages;
mod triggers;

use std::{collections::BTreeMap, sync::Arc};

use aws_lc_rs::digest::{self, SHA256};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;
use futures_util::FutureExt;
use http::{Method, Request, Response, header};
use serde_json::Value;
use skyloom_manifest::{IdentityProvider, Manifest, OAuth, OAuthClient, OAuthFlow, ResourceServer, SourceLocation};

use super::{
    Step, finish,
    parameters::{Parameters, query},
    provider::Fetch,
    visit,
};
use crate::{
    cognito::{
        Cognito, Issuer, Keys, Settings,
        message::Content,
        testing::{self, PASSWORD},
        trigger,
    },
    invoke::Invoke,
    random::Random,
    site::Site,
};

pub(super) const SHOP: &str = "https://acme.auth.us-east-1.amazoncognito.com";
pub(super) const CALLBACK: &str = "http://localhost:3000/signed-in";
pub(super) const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-of-pkce";
const ANN: &str = "ann@example.com";

fn client(name: &str, flows: &[OAuthFlow], scopes: &[&str], secret: bool) -> OAuthClient {
    let is_machine = flows == [OAuthFlow::ClientCredentials];
    OAuthClient {
        name: name.into(),
        source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
        flows: flows.to_vec(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        callbacks: if is_machine {
            Vec::new()
        } else {
            vec![CALLBACK.into(), "https://shop.example/?from=login".into()]
        },
        logouts: if is_machine { Vec::new() } else { vec!["http://localhost:3000/bye".into()] },
        secret,
    }
}

fn manifest() -> Manifest {
    let mut manifest = testing::manifest();
    let code = [OAuthFlow::Code];
    let both = [OAuthFlow::Code, OAuthFlow::Implicit];
    let all = ["openid", "email", "profile", "orders/read", "aws.cognito.signin.user.admin"];
    manifest.user_pools[2].oauth = OAuth {
        domain: Some("acme".into()),
        clients: vec![
            client("Nightly", &[OAuthFlow::ClientCredentials], &["orders/read", "orders/write"], true),
            client("Office", &code, &["openid", "email"], true),
            client("Shopper", &both, &all, false),
        ],
        resource_servers: vec![ResourceServer {
            identifier: "orders".into(),
            scopes: vec!["read".into(), "write".into()],
        }],
        identity_providers: vec![IdentityProvider {
            name: "Members".into(),
            issuer: federation::MEMBERS.into(),
            client_id: federation::client_of_members(),
            client_secret: "MembersSecret".into(),
            scopes: vec!["openid".into(), "email".into(), "profile".into()],
            attributes: BTreeMap::from([("email".into(), "email".into()), ("name".into(), "given_name".into())]),
        }],
    };
    let mut acme = client("Acme", &code, &["openid", "email", "profile"], true);
    acme.callbacks = vec![format!("{SHOP}/oauth2/idpresponse")];
    manifest.user_pools[1].oauth = OAuth { domain: Some("members".into()), clients: vec![acme], ..OAuth::default() };
    manifest
}

/// A browser with its cookies, and the pools that it visits.
pub(super) struct Browser {
    cognito: Arc<Cognito>,
    /// The functions that the pools ask.
    invoke: Invoke,
    cookies: BTreeMap<(String, String), String>,
}

impl Browser {
    pub(super) fn new() -> Self {
        Self::of(&manifest(), Arc::new(|function, _| panic!("no pool asks {function}")))
    }

    pub(super) fn of(manifest: &Manifest, invoke: Invoke) -> Self {
        let settings = Settings { issuer: Issuer::Aws, endpoint: None, random: Random::seeded(1) };
        let site = Site::new("orders", "us-east-1");
        let cognito = Cognito::new(manifest, site, testing::clock(), Keys::Shared, settings);
        Self { cognito: Arc::new(cognito), invoke, cookies: BTreeMap::new() }
    }

    /// Another browser of other people.
    pub(super) fn other(&self) -> Self {
        Self { cognito: Arc::clone(&self.cognito), invoke: Arc::clone(&self.invoke), cookies: BTreeMap::new() }
    }

    /// With a confirmed user of the shop.
    pub(super) fn with_ann() -> Self {
        let browser = Self::new();
        browser.add_ann();
        browser
    }

    fn add_ann(&self) {
        let client = self.id("Shopper");
        self.operation(
            "SignUp",
            &serde_json::json!({ "ClientId": client, "Username": ANN, "Password": PASSWORD,
            "UserAttributes": [{ "Name": "given_name", "Value": "Ann" }] }),
        );
        let code = self.last_code();
        self.operation(
            "ConfirmSignUp",
            &serde_json::json!({ "ClientId": client, "Username": ANN, "ConfirmationCode": code }),
        );
    }

    pub(super) fn operation(&self, name: &str, input: &Value) -> Value {
        let body = input.to_string();
        let talk = Cognito::talk(name, body.as_bytes());
        let call = |talk: &mut trigger::Talk| self.cognito.call(talk, name, body.as_bytes());
        let response = self.cognito.answer(at_once(trigger::talk(&self.invoke, talk, call)));
        serde_json::from_slice(response.body()).unwrap()
    }

    pub(super) fn last_code(&self) -> String {
        match self.cognito.messages().pop().unwrap().content {
            Content::ConfirmationCode(code) | Content::RecoveryCode(code) | Content::SignInCode(code) => code,
            other => panic!("no code: {other:?}"),
        }
    }

    /// The id of a client of the shop.
    pub(super) fn id(&self, name: &str) -> String {
        match name {
            "Shopper" => self.cognito.issuers()[2].client_id.clone(),
            name => self.cognito.other_clients("Shopper").into_iter().find(|it| it.0 == name).unwrap().1,
        }
    }

    pub(super) fn secret(&self, name: &str) -> String {
        self.cognito.other_clients("Shopper").into_iter().find(|it| it.0 == name).unwrap().2.unwrap()
    }

    /// Sends a request with the cookies of its host and path, and takes over those of the answer.
    pub(super) fn send(&mut self, mut request: Request<Bytes>) -> Response<Bytes> {
        let host = request.uri().host().unwrap().to_owned();
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .filter(|((at, _), _)| *at == host)
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let response = answer(&self.cognito, &self.invoke, request);
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert((host.clone(), name.into()), value.into());
        }
        response
    }

    /// A cookie of the shop's domain.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let found = self.cookies.iter().find(|((host, it), _)| SHOP.ends_with(host) && it == name);
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }

    pub(super) fn set_cookie(&mut self, name: &str, value: &str) {
        let host = SHOP.trim_start_matches("https://");
        self.cookies.insert((host.into(), name.into()), value.into());
    }

    pub(super) fn get(&mut self, url: &str) -> Response<Bytes> {
        self.send(Request::get(url).body(Bytes::new()).unwrap())
    }

    pub(super) fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Response<Bytes> {
        self.send(form(url, fields))
    }

    /// Fills in the first form of a page and sends it.
    pub(super) fn fill(&mut self, url: &str, page: &Response<Bytes>, fields: &[(&str, &str)]) -> Response<Bytes> {
        self.fill_nth(url, page, 0, fields)
    }

    pub(super) fn fill_nth(
        &mut self,
        url: &str,
        page: &Response<Bytes>,
        form: usize,
        fields: &[(&str, &str)],
    ) -> Response<Bytes> {
        let html = text(page);
        let form = html.split("<form").nth(form + 1).unwrap_or_else(|| panic!("{html}"));
        let form = form.split("</form>").next().unwrap();
        let action = unescape(between(form, "action=\"", "\""));
        let hidden = form
            .split("type=\"hidden\" name=\"")
            .skip(1)
            .map(|rest| (rest.split('"').next().unwrap().to_owned(), unescape(between(rest, "value=\"", "\""))));
        let hidden: Vec<_> = hidden.collect();
        let all: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(fields.iter().copied()).collect();
        let origin = url.match_indices('/').nth(2).map_or(url, |(at, _)| &url[..at]);
        self.post(&format!("{origin}{action}"), &all)
    }

    /// What a client asks for, with PKCE.
    pub(super) fn asked(&self, more: &[(&str, &str)]) -> String {
        let client = self.id("Shopper");
        let challenge = challenge(VERIFIER);
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", client.as_str()),
            ("redirect_uri", CALLBACK),
            ("scope", "openid email orders/read"),
            ("state", "a state"),
            ("nonce", "a nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        pairs.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        query(pairs.into_iter().chain(more.iter().copied().filter(|(_, value)| !value.is_empty())))
    }

    /// Signs Ann in on the page and returns where the browser is sent.
    pub(super) fn sign_in(&mut self, asked: &str) -> String {
        let url = format!("{SHOP}/login?{asked}");
        let page = self.get(&url);
        location(&self.fill(&url, &page, &[("username", ANN), ("password", PASSWORD)]))
    }

    /// A code of a sign-in.
    pub(super) fn code(&mut self, more: &[(&str, &str)]) -> String {
        let asked = self.asked(more);
        parameter(&self.sign_in(&asked), "code")
    }

    /// Exchanges a code as the shop's own client, with some fields other than they should be; those that are empty are left out.
    pub(super) fn exchange(&mut self, code: &str, other: &[(&str, &str)]) -> Value {
        let client = self.id("Shopper");
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", client.as_str()),
            ("redirect_uri", CALLBACK),
            ("code", code),
            ("code_verifier", VERIFIER),
        ];
        fields.retain(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
        fields.extend(other.iter().filter(|(_, value)| !value.is_empty()));
        json(&self.post(&format!("{SHOP}/oauth2/token"), &fields))
    }

    pub(super) fn user_info(&mut self, token: &str) -> Response<Bytes> {
        let request =
            Request::get(format!("{SHOP}/oauth2/userInfo")).header("authorization", format!("Bearer {token}"));
        self.send(request.body(Bytes::new()).unwrap())
    }
}

/// The answer of the pools, asking each other what there is to ask.
fn answer(cognito: &Arc<Cognito>, invoke: &Invoke, request: Request<Bytes>) -> Response<Bytes> {
    if request.uri().path().contains("/.well-known/") {
        return cognito.handle_get(request.uri().path()).unwrap();
    }
    match at_once(visit(|| &**cognito, invoke, &request)) {
        Step::Answer(response) => response,
        Step::Ask(question) => {
            let (other, functions) = (Arc::clone(cognito), Arc::clone(invoke));
            let fetch: Fetch = Arc::new(move |request| {
                let response = answer(&other, &functions, request);
                Box::pin(async move { Ok(response) })
            });
            let secret = federation::secret_of(cognito);
            at_once(async { finish(|| &**cognito, invoke, question.ask(&fetch, Some(secret)).await).await })
        }
    }
}

/// Comes to the end of what has nothing to wait for: the pools answer at once, and so do their functions.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let own = tokio::runtime::Handle::try_current().is_err().then(runtime);
    let _timers = own.as_ref().map(tokio::runtime::Runtime::enter);
    future.now_or_never().expect("there is nothing to wait for")
}

pub(super) fn form(url: &str, fields: &[(&str, &str)]) -> Request<Bytes> {
    let request = Request::builder().method(Method::POST).uri(url);
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(query(fields.iter().copied()).into()).unwrap()
}

pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&SHA256, verifier.as_bytes()))
}

pub(super) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

pub(super) fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

pub(super) fn json(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_else(|_| panic!("{}", text(response)))
}

pub(super) fn location(response: &Response<Bytes>) -> String {
    let location = response.headers().get(header::LOCATION);
    location.unwrap_or_else(|| panic!("{} {}", response.status(), text(response))).to_str().unwrap().to_owned()
}

/// A parameter of a URL, in the query or behind the `#`.
pub(super) fn parameter(url: &str, name: &str) -> String {
    let uri = url.replacen('#', "?", 1).parse().unwrap();
    Parameters::of_query(&uri).get(name).unwrap_or_else(|| panic!("no {name}: {url}")).to_owned()
}

pub(super) fn decoded(token: &Value) -> Value {
    testing::decoded(token)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).unwrap_or_else(|| panic!("{text}")).0
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
