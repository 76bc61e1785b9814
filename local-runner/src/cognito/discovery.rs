//! The documents by which verifiers find a pool's keys.

use bytes::Bytes;
use http::{HeaderValue, Response, header};
use serde_json::{Value, json};

use super::{Cognito, pool::Pool, wire};

/// What a pool with a domain has, and where in it.
const ENDPOINTS: [(&str, &str); 5] = [
    ("authorization_endpoint", "/oauth2/authorize"),
    ("token_endpoint", "/oauth2/token"),
    ("userinfo_endpoint", "/oauth2/userInfo"),
    ("revocation_endpoint", "/oauth2/revoke"),
    ("end_session_endpoint", "/logout"),
];

impl Cognito {
    /// Writes the documents down, so that who reads them does not wait for who signs in. The manifest says it all.
    pub(super) fn publish(&mut self) {
        let written = |pool: &Pool| (pool.id.clone(), self.configuration(pool).to_string());
        let configurations = self.lock().iter().map(written).collect();
        self.configurations = configurations;
    }

    /// Answers `GET /{pool id}/.well-known/jwks.json` and `…/openid-configuration`; other paths are not for Cognito.
    pub(crate) fn handle_get(&self, path: &str) -> Option<Response<Bytes>> {
        let (id, document) = path.strip_prefix('/')?.split_once("/.well-known/")?;
        let configuration = self.configurations.get(id)?;
        let document = match document {
            "jwks.json" => serde_json::to_string(&self.keys.key().published(id)).ok()?,
            "openid-configuration" => configuration.clone(),
            _ => return None,
        };
        let mut response = Response::new(Bytes::from(document));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        wire::allow_browsers(&mut response);
        Some(response)
    }

    /// Without a domain a pool has no authorization endpoint, so nothing is said of one.
    fn configuration(&self, pool: &Pool) -> Value {
        let issuer = self.settings.issuer.of(pool);
        let keys = match &self.settings.endpoint {
            Some(endpoint) => format!("{endpoint}/{}", pool.id),
            None => issuer.clone(),
        };
        let mut configuration = json!({
            "issuer": issuer,
            "jwks_uri": format!("{keys}/.well-known/jwks.json"),
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "token"],
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        });
        if let Some(domain) = self.domain_url(pool) {
            for (name, path) in ENDPOINTS {
                configuration[name] = format!("{domain}{path}").into();
            }
        }
        configuration
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, mpsc},
        time::Duration,
    };

    use expect_test::expect;
    use serde_json::Value;

    use super::*;
    use crate::{
        cognito::{Issuer, Keys, Settings, testing},
        random::Random,
        site::Site,
    };

    const POOL: &str = "us-east-1_RjhHZltqo";

    fn get(cognito: &Cognito, document: &str) -> Option<Value> {
        let response = cognito.handle_get(&format!("/{POOL}/.well-known/{document}"))?;
        assert_eq!(response.headers()["content-type"], "application/json");
        serde_json::from_slice(response.body()).ok()
    }

    #[test]
    fn the_keys_are_those_of_the_pool() {
        let mut keys = get(&testing::cognito(), "jwks.json").unwrap();
        let modulus = keys["keys"][0]["n"].take();
        assert_eq!(modulus.as_str().map(str::len), Some(342), "2,048 bits");
        keys["keys"][0]["kid"].take();
        expect![[r#"{"keys":[{"alg":"RS256","e":"AQAB","kid":null,"kty":"RSA","n":null,"use":"sig"}]}"#]]
            .assert_eq(&keys.to_string());
    }

    #[test]
    fn who_reads_the_documents_waits_for_nobody() {
        let cognito = Arc::new(testing::cognito());
        let (reader, (sender, read)) = (Arc::clone(&cognito), mpsc::channel());
        let _busy = cognito.lock();
        let documents = ["jwks.json", "openid-configuration"];
        std::thread::spawn(move || sender.send(documents.map(|document| get(&reader, document).is_some())));
        let read = read.recv_timeout(Duration::from_secs(60));
        assert_eq!(read, Ok([true, true]));
    }

    #[test]
    fn the_configuration_names_the_issuer_and_where_the_keys_are() {
        let served = |issuer, endpoint: Option<&str>| {
            let settings = Settings { issuer, endpoint: endpoint.map(str::to_owned), random: Random::seeded(1) };
            let site = Site::new("orders", "us-east-1");
            let cognito = Cognito::new(&testing::manifest(), site, testing::clock(), Keys::Shared, settings);
            let configuration = get(&cognito, "openid-configuration").unwrap();
            format!("{} {}", configuration["issuer"], configuration["jwks_uri"])
        };
        let here = "http://127.0.0.1:4566";
        expect![[r#""https://cognito-idp.us-east-1.amazonaws.com/us-east-1_RjhHZltqo" "http://127.0.0.1:4566/us-east-1_RjhHZltqo/.well-known/jwks.json""#]]
            .assert_eq(&served(Issuer::Aws, Some(here)));
        expect![[r#""http://127.0.0.1:4566/us-east-1_RjhHZltqo" "http://127.0.0.1:4566/us-east-1_RjhHZltqo/.well-known/jwks.json""#]]
            .assert_eq(&served(Issuer::Served(here.into()), Some(here)));
    }

    #[test]
    fn other_paths_are_not_for_cognito() {
        let cognito = testing::cognito();
        assert!(cognito.handle_get("/").is_none());
        assert!(cognito.handle_get("/us-east-1_none/.well-known/jwks.json").is_none());
        assert!(get(&cognito, "security.txt").is_none());
    }
}
