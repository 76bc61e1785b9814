use std::sync::{Arc, LazyLock, OnceLock};

use aws_lc_rs::{
    digest::{self, SHA256},
    encoding::AsDer,
    hmac::{self, HMAC_SHA256},
    rsa::{KeyPair, KeySize},
    signature::RsaPublicKeyComponents,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{AlgorithmParameters, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};
use serde::{Serialize, de::DeserializeOwned};

/// Making a key takes a tenth of a second: the pools of all applications that one test process runs have one together.
static SHARED: LazyLock<SigningKey> = LazyLock::new(SigningKey::generate);

/// Which key signs the tokens.
#[derive(Debug)]
pub(crate) enum Keys {
    /// One for the whole process, made when it is first needed.
    Shared,
    /// One that can be kept from run to run, made when it is first needed.
    Own(Arc<OnceLock<SigningKey>>),
}

impl Keys {
    pub(super) fn key(&self) -> &SigningKey {
        match self {
            Self::Shared => &SHARED,
            Self::Own(key) => key.get_or_init(SigningKey::generate),
        }
    }

    /// The key's PEM, if it is one to keep and there is one.
    pub(super) fn kept(&self) -> Option<&str> {
        match self {
            Self::Shared => None,
            Self::Own(key) => key.get().map(|key| key.pem.as_str()),
        }
    }
}

/// An RSA key of 2,048 bits. Each pool gives it another id, so that a token of one is not one of another.
pub(crate) struct SigningKey {
    pem: String,
    signer: EncodingKey,
    verifier: DecodingKey,
    public: Jwk,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

impl SigningKey {
    pub(crate) fn generate() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a 2,048 bit key can be made");
        let der = pair.as_der().expect("a key that was made can be written");
        Self::from_pem(pem("PRIVATE KEY", der.as_ref())).expect("a key that was written can be read")
    }

    pub(super) fn from_pem(pem: String) -> jsonwebtoken::errors::Result<Self> {
        let signer = EncodingKey::from_rsa_pem(pem.as_bytes())?;
        let public = Jwk::from_encoding_key(&signer, Algorithm::RS256)?;
        let verifier = DecodingKey::from_jwk(&public)?;
        Ok(Self { pem, signer, verifier, public })
    }

    /// A pool's id for the key. Another key has another id, so that nobody uses one that they remember from before.
    pub(super) fn id(&self, pool: &str) -> String {
        let AlgorithmParameters::RSA(parameters) = &self.public.algorithm else { return pool.into() };
        STANDARD.encode(digest::digest(&SHA256, format!("{pool}/{}", parameters.n).as_bytes()))
    }

    /// What nobody computes who does not know the key, and what does not tell the key.
    pub(super) fn secret(&self, purpose: &str) -> Vec<u8> {
        let key = hmac::Key::new(HMAC_SHA256, self.pem.as_bytes());
        hmac::sign(&key, purpose.as_bytes()).as_ref().to_vec()
    }

    pub(super) fn sign(&self, id: String, claims: &impl Serialize) -> String {
        let header = Header { kid: Some(id), typ: None, ..Header::new(Algorithm::RS256) };
        jsonwebtoken::encode(&header, claims, &self.signer).expect("a key that could be read can sign")
    }

    /// The claims of a token that this key signed, whatever they say.
    pub(super) fn verify<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false; // on the runner's clock, not on the computer's
        validation.validate_aud = false;
        jsonwebtoken::decode(token, &self.verifier, &validation).ok().map(|token| token.claims)
    }

    /// The public key in PEM, as a forger would use it for a secret.
    pub(super) fn public_pem(&self) -> String {
        let AlgorithmParameters::RSA(parameters) = &self.public.algorithm else { return String::new() };
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        let components = RsaPublicKeyComponents { n: decode(&parameters.n), e: decode(&parameters.e) };
        components.as_der().map(|der| pem("PUBLIC KEY", der.as_ref())).unwrap_or_default()
    }

    /// What a pool publishes.
    pub(super) fn published(&self, pool: &str) -> JwkSet {
        let mut key = self.public.clone();
        key.common.key_id = Some(self.id(pool));
        key.common.key_algorithm = Some(KeyAlgorithm::RS256);
        key.common.public_key_use = Some(PublicKeyUse::Signature);
        JwkSet { keys: vec![key] }
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_key_signs_what_the_first_one_published() {
        let keys = Keys::Own(Arc::default());
        assert_eq!(keys.kept(), None, "a key is made only when it is needed");
        let published = keys.key().published("us-east-1_pool");
        let again = SigningKey::from_pem(keys.kept().unwrap().into()).unwrap();
        assert_eq!(again.published("us-east-1_pool"), published);
    }

    #[test]
    fn a_published_key_verifies_a_token_by_its_id() {
        let key = Keys::Shared.key();
        let token = key.sign(key.id("pool"), &serde_json::json!({ "sub": "ann" }));
        let set = key.published("pool");
        let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
        let jwk = set.find(&kid).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.required_spec_claims.clear();
        let decoding = DecodingKey::from_jwk(jwk).unwrap();
        let claims = jsonwebtoken::decode::<serde_json::Value>(&token, &decoding, &validation).unwrap().claims;
        assert_eq!(claims["sub"], "ann");
    }

    #[test]
    fn the_key_has_another_id_in_another_pool() {
        let key = Keys::Shared.key();
        assert_ne!(key.id("one"), key.id("two"));
    }
}
