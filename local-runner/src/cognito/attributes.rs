use serde::{Deserialize, Serialize};

use super::{error::Error, message::Medium, user::User};

/// An attribute as the protocol has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Attribute {
    pub(super) name: String,
    #[serde(default)]
    pub(super) value: String,
}

/// Who writes an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// The user, through a client: may not say that an address is verified, nor write what is not the user's to write.
    Client,
    Administrator,
}

/// The standard attributes of OpenID Connect that every pool has.
pub(super) const STANDARD: [&str; 20] = [
    "sub",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
];

/// What a value of a standard attribute is not that it should be: their schema is the same in every pool.
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html>
///
/// # Errors
/// What is no address is told without the attribute's name.
pub(super) fn check_standard(name: &str, value: &str) -> Result<Option<String>, Error> {
    match name {
        "email" if !is_email(value) => Err(Error::InvalidParameter("Invalid email address format.".into())),
        "phone_number" if !is_phone_number(value) => {
            Err(Error::InvalidParameter("Invalid phone number format.".into()))
        }
        name => Ok(broken(name, value).map(str::to_owned)),
    }
}

fn broken(name: &str, value: &str) -> Option<&'static str> {
    match name {
        "birthdate" if value.chars().count() < 10 => Some("String must be no shorter than 10 characters"),
        "birthdate" if value.chars().count() > 10 => Some("String must be no longer than 10 characters"),
        "updated_at" if value.parse::<u64>().is_err() => Some("Number must be a whole one and not below 0"),
        name if is_verification(name) && !is_boolean(value) => Some("Boolean must be true or false"),
        _ => None,
    }
}

pub(super) fn is_boolean(value: &str) -> bool {
    ["true", "false"].iter().any(|it| value.eq_ignore_ascii_case(it))
}

/// Whether an attribute says that an address is the user's.
pub(super) fn is_verification(name: &str) -> bool {
    [Medium::Email, Medium::Sms].iter().any(|medium| medium.verified_attribute() == name)
}

/// Everything that is known of a user, as the protocol has it.
pub(super) fn of(user: &User) -> Vec<Attribute> {
    let listed = user.attributes.iter().map(|(name, value)| Attribute { name: name.clone(), value: value.clone() });
    listed.collect()
}

/// Whether an address has the form that its medium needs.
pub(super) fn is_address(medium: Medium, value: &str) -> bool {
    match medium {
        Medium::Email => is_email(value),
        Medium::Sms => is_phone_number(value),
    }
}

fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let plain = |text: &str| !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    let quoted = local.starts_with('"') && local.ends_with('"') && local.len() > 2;
    !local.is_empty()
        && (quoted || !local.contains('@'))
        && plain(value)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
}

/// E.164: a plus and at most 15 digits.
fn is_phone_number(value: &str) -> bool {
    value
        .strip_prefix('+')
        .is_some_and(|digits| (2..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_to_look_like_addresses() {
        for good in ["ann@example.com", "ann+tag@mail.example.co.uk", "zoë@exämple.com"] {
            assert!(is_email(good), "{good}");
        }
        for bad in
            ["ann", "@example.com", "ann@", "ann@example", "ann@@example.com", "an n@example.com", "ann@example..com"]
        {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(is_phone_number("+4915112345678"));
        assert!(["015112345678", "+", "+49 151", "+1234567890123456"].iter().all(|bad| !is_phone_number(bad)));
    }
}
