//! The Secure Remote Password protocol (SRP-6a, RFC 2945 and 5054) as Cognito speaks it: the group of 3,072 bits, SHA-256, a
//! key that HKDF derives, and a proof that is an HMAC. What is hashed, and how, is what Cognito's own clients do: there is no
//! other document of it.
//!
//! The numbers are not computed in constant time: this stands in for Cognito on the machine of a developer.

use std::sync::LazyLock;

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{self, SHA256},
    hmac::{self, HMAC_SHA256},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use num_bigint::BigUint;
use serde::{Deserialize, Serialize};

use super::costly;
use crate::random::Random;

/// The group's prime. <https://www.rfc-editor.org/rfc/rfc3526#section-4>
const PRIME: &[u8] = b"\
    FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
    EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
    EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
    83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
    E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
    15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
    ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
    BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

static GROUP: LazyLock<Group> = LazyLock::new(|| {
    let prime = BigUint::parse_bytes(PRIME, 16).unwrap_or_default();
    let generator = BigUint::from(2_u32);
    let multiplier = number(&hash(&[&signed(&prime), &signed(&generator)]));
    Group { prime, generator, multiplier }
});

struct Group {
    prime: BigUint,
    generator: BigUint,
    /// `k`
    multiplier: BigUint,
}

impl Group {
    /// Of the generator.
    fn power(&self, exponent: &BigUint) -> BigUint {
        self.power_of(&self.generator, exponent)
    }

    fn power_of(&self, base: &BigUint, exponent: &BigUint) -> BigUint {
        costly::power(base, exponent, &self.prime)
    }
}

/// What a server keeps of a password: it cannot be used to sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Verifier {
    #[serde(with = "hexadecimal")]
    salt: BigUint,
    #[serde(with = "hexadecimal")]
    verifier: BigUint,
}

impl Verifier {
    pub(super) fn new(pool: &str, username: &str, password: &str, random: &Random) -> Self {
        let salt = BigUint::from_bytes_be(&random.bytes::<16>());
        let verifier = GROUP.power(&private_key(&salt, pool, username, password));
        Self { salt, verifier }
    }

    /// What a device has made of a secret of its own: salt and verifier in Base64. One that would make the shared secret known to
    /// everyone is refused.
    pub(super) fn of_device(salt: &str, verifier: &str) -> Option<Self> {
        let read = |text: &str| STANDARD.decode(text).ok().map(|bytes| number(&bytes));
        let (salt, verifier) = (read(salt)?, read(verifier)?);
        let is_known = &verifier % &GROUP.prime == BigUint::ZERO;
        (!is_known).then_some(Self { salt, verifier })
    }

    /// The verifier of nobody, from a secret that has to be the same each time: whoever asks does not learn that there is none. Nobody
    /// knows a password that fits it. It is no power, so that it is made as fast as a user's is read.
    pub(super) fn simulated(secret: &[u8]) -> Self {
        let salt = number(&hash(&[secret, b"salt"])[..16]);
        let digits: Vec<u8> = (0..12).flat_map(|block: u8| hash(&[secret, &[block]])).collect();
        Self { salt, verifier: number(&digits) % &GROUP.prime }
    }
}

/// One sign-in, from the server's side. <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html>
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Exchange {
    /// `USER_ID_FOR_SRP`
    pub(super) user_id: String,
    #[serde(with = "hexadecimal")]
    salt: BigUint,
    /// The server's public number, `B`.
    #[serde(with = "hexadecimal")]
    public: BigUint,
    /// What both sides derive.
    key: Vec<u8>,
}

impl Exchange {
    /// Answers the client's public number, `A` in hexadecimal. One that is no number, or that would make the secret known to
    /// everyone, is refused.
    pub(super) fn new(user_id: String, verifier: &Verifier, client_public: &str, random: &Random) -> Option<Self> {
        let client_public = BigUint::parse_bytes(client_public.as_bytes(), 16)?;
        if &client_public % &GROUP.prime == BigUint::ZERO {
            return None;
        }
        let private = BigUint::from_bytes_be(&random.bytes::<32>());
        let public = (&GROUP.multiplier * &verifier.verifier + GROUP.power(&private)) % &GROUP.prime;
        let scrambler = number(&hash(&[&signed(&client_public), &signed(&public)]));
        let base = client_public * GROUP.power_of(&verifier.verifier, &scrambler);
        let shared = GROUP.power_of(&base, &private);
        Some(Self { user_id, salt: verifier.salt.clone(), public, key: derive(&shared, &scrambler) })
    }

