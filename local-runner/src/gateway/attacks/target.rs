//! What is attacked.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
    time::{Duration, UNIX_EPOCH},
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, Uri};
use serde_json::{Value, json};
use skyloom_manifest::{Api, ApiKind, Auth, Function, Manifest, RestApi, Trigger};

use super::Header;
use crate::{
    clock::Clock,
    gateway::{
        Entrance, Served, Settings,
        jwt::tests::issuer,
        tests::{function, manifest, with_trigger},
    },
    invoke::Invoke,
    random::Random,
    site::Site,
};

/// The second in which all attacks happen.
pub(super) const NOW: u64 = 1_584_039_838;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Http,
    Rest,
}

impl Kind {
    pub(super) fn named(text: &str) -> Vec<Self> {
        match text {
            "http" => vec![Self::Http],
            "rest" => vec![Self::Rest],
            "both" => vec![Self::Http, Self::Rest],
            other => panic!("no API is called `{other}`"),
        }
    }
}

/// An API with a route behind each guard, and which of its functions ran.
pub(super) struct Target {
    api: Served,
    calls: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Target {
    /// One whose authorizer lets in `Bearer good`.
    pub(super) fn new(kind: Kind) -> Self {
        Self::with_functions(kind, Bytes::from_static(b"{}"))
    }

    /// One whose other functions answer so.
    pub(super) fn with_functions(kind: Kind, answer: Bytes) -> Self {
        Self::with(kind, answer, move |event| {
            let arn = event["methodArn"].as_str().unwrap_or_default();
            let token = event["authorizationToken"].as_str().or_else(|| event["identitySource"][0].as_str());
            match (token == Some("Bearer good"), kind) {
                (is_good, Kind::Http) => json!({"isAuthorized": is_good}).to_string(),
                (true, Kind::Rest) => json!({"principalId": "ann", "policyDocument": allow(arn)}).to_string(),
                (false, Kind::Rest) => json!({"principalId": "ann", "policyDocument": {"Statement": []}}).to_string(),
            }
        })
    }

    /// One whose authorizer answers so.
    pub(super) fn answering(kind: Kind, answer: &str) -> Self {
        let answer = answer.to_owned();
        Self::with(kind, Bytes::from_static(b"{}"), move |event| {
            let arn = event["methodArn"].as_str().unwrap_or_default();
            let stage = arn.splitn(3, '/').take(2).collect::<Vec<_>>().join("/");
            let members = allow(arn).to_string();
            let answer = answer.replace("$ARN", arn).replace("$STAGE", &stage).replace("$EMPTY", "");
            answer.replace("$ALLOW", &members[1..members.len() - 1])
        })
    }

    fn with(kind: Kind, answer: Bytes, gate: impl Fn(&Value) -> String + Send + Sync + 'static) -> Self {
        let calls: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let (seen, gate) = (Arc::clone(&calls), Arc::new(gate));
        let invoke: Invoke = Arc::new(move |name, event| {
            let event: Value = serde_json::from_slice(&event).unwrap();
            let answer = if name == "gate" { gate(&event).into() } else { answer.clone() };
            seen.lock().unwrap().push((name, event));
            Box::pin(async move { Ok(answer) })
        });
        Self { api: served(kind, invoke), calls }
    }

    pub(super) async fn send(&self, method: &str, path: &str, headers: &[Header]) -> Response<Bytes> {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
        *request.uri_mut() = path.parse::<Uri>().unwrap_or_else(|error| panic!("`{path}`: {error}"));
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap_or_else(|error| panic!("`{name}`: {error}"));
            request.headers_mut().append(name, HeaderValue::from_bytes(value).unwrap());
        }
        self.api.handle(request, IpAddr::from([203, 0, 113, 7])).await
    }

    /// The functions behind guards that ran.
    pub(super) fn entered(&self) -> Vec<String> {
        let calls = self.calls.lock().unwrap();
        calls.iter().map(|(name, _)| name.clone()).filter(|name| !matches!(name.as_str(), "open" | "gate")).collect()
    }

    /// The function that ran last, and what it was told.
    pub(super) fn last(&self) -> (String, Value) {
        self.calls.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

/// The key of the API, as of a target that is a REST API.
pub(super) fn api_key() -> String {
    served(Kind::Rest, Arc::new(|_, _| Box::pin(std::future::pending()))).api_key().unwrap().to_owned()
}

fn served(kind: Kind, invoke: Invoke) -> Served {
    let api = match kind {
        Kind::Http => Api::undeclared(),
        Kind::Rest => Api { kind: ApiKind::Rest(RestApi::default()), ..Api::undeclared() },
    };
    let manifest = Manifest { apis: vec![api], ..manifest(functions()) };
    let api = &manifest.apis[0];
    let settings = Settings::of(&Site::new("orders", "us-east-1"), api);
    let clock = Clock::starting_at(UNIX_EPOCH + Duration::from_millis(NOW * 1_000 + 390));
    let entrance = Entrance::Api(Box::new(api.clone()));
    Served::new(&manifest, (&entrance, settings), (clock, Random::seeded(1)), invoke.into(), vec![issuer()]).unwrap()
}

fn functions() -> Vec<Function> {
    let pool = |scopes: &[&str]| Auth::UserPool {
        pool: "Shopper".into(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        groups: vec![],
    };
    vec![
        function("me", "GET /me", pool(&[])),
        function("write", "GET /write", pool(&["orders/write"])),
        function("signed", "GET /signed", Auth::Iam),
        function("keyed", "GET /keyed", Auth::ApiKey),
        function("partner", "GET /partners/{id}", Auth::Authorizer { function: "gate".into() }),
        function("open", "ANY /open/{path+}", Auth::Public),
        function("drop", "DELETE /open/{path+}", pool(&[])),
        with_trigger("gate", Trigger::Authorizer { principal: "Partner".into(), cache: 0, options: Box::default() }),
    ]
}

fn allow(arn: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [
        {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": arn}]})
}
