//! Identifiers that follow from names, so that they are the same in every run and can be written into a client's settings.

use aws_lc_rs::digest::{self, SHA256};

const LETTERS_AND_DIGITS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const LOWER_CASE: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// `us-east-1_Ab3dEf9hI`.
pub(super) fn pool_id(region: &str, application: &str, pool: &str) -> String {
    format!("{region}_{}", derive(LETTERS_AND_DIGITS, 9, &["pool", application, pool]))
}

/// 26 small letters and digits.
pub(super) fn client_id(pool_id: &str) -> String {
    derive(LOWER_CASE, 26, &["client", pool_id])
}

/// The client's secret, which is known like its id: it protects nothing but a machine's own emulator.
pub(super) fn client_secret(client_id: &str) -> String {
    derive(LOWER_CASE, 26, &["secret", client_id]) + &derive(LOWER_CASE, 25, &["secret", "more", client_id])
}

/// The same of one more client of a pool.
pub(super) fn other_client_id(pool_id: &str, name: &str) -> String {
    derive(LOWER_CASE, 26, &["client", pool_id, name])
}

/// `-Ab3dEf9h`: what all devices of a user have in common.
pub(super) fn device_group(pool_id: &str, user: &str) -> String {
    format!("-{}", derive(LETTERS_AND_DIGITS, 8, &["devices", pool_id, user]))
}

fn derive(alphabet: &str, length: usize, parts: &[&str]) -> String {
    let letters = alphabet.as_bytes();
    let digest = digest::digest(&SHA256, parts.join("/").as_bytes());
    digest.as_ref()[..length].iter().map(|byte| char::from(letters[usize::from(*byte) % letters.len()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_shape_of_cognitos_and_do_not_change() {
        let pool = pool_id("us-east-1", "orders", "Shopper");
        expect_test::expect!["us-east-1_RjhHZltqo"].assert_eq(&pool);
        expect_test::expect!["6q2poroz1jnzne40vzj26p5jtw"].assert_eq(&client_id(&pool));
    }

    #[test]
    fn pools_of_other_names_or_applications_have_other_ids() {
        let id = pool_id("us-east-1", "orders", "Shopper");
        assert_ne!(id, pool_id("us-east-1", "orders", "Partner"));
        assert_ne!(id, pool_id("us-east-1", "shop", "Shopper"));
    }
}