    /// `SALT`
    pub(super) fn salt(&self) -> String {
        self.salt.to_str_radix(16)
    }

    /// `SRP_B`
    pub(super) fn public(&self) -> String {
        self.public.to_str_radix(16)
    }

    /// Whether `PASSWORD_CLAIM_SIGNATURE` proves that the client derived the same key, and so knows the password.
    pub(super) fn proves(&self, pool: &str, secret_block: &str, timestamp: &str, signature: &str) -> bool {
        let (Ok(block), Ok(signature)) = (STANDARD.decode(secret_block), STANDARD.decode(signature)) else {
            return false;
        };
        let message = [pool.as_bytes(), self.user_id.as_bytes(), &block, timestamp.as_bytes()].concat();
        let expected = hmac::sign(&hmac::Key::new(HMAC_SHA256, &self.key), &message);
        verify_slices_are_equal(expected.as_ref(), &signature).is_ok()
    }
}

/// `x`
fn private_key(salt: &BigUint, pool: &str, username: &str, password: &str) -> BigUint {
    let identity = hash(&[pool.as_bytes(), username.as_bytes(), b":", password.as_bytes()]);
    number(&hash(&[&signed(salt), &identity]))
}

/// HKDF (RFC 5869) of one block, of which the first half is the key.
fn derive(shared: &BigUint, scrambler: &BigUint) -> Vec<u8> {
    let pseudorandom = hmac::sign(&hmac::Key::new(HMAC_SHA256, &signed(scrambler)), &signed(shared));
    let block = hmac::sign(&hmac::Key::new(HMAC_SHA256, pseudorandom.as_ref()), b"Caldera Derived Key\x01");
    block.as_ref()[..16].to_vec()
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    digest::digest(&SHA256, &parts.concat()).as_ref().to_vec()
}

fn number(bytes: &[u8]) -> BigUint {
    BigUint::from_bytes_be(bytes)
}

/// The bytes of a positive number where there could be negative ones, too: the first bit is never set.
fn signed(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_some_and(|first| *first >= 0x80) {
        bytes.insert(0, 0);
    }
    bytes
}

mod hexadecimal {
    use num_bigint::BigUint;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(number: &BigUint, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&number.to_str_radix(16))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BigUint, D::Error> {
        let text = String::deserialize(deserializer)?;
        BigUint::parse_bytes(text.as_bytes(), 16).ok_or_else(|| D::Error::custom("this is no hexadecimal number"))
    }
}

/// The other side, for tests.
#[cfg(test)]
pub(super) mod client {
    use super::*;

    pub(in crate::cognito) struct Client {
        private: BigUint,
        pub(in crate::cognito) public: String,
    }

    impl Client {
        pub(in crate::cognito) fn new(random: &Random) -> Self {
            let private = number(&random.bytes::<32>());
            Self { public: GROUP.power(&private).to_str_radix(16), private }
        }

        /// `PASSWORD_CLAIM_SIGNATURE`
        pub(in crate::cognito) fn proof(&self, asked: &Asked<'_>, password: &str) -> String {
            let parse = |text: &str| BigUint::parse_bytes(text.as_bytes(), 16).unwrap();
            let (salt, server_public) = (parse(asked.salt), parse(asked.public));
            let x = private_key(&salt, asked.pool, asked.user_id, password);
            let u = number(&hash(&[&signed(&parse(&self.public)), &signed(&server_public)]));
            let masked = &GROUP.multiplier * GROUP.power(&x) % &GROUP.prime;
            let base = (server_public + &GROUP.prime - masked) % &GROUP.prime;
            let shared = GROUP.power_of(&base, &(&self.private + &u * x));
            let block = STANDARD.decode(asked.secret_block).unwrap();
            let parts = [asked.pool.as_bytes(), asked.user_id.as_bytes(), &block, asked.timestamp.as_bytes()];
            let key = hmac::Key::new(HMAC_SHA256, &derive(&shared, &u));
            STANDARD.encode(hmac::sign(&key, &parts.concat()))
        }
    }

