//! Amazon Cognito user pools: sign-up, sign-in and real tokens, on Cognito's own protocol.

mod access;
mod attempts;
mod attributes;
mod challenge;
mod client;
mod code;
mod constraint;
mod costly;
mod delivery;
mod device;
mod discovery;
mod error;
mod fading;
mod forge;
mod group;
mod harness;
mod ids;
mod import;
mod keys;
mod lockout;
mod message;
mod mfa;
mod oauth;
mod operations;
mod page;
mod password;
mod pool;
mod registration;
mod schema;
mod session;
mod snapshot;
mod srp;
mod stranger;
#[cfg(test)]
mod testing;
mod timestamp;
mod token;
mod totp;
mod trigger;
mod user;
mod wire;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::Response;
use serde_json::Value;
use skyloom_manifest::Manifest;

pub use self::forge::Forged;
pub(crate) use self::{
    access::required_access,
    error::Error,
    harness::{PoolIssuer, Wanted},
    keys::Keys,
    keys::SigningKey,
    message::Message,
    oauth::{Fetch, Step, finish, visit},
    snapshot::Snapshot,
    trigger::{Attempt, Talk, talk},
};
use self::{
    message::Deliver,
    pool::{Pool, Pools},
    timestamp::Timestamp,
    trigger::{Caller, Journal},
};
use crate::{clock::Clock, random::Random, site::Site};

/// The user pools of one application.
#[derive(Debug)]
pub(crate) struct Cognito {
    pools: Mutex<Pools>,
    /// What is published of each pool, by its id.
    configurations: BTreeMap<String, String>,
    keys: Keys,
    clock: Clock,
    site: Site,
    settings: Settings,
    deliver: Deliver,
}

/// What differs between a test and a server.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) issuer: Issuer,
    /// Where the pools' documents are served, `http://127.0.0.1:4566`, if they are.
    pub(crate) endpoint: Option<String>,
    pub(crate) random: Random,
}

/// What the tokens have as their `iss`.
#[derive(Clone, Debug)]
pub(crate) enum Issuer {
    /// The URL that the pool would have at AWS, so that verifiers that are made for Cognito accept them.
    Aws,
    /// Where the pool is served, so that verifiers that discover the keys accept them.
    Served(String),
}

impl Issuer {
    fn of(&self, pool: &Pool) -> String {
        match self {
            Self::Aws => format!("https://cognito-idp.{}.amazonaws.com/{}", pool.region(), pool.id),
            Self::Served(base) => format!("{base}/{}", pool.id),
        }
    }
}

/// What an operation needs to know beside the pools and its input.
#[derive(Clone, Copy)]
struct Context<'a> {
    now: Timestamp,
    random: &'a Random,
    issuer: &'a Issuer,
    keys: &'a Keys,
    caller: &'a Caller,
    journal: &'a Journal,
}

impl Cognito {
    /// One pool for each of the manifest, without users.
    pub(crate) fn new(manifest: &Manifest, site: Site, clock: Clock, keys: Keys, settings: Settings) -> Self {
        let mut pools = Pools::new(manifest, &site, Timestamp::since_epoch(clock.since_epoch()));
        oauth::register_here(&mut pools, &site.region, settings.endpoint.as_deref());
        let (pools, configurations) = (Mutex::new(pools), BTreeMap::new());
        let mut new = Self { pools, configurations, keys, clock, site, settings, deliver: Deliver::default() };
        new.publish();
        new
    }

    /// Has every message shown as soon as there is one. A server needs that: who signs up has to learn the code.
    pub(crate) fn on_message(&mut self, show: impl Fn(&Message) + Send + Sync + 'static) {
        self.deliver = Deliver::to(show);
    }

    /// Runs `X-Amz-Target: AWSCognitoIdentityProviderService.{operation}` as far as it comes; [`talk`] leads it to its end.
    pub(crate) fn call(&self, talk: &mut Talk, target: &str, body: &[u8]) -> Attempt<Value> {
        let operation = operation(target);
        self.attempt(talk, |pools, context| operations::run(operation, pools, context, body))
    }

    /// What a call tells of itself to the functions that it asks.
    pub(crate) fn talk(target: &str, body: &[u8]) -> Talk {
        Talk::of(Caller::of(operation(target), body))
    }

    /// What the client gets in the end.
    pub(crate) fn answer(&self, result: Result<Value, Error>) -> Response<Bytes> {
        wire::answer(result, &self.settings.random.uuid())
    }

    /// Answers `OPTIONS`: pages of every origin may call Cognito.
    pub(crate) fn preflight(&self) -> Response<Bytes> {
        wire::preflight()
    }

    /// What was sent to users, oldest first.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.lock().messages.clone()
    }

    fn context<'a>(&'a self, caller: &'a Caller, journal: &'a Journal) -> Context<'a> {
        Context {
            now: Timestamp::since_epoch(self.clock.since_epoch()),
            random: &self.settings.random,
            issuer: &self.settings.issuer,
            keys: &self.keys,
            caller,
            journal,
        }
    }

    /// The pools are whole after every statement that changes them, so a panic elsewhere does not spoil them.
    fn lock(&self) -> MutexGuard<'_, Pools> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What follows the last dot of a target.
fn operation(target: &str) -> &str {
    target.rsplit_once('.').map_or(target, |(_, operation)| operation)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_is_answered_and_its_message_is_shown() {
        let mut cognito = testing::cognito();
        let shown = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&shown);
        cognito.on_message(move |message| log.lock().unwrap().push(message.to_string()));
        let client = cognito.issuers()[2].client_id.clone();
        let body = json!({ "ClientId": client, "Username": "ann@example.com", "Password": testing::PASSWORD });
        let response = cognito.handle("AWSCognitoIdentityProviderService.SignUp", body.to_string().as_bytes());
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"application/x-amz-json-1.1".parse().unwrap())
        );
        let expected: Vec<_> = cognito.messages().iter().map(ToString::to_string).collect();
        assert_eq!(*shown.lock().unwrap(), expected);
        assert!(expected[0].starts_with("Shopper: to ann@example.com: the code that confirms the sign-up is "));
    }

    #[test]
    fn pages_of_every_origin_may_call() {
        let response = testing::cognito().preflight();
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert!(response.headers()["access-control-allow-headers"].to_str().unwrap().contains("x-amz-target"));
    }
}
