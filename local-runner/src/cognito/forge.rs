use std::{sync::LazyLock, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value, json};

use super::{Context, keys::SigningKey, pool::Pool, token::Claims};

/// A key of somebody else.
static OTHER: LazyLock<SigningKey> = LazyLock::new(SigningKey::generate);

/// What is wrong with a token, for tests of who has to refuse it.
#[derive(Clone, Debug, PartialEq)]
pub enum Forged {
    /// It expired a minute ago.
    Expired,
    /// It is for another client.
    OtherAudience,
    /// Another pool says that it is its own.
    OtherIssuer,
    /// It names the pool's key, but another one signed it.
    OtherKey,
    /// Its algorithm is `none`.
    Unsigned,
    /// Its algorithm is HS256, and the secret is the pool's public key.
    SignedWithPublicKey,
    /// Rightly signed, with these claims instead of its own; those that are null are left out.
    Claims(Map<String, Value>),
}

impl Forged {
    /// The ID token and the access token that say this, with something wrong.
    pub(super) fn signed(&self, pool: &Pool, context: &Context<'_>, claims: Claims) -> (String, String) {
        let forged = |mut claims: Map<String, Value>| {
            claims.extend(changes(self, pool, context, &claims));
            claims.retain(|_, value| !value.is_null());
            sign(self, pool, context, &claims)
        };
        (forged(claims.id), forged(claims.access))
    }
}

fn changes(how: &Forged, pool: &Pool, context: &Context<'_>, claims: &Map<String, Value>) -> Map<String, Value> {
    let changes = match how {
        Forged::Expired => {
            let seconds = |ago: Duration| context.now.seconds().saturating_sub(ago.as_secs());
            let (hour, minute) = (Duration::from_secs(3_660), Duration::from_secs(60));
            json!({ "auth_time": seconds(hour), "iat": seconds(hour), "exp": seconds(minute) })
        }
        Forged::OtherAudience if claims.contains_key("aud") => json!({ "aud": "another" }),
        Forged::OtherAudience => json!({ "client_id": "another" }),
        Forged::OtherIssuer => json!({ "iss": format!("{}0", context.issuer.of(pool)) }),
        Forged::Claims(claims) => return claims.clone(),
        Forged::OtherKey | Forged::Unsigned | Forged::SignedWithPublicKey => return Map::new(),
    };
    changes.as_object().cloned().unwrap_or_default()
}

fn sign(how: &Forged, pool: &Pool, context: &Context<'_>, claims: &Map<String, Value>) -> String {
    let key = context.keys.key();
    let id = key.id(&pool.id);
    match how {
        Forged::Expired | Forged::OtherAudience | Forged::OtherIssuer | Forged::Claims(_) => key.sign(id, claims),
        Forged::OtherKey => OTHER.sign(id, claims),
        Forged::Unsigned => {
            let encode = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
            format!("{}.{}.", encode(json!({ "alg": "none", "kid": id })), encode(claims.clone().into()))
        }
        Forged::SignedWithPublicKey => {
            let header = Header { kid: Some(id), ..Header::new(Algorithm::HS256) };
            let secret = EncodingKey::from_secret(key.public_pem().as_bytes());
            jsonwebtoken::encode(&header, claims, &secret).expect("every secret can sign")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::{
        Cognito, Wanted,
        testing::{cognito, decoded},
        token::Tokens,
    };

    fn forge(cognito: &Cognito, how: &Forged, scopes: &[&str]) -> Tokens {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let groups = vec!["staff".to_owned()];
        let wanted = Wanted { groups, scopes, ..Wanted::new("Shopper", "ann@example.com") };
        cognito.tokens(&wanted, Some(how)).unwrap()
    }

    fn header(token: &str) -> Value {
        let part = token.split('.').next().unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn each_forgery_is_wrong_in_its_own_way() {
        let cognito = cognito();
        let forge = |how: &Forged| forge(&cognito, how, &[]);
        let expired = decoded(&forge(&Forged::Expired).id.into());
        assert!(expired["exp"].as_u64() < Some(super::super::testing::NOW));
        assert_eq!(decoded(&forge(&Forged::OtherAudience).id.into())["aud"], "another");
        assert_eq!(decoded(&forge(&Forged::OtherAudience).access.into())["client_id"], "another");
        assert_eq!(header(&forge(&Forged::Unsigned).id)["alg"], "none");
        assert_eq!(header(&forge(&Forged::SignedWithPublicKey).id)["alg"], "HS256");
        let key = cognito.keys.key();
        assert!(key.verify::<Value>(&forge(&Forged::OtherIssuer).id).is_some());
        assert!(key.verify::<Value>(&forge(&Forged::OtherKey).id).is_none());
        assert_eq!(header(&forge(&Forged::OtherKey).id), header(&forge(&Forged::Expired).id));
    }

    #[test]
    fn a_claim_can_be_replaced_or_left_out() {
        let claims = json!({ "token_use": "refresh", "exp": null }).as_object().unwrap().clone();
        let forged = decoded(&forge(&cognito(), &Forged::Claims(claims), &[]).id.into());
        assert_eq!((&forged["token_use"], forged.get("exp")), (&json!("refresh"), None));
    }

    #[test]
    fn only_what_is_forged_is_other_than_the_test_wants() {
        let tokens = forge(&cognito(), &Forged::Expired, &["orders/write"]);
        let (id, access) = (decoded(&tokens.id.into()), decoded(&tokens.access.into()));
        assert_eq!((&access["scope"], id.get("scope")), (&json!("orders/write"), None));
        assert_eq!((&id["cognito:groups"], &access["cognito:groups"]), (&json!(["staff"]), &json!(["staff"])));
        let scope = json!({ "scope": "orders/read" }).as_object().unwrap().clone();
        let replaced = decoded(&forge(&cognito(), &Forged::Claims(scope), &["orders/write"]).access.into());
        assert_eq!(replaced["scope"], "orders/read", "what is forged comes last");
    }
}
