//! Pools of all kinds, and a clock that tests can move.

use std::time::{Duration, UNIX_EPOCH};

use aws_lc_rs::hmac;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use skyloom_manifest::{
    FORMAT_VERSION, Function, Manifest, OAuth, PasswordPolicy, SignIn, SourceLocation, UserPool, UserPoolClient,
};

use super::{
    Caller, Cognito, Context, Error, Forged, Issuer, Journal, Keys, Settings, Talk, Wanted,
    message::{Content, Message},
    operations,
    pool::Pools,
    timestamp::Timestamp,
    token::Tokens,
};
use crate::{clock::Clock, random::Random, site::Site};

pub(super) const PASSWORD: &str = "P@ssw0rd";
pub(super) const DAY: Duration = Duration::from_secs(24 * 3_600);
/// The first second of 2026.
pub(super) const NOW: u64 = 1_767_225_600;

pub(super) fn manifest() -> Manifest {
    let pool = |name: &str, sign_in, self_sign_up, groups: &[&str]| UserPool {
        name: name.into(),
        source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
        sign_in,
        self_sign_up,
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        group_options: Vec::new(),
        mfa: None,
        password: PasswordPolicy::DEFAULT,
        client: UserPoolClient::default(),
        oauth: OAuth::default(),
        devices: None,
        custom_attributes: Vec::new(),
        required_attributes: Vec::new(),
    };
    Manifest {
        version: FORMAT_VERSION,
        application: "orders".into(),
        apis: Vec::new(),
        functions: Vec::new(),
        tables: Vec::new(),
        user_pools: vec![
            pool("Employee", SignIn::Phone, false, &[]),
            pool("Member", SignIn::Username, true, &[]),
            pool("Shopper", SignIn::Email, true, &["buyers", "staff"]),
        ],
        secrets: Vec::new(),
        integrations: Vec::new(),
        identity_pools: Vec::new(),
    }
}

/// The pools, of which that of the shop has attributes of its own, and asks for one of the standard ones.
pub(super) fn with_attributes() -> Manifest {
    let mut manifest = manifest();
    let custom = json!([
        {"name": "legal", "type": "boolean"},
        {"name": "plan", "type": "string", "max": 10},
        {"name": "size", "type": "number", "min": 1, "max": 60, "writable": true},
        {"name": "tenant", "type": "string", "immutable": true},
    ]);
    manifest.user_pools[2].custom_attributes = serde_json::from_value(custom).unwrap();
    manifest.user_pools[2].required_attributes = vec!["birthdate".into()];
    manifest
}

/// Lets the shop's pool ask functions, which are named as what they are asked on, in these versions.
pub(super) fn ask(manifest: &mut Manifest, asks: &[(&str, &str)]) {
    let function = |(on, version): &(&str, &str)| -> Function {
        let trigger = json!({"user-pool": {"pool": "Shopper", "on": on, "version": version}});
        let source = json!({"file": "src/lib.rs", "line": 1});
        let function = json!({
            "name": on, "source": source, "trigger": trigger, "memory": 256, "timeout": 5, "permissions": [],
        });
        serde_json::from_value(function).unwrap()
    };
    manifest.functions = asks.iter().map(function).collect();
}

/// The whole emulator, as its users see it.
pub(super) fn cognito() -> Cognito {
    let settings = Settings { issuer: Issuer::Aws, endpoint: None, random: Random::seeded(1) };
    Cognito::new(&manifest(), Site::new("orders", "us-east-1"), clock(), Keys::Shared, settings)
}

impl Cognito {
    /// Answers a call that asks nobody.
    pub(super) fn handle(&self, target: &str, body: &[u8]) -> http::Response<bytes::Bytes> {
        self.answer(self.call(&mut Self::talk(target, body), target, body).ended())
    }

    /// Signs a user in where nobody is asked.
    pub(super) fn tokens(&self, wanted: &Wanted, forged: Option<&Forged>) -> Result<Tokens, Error> {
        self.sign_in(&mut Talk::default(), wanted, forged).ended()
    }
}

pub(super) fn clock() -> Clock {
    Clock::starting_at(UNIX_EPOCH + Duration::from_secs(NOW))
}

/// The operations alone, at a time that the test chooses.
pub(super) struct Fixture {
    pools: Pools,
    now: Timestamp,
    random: Random,
    keys: Keys,
}

impl Fixture {
    pub(super) fn new() -> Self {
        Self::of(&manifest())
    }

    pub(super) fn of(manifest: &Manifest) -> Self {
        let now = Timestamp::since_epoch(Duration::from_secs(NOW));
        let pools = Pools::new(manifest, &Site::new("orders", "us-east-1"), now);
        Self { pools, now, random: Random::seeded(1), keys: Keys::Shared }
    }

    pub(super) fn with_keys(keys: Keys) -> Self {
        Self { keys, ..Self::new() }
    }

    pub(super) fn advance(&mut self, duration: Duration) {
        self.now = self.now.after(duration);
    }

