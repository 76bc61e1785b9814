//! Identity pools between the user pools whose tokens they take and IAM, whose sessions they begin.

use serde_json::{Map, Value};
use skyloom_manifest::{Grants, Manifest, Route};

use crate::{
    access::Context,
    account::Account,
    cognito::PoolIssuer,
    cognito_identity::{Around, Credentials, ISSUER, Wanted, role_name},
    gateway,
    iam::{self, Assumption, Iam, SessionRole},
    policy::PolicyError,
    random::Random,
    site::Site,
};

/// What an account does for its identity pools.
pub(crate) struct Joined<'a> {
    pub(crate) account: &'a Account,
    pub(crate) iam: &'a Iam,
}

impl Around for Joined<'_> {
    fn claims(&self, provider: &str, token: &str) -> Result<Map<String, Value>, String> {
        let pool_id = provider.rsplit_once('/').map_or(provider, |(_, id)| id);
        self.account.cognito().verified_id_token(pool_id, token)
    }

    fn client(&self, user_pool: &str) -> Option<String> {
        self.issuer(user_pool).map(|pool| pool.client_id)
    }

    fn provider(&self, user_pool: &str) -> Option<String> {
        let pool = self.issuer(user_pool)?;
        Some(format!("cognito-idp.{}.amazonaws.com/{}", self.account.site.region, pool.pool_id))
    }

    fn assume(&self, wanted: Wanted) -> Credentials {
        let Wanted { role, session: name, life, limit, identity } = wanted;
        let context = Context::default()
            .with("cognito-identity.amazonaws.com:sub", [identity.identity_id.as_str()])
            .with("cognito-identity.amazonaws.com:aud", [identity.pool_id.as_str()])
            .with("cognito-identity.amazonaws.com:amr", identity.amr.iter().cloned());
        let assumption = Assumption { role, name, life, limit, context, cognito: Some(identity) };
        let session = self.account.sessions.begin(assumption, self.account.clock.now(), &self.account.random);
        let keys = session.credentials();
        let caller = self.iam.caller(&keys.access_key_id);
        Credentials {
            access_key_id: keys.access_key_id.clone(),
            secret_access_key: keys.secret_access_key.clone(),
            session_token: keys.session_token.clone(),
            expires: session.expires,
            role_id: caller.user_id(),
            arn: caller.arn(),
        }
    }

    fn sign(&self, claims: &Value) -> String {
        self.account.cognito().sign_as(ISSUER, claims)
    }

    fn opened(&self, token: &str) -> Option<Map<String, Value>> {
        self.account.cognito().opened_as(ISSUER, token)
    }
}

impl Joined<'_> {
    fn issuer(&self, user_pool: &str) -> Option<PoolIssuer> {
        self.account.cognito().issuers().into_iter().find(|pool| pool.pool == user_pool)
    }
}

/// The roles of all identity pools of an application.
pub(crate) fn roles(manifest: &Manifest, site: &Site, random: &Random) -> Result<Vec<SessionRole>, PolicyError> {
    let pools = manifest.identity_pools.iter();
    let roles = pools.flat_map(|pool| pool.all_roles().map(move |(name, grants)| (&pool.name, name, grants)));
    roles
        .map(|(pool, role, grants)| {
            let name = role_name(&site.application, pool, role);
            SessionRole::new(name, &statements(manifest, grants, site), random)
        })
        .collect()
}

/// What the template grants: permissions, and to call routes.
fn statements(manifest: &Manifest, grants: &Grants, site: &Site) -> Vec<Value> {
    let mut statements = iam::statements(&grants.permissions, manifest, site);
    let routes = grants.routes.iter().filter_map(|name| manifest.function(name).and_then(Route::of));
    let undeclared = skyloom_manifest::Api::undeclared();
    statements.extend(routes.map(|route| {
        let api = manifest.api(route.api).unwrap_or(&undeclared);
        let arn = gateway::route_arn(site, api, &route);
        serde_json::json!({ "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arn })
    }));
    statements
}
