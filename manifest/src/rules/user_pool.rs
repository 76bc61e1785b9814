//! Cognito's limits of user pools.

use std::ops::RangeInclusive;

/// Characters that a policy can ask of a password.
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html>
pub const PASSWORD_LENGTH: RangeInclusive<u64> = 6..=99;
/// Seconds for which a password works that an administrator chose; Cognito counts days.
pub const TEMPORARY_PASSWORD: RangeInclusive<u64> = DAY..=365 * DAY;
/// Seconds for which an ID or access token is valid.
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html>
pub const TOKEN_LIFE: RangeInclusive<u64> = 300..=DAY;
/// Seconds for which a refresh token is.
pub const REFRESH_TOKEN_LIFE: RangeInclusive<u64> = 3_600..=3_650 * DAY;
/// Seconds for which a refresh token may be sent again that was rotated out.
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html>
pub const ROTATION_GRACE: RangeInclusive<u64> = 0..=60;
/// The rank of a group. <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html>
pub const GROUP_PRECEDENCE: RangeInclusive<u64> = 0..=2_147_483_647;

const DAY: u64 = 86_400;

/// Says what is wrong with the name of a group, or nothing. Cognito takes commas, but events of REST APIs have a token's groups
/// as one text, with commas between them: who is in `a,staff` would pass for one of `staff`.
///
/// # Errors
/// A sentence that says what a name is.
pub fn check_group(name: &str) -> Result<(), String> {
    let one_word = name.chars().all(|letter| !letter.is_whitespace() && !letter.is_control() && letter != ',');
    if one_word && (1..=128).contains(&name.chars().count()) {
        return Ok(());
    }
    Err("Cognito's groups have names of 1 to 128 characters without spaces or commas".into())
}

/// Says what is wrong with the ARN of a role, or nothing.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_role(arn: &str) -> Result<(), String> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    if let ["arn", partition, "iam", "", account, resource] = parts.as_slice()
        && partition.starts_with("aws")
        && account.len() == 12
        && account.bytes().all(|digit| digit.is_ascii_digit())
        && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty() && !name.contains(char::is_whitespace))
    {
        return Ok(());
    }
    Err(format!("`{arn}` is no ARN of a role: write one like `arn:aws:iam::111122223333:role/staff`"))
}

/// Says what is wrong with an identity of Amazon SES, a domain or an address, or nothing.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_email_identity(identity: &str) -> Result<(), String> {
    let (local, domain) = identity.rsplit_once('@').unwrap_or(("a", identity));
    let of_a_label = |label: &str| !label.is_empty() && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    let is_domain = domain.contains('.') && domain.split('.').all(of_a_label);
    if is_domain && !local.is_empty() && local.bytes().all(|c| c.is_ascii_graphic() && !b"/:@".contains(&c)) {
        return Ok(());
    }
    Err(format!(
        "`{identity}` is no identity of Amazon SES: write a domain, `example.com`, or an address, `shop@example.com`"
    ))
}

/// Says what is wrong with how long a client's tokens live, or nothing: no token outlives the one that renews it.
///
/// # Errors
/// A sentence that says which.
pub fn check_token_lives(access: u32, id: u32, refresh: u32) -> Result<(), String> {
    let longer = [("access_token", access), ("id_token", id)].into_iter().find(|(_, life)| *life > refresh);
    longer.map_or(Ok(()), |(name, life)| {
        Err(format!("`{name}` is {life} s, longer than the refresh token, which is valid for {refresh} s"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_by_its_arn() {
        assert_eq!(check_role("arn:aws:iam::111122223333:role/service/staff"), Ok(()));
        for bad in [
            "staff",
            "arn:aws:iam::1:role/staff",
            "arn:aws:iam::111122223333:user/ann",
            "arn:aws:iam::111122223333:role/",
        ] {
            assert!(check_role(bad).unwrap_err().contains("is no ARN of a role"), "{bad}");
        }
    }

    #[test]
    fn mail_comes_from_a_domain_or_an_address() {
        assert_eq!(check_email_identity("mail.example.com"), Ok(()));
        assert_eq!(check_email_identity("shop+x@example.com"), Ok(()));
        for bad in ["", "example", "@example.com", "a b@example.com", "shop@example..com", "x/y@example.com"] {
            assert!(check_email_identity(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_token_outlives_the_refresh_token() {
        assert_eq!(check_token_lives(3_600, 3_600, 3_600), Ok(()));
        assert!(check_token_lives(300, 7_200, 3_600).unwrap_err().starts_with("`id_token` is 7200 s"));
    }
}