    /// The answer's JSON, or the exception and its message.
    pub(super) fn call(&mut self, operation: &str, input: Value) -> String {
        let body = input.to_string();
        let (caller, journal) = (Caller::of(operation, body.as_bytes()), Journal::default());
        let (issuer, keys) = (&Issuer::Aws, &self.keys);
        let context = Context { now: self.now, random: &self.random, issuer, keys, caller: &caller, journal: &journal };
        match operations::run(operation, &mut self.pools, &context, body.as_bytes()) {
            Ok(answer) => answer.to_string(),
            Err(error) => format!("{}: {error}", error.code()),
        }
    }

    pub(super) fn pool(&self, name: &str) -> String {
        self.pools.iter().find(|pool| pool.name == name).unwrap().id.clone()
    }

    pub(super) fn client(&self, pool: &str) -> String {
        self.pools.iter().find(|it| it.name == pool).unwrap().client_id.clone()
    }

    pub(super) fn client_secret(&self, pool: &str) -> String {
        self.pools.iter().find(|it| it.name == pool).unwrap().own_client().secret().unwrap()
    }

    /// `SECRET_HASH`
    pub(super) fn secret_hash(&self, pool: &str, username: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.client_secret(pool).as_bytes());
        STANDARD.encode(hmac::sign(&key, format!("{username}{}", self.client(pool)).as_bytes()))
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn messages(&self) -> &[Message] {
        &self.pools.messages
    }

    pub(super) fn last_code(&self) -> String {
        match &self.pools.messages.last().unwrap().content {
            Content::ConfirmationCode(code)
            | Content::RecoveryCode(code)
            | Content::VerificationCode(code)
            | Content::SignInCode(code) => code.clone(),
            Content::TemporaryPassword(_) | Content::Words(_) => panic!("the last message has no code of Cognito's"),
        }
    }

    // What most tests begin with, in the pool `Shopper`.

    pub(super) fn sign_up(&mut self, username: &str) -> String {
        self.call("SignUp", json!({ "ClientId": self.client("Shopper"), "Username": username, "Password": PASSWORD }))
    }

    /// Has an administrator choose a password that has to be replaced.
    pub(super) fn admin_reset(&mut self, username: &str, password: &str) {
        let pool = self.pool("Shopper");
        let input = json!({ "UserPoolId": pool, "Username": username, "Password": password, "Permanent": false });
        assert_eq!(self.call("AdminSetUserPassword", input), "{}");
    }

    pub(super) fn confirm(&mut self, username: &str, code: &str) -> String {
        let client = self.client("Shopper");
        self.call("ConfirmSignUp", json!({ "ClientId": client, "Username": username, "ConfirmationCode": code }))
    }

    pub(super) fn confirmed(&mut self, username: &str) {
        self.sign_up(username);
        let code = self.last_code();
        assert_eq!(self.confirm(username, &code), "{}");
    }

    pub(super) fn password_auth(&mut self, username: &str, password: &str) -> String {
        let parameters = json!({ "USERNAME": username, "PASSWORD": password });
        self.auth("USER_PASSWORD_AUTH", parameters)
    }

    pub(super) fn refresh(&mut self, token: &str) -> String {
        self.auth("REFRESH_TOKEN_AUTH", json!({ "REFRESH_TOKEN": token }))
    }

    pub(super) fn auth(&mut self, flow: &str, parameters: Value) -> String {
        let client = self.client("Shopper");
        self.call("InitiateAuth", json!({ "ClientId": client, "AuthFlow": flow, "AuthParameters": parameters }))
    }

    pub(super) fn respond(&mut self, challenge: &str, session: Option<&Value>, responses: Value) -> String {
        let client = self.client("Shopper");
        let input = json!({
            "ClientId": client, "ChallengeName": challenge, "Session": session, "ChallengeResponses": responses,
        });
        self.call("RespondToAuthChallenge", input)
    }

    /// The `AuthenticationResult` of a sign-in.
    pub(super) fn tokens(&mut self, username: &str) -> Value {
        let answer: Value = serde_json::from_str(&self.password_auth(username, PASSWORD)).unwrap();
        answer["AuthenticationResult"].clone()
    }

    /// An administrator's operation on one user.
    pub(super) fn admin(&mut self, operation: &str, username: &str) -> String {
        self.call(operation, json!({ "UserPoolId": self.pool("Shopper"), "Username": username }))
    }

    pub(super) fn group(&mut self, username: &str, group: &str) -> String {
        let pool = self.pool("Shopper");
        self.call("AdminAddUserToGroup", json!({ "UserPoolId": pool, "Username": username, "GroupName": group }))
    }
}

/// A token's claims.
pub(super) fn decoded(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// A token's claims, readable, without what luck made up.
pub(super) fn claims(token: &Value) -> String {
    let mut claims = decoded(token);
    for made_up in ["event_id", "jti", "origin_jti"] {
        claims[made_up] = if claims[made_up].as_str().is_some_and(|id| id.len() == 36) { "a UUID" } else { "?" }.into();
    }
    serde_json::to_string_pretty(&claims).unwrap()
}