    /// `Salt` and `PasswordVerifier`, which a device sends.
    pub(in crate::cognito) fn secret_of(group: &str, key: &str, secret: &str, random: &Random) -> (String, String) {
        let Verifier { salt, verifier } = Verifier::new(group, key, secret, random);
        (STANDARD.encode(signed(&salt)), STANDARD.encode(signed(&verifier)))
    }

    pub(in crate::cognito) struct Asked<'a> {
        pub(in crate::cognito) pool: &'a str,
        pub(in crate::cognito) user_id: &'a str,
        pub(in crate::cognito) salt: &'a str,
        pub(in crate::cognito) public: &'a str,
        pub(in crate::cognito) secret_block: &'a str,
        pub(in crate::cognito) timestamp: &'a str,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "c2VjcmV0IGJsb2Nr";
    const TIME: &str = "Thu Jan 1 00:00:00 UTC 2026";

    fn signs_in(random: &Random, kept: &str, given: &str) -> bool {
        let verifier = Verifier::new("pool", "ann", kept, random);
        let client = client::Client::new(random);
        let exchange = Exchange::new("ann".into(), &verifier, &client.public, random).unwrap();
        let (salt, public) = (exchange.salt(), exchange.public());
        let asked = client::Asked {
            pool: "pool",
            user_id: "ann",
            salt: &salt,
            public: &public,
            secret_block: BLOCK,
            timestamp: TIME,
        };
        exchange.proves("pool", BLOCK, TIME, &client.proof(&asked, given))
    }

    #[test]
    fn only_who_knows_the_password_proves_it() {
        for seed in 0..4 {
            let random = Random::seeded(seed);
            assert!(signs_in(&random, "P@ssw0rd", "P@ssw0rd"));
            assert!(!signs_in(&random, "P@ssw0rd", "p@ssw0rd"));
        }
    }

    #[test]
    fn a_number_that_makes_the_secret_known_is_refused() {
        let random = Random::seeded(1);
        let verifier = Verifier::new("pool", "ann", "P@ssw0rd", &random);
        let twice = (&GROUP.prime * 2_u32).to_str_radix(16);
        for public in ["0", "", "-1", "xyz", &GROUP.prime.to_str_radix(16), &twice] {
            assert!(Exchange::new("ann".into(), &verifier, public, &random).is_none(), "{public}");
        }
    }

    #[test]
    fn a_devices_verifier_that_makes_the_secret_known_is_refused() {
        let encode = |bytes: &[u8]| STANDARD.encode(bytes);
        for verifier in [encode(&[]), encode(&[0]), encode(&GROUP.prime.to_bytes_be()), "!".into()] {
            assert!(Verifier::of_device(&encode(&[1]), &verifier).is_none(), "{verifier}");
        }
        assert!(Verifier::of_device(&encode(&[1]), &encode(&[2])).is_some());
    }

    #[test]
    fn the_group_is_that_of_cognitos_clients() {
        assert_eq!(GROUP.prime.bits(), 3_072);
        // `k` as a client of Cognito's prints it.
        expect_test::expect!["538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6"]
            .assert_eq(&GROUP.multiplier.to_str_radix(16));
    }

    #[test]
    fn who_does_not_exist_always_has_the_same_salt_and_each_another() {
        let simulated = |secret: u8| Verifier::simulated(&[secret; 32]);
        assert_eq!(simulated(7).salt, simulated(7).salt);
        assert_ne!(simulated(7).salt, simulated(8).salt);
        for secret in 0..=255 {
            let Verifier { salt, verifier } = simulated(secret);
            assert!(salt.bits() <= 128 && verifier.bits() > 3_000 && verifier < GROUP.prime, "as long as a user's");
        }
    }
}
