use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{constraint, error::Error, message::Medium, user::User};

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
    /// The user, through the client: may not say that an address is verified.
    Client,
    Administrator,
}

/// The standard attributes of OpenID Connect that every pool has. Pools of an application have no custom ones.
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

/// Checks attributes that somebody wants to write, and returns them by name.
pub(super) fn checked(attributes: Vec<Attribute>, writer: Writer) -> Result<BTreeMap<String, String>, Error> {
    let mut checked = BTreeMap::new();
    for (place, Attribute { name, value }) in (1..).zip(attributes) {
        constraint::attribute(place, &name, &value)?;
        check_writable(&name, writer)?;
        if !value.is_empty() {
            check_type(&name, &value)?;
        }
        let value = normal(&name, value);
        if checked.insert(name.clone(), value).is_some() {
            return Err(Error::InvalidParameter(format!("The attribute {name} is given twice")));
        }
    }
    Ok(checked)
}

fn check_writable(name: &str, writer: Writer) -> Result<(), Error> {
    match name {
        "sub" => Err(invalid("Cannot modify the non-mutable attribute sub")),
        "email_verified" | "phone_number_verified" if writer == Writer::Client => Err(Error::UnauthorizedAttribute),
        name if !STANDARD.contains(&name) => {
            Err(nonconforming(&format!("Type for attribute {{{name}}} could not be determined")))
        }
        _ => Ok(()),
    }
}

/// What is not empty has the form that the attribute has in every pool: the schema of the standard attributes cannot be another.
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html>
fn check_type(name: &str, value: &str) -> Result<(), Error> {
    match name {
        "email" if !is_email(value) => Err(invalid("Invalid email address format.")),
        "phone_number" if !is_phone_number(value) => Err(invalid("Invalid phone number format.")),
        "email_verified" | "phone_number_verified" if !is_boolean(value) => {
            Err(nonconforming(&format!("{name}: Boolean must be true or false")))
        }
        "birthdate" if value.chars().count() < 10 => {
            Err(nonconforming("birthdate: String must be no shorter than 10 characters"))
        }
        "birthdate" if value.chars().count() > 10 => {
            Err(nonconforming("birthdate: String must be no longer than 10 characters"))
        }
        "updated_at" if value.parse::<u64>().is_err() => {
            Err(nonconforming("updated_at: Number must be a whole one and not below 0"))
        }
        _ => Ok(()),
    }
}

fn is_boolean(value: &str) -> bool {
    ["true", "false"].iter().any(|it| value.eq_ignore_ascii_case(it))
}

/// Booleans are written small, however a client's language writes them.
fn normal(name: &str, value: String) -> String {
    if name.ends_with("_verified") { value.to_lowercase() } else { value }
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

fn nonconforming(message: &str) -> Error {
    Error::InvalidParameter(format!("Attributes did not conform to the schema: {message}"))
}

fn invalid(message: &str) -> Error {
    Error::InvalidParameter(message.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, value: &str, writer: Writer) -> String {
        let attribute = Attribute { name: name.into(), value: value.into() };
        checked(vec![attribute], writer).map_or_else(|error| error.to_string(), |_| "fine".into())
    }

    #[test]
    fn a_client_may_not_verify_its_own_address() {
        assert_eq!(
            refused("email_verified", "true", Writer::Client),
            "A client attempted to write unauthorized attribute"
        );
        assert_eq!(refused("email_verified", "true", Writer::Administrator), "fine");
    }

    #[test]
    fn an_attribute_that_the_pool_does_not_have_is_named() {
        assert_eq!(
            refused("custom:shoe_size", "43", Writer::Administrator),
            "Attributes did not conform to the schema: Type for attribute {custom:shoe_size} could not be determined"
        );
    }

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

    #[test]
    fn values_are_as_long_and_of_the_type_that_the_schema_says() {
        assert_eq!(refused("name", &"n".repeat(2_048), Writer::Client), "fine");
        expect_test::expect!["1 validation error detected: Value at 'userAttributes.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 2048"]
            .assert_eq(&refused("name", &"n".repeat(2_049), Writer::Client));
        let long = refused(&"n".repeat(33), "", Writer::Client);
        assert!(long.contains("'userAttributes.1.member.name'") && long.len() < 200, "{long}");
        for (name, good, bad) in [
            ("birthdate", "2000-02-29", "29 February 2000"),
            ("birthdate", "", "2000"),
            ("email_verified", "True", "foo"),
            ("updated_at", "1767225600", "yesterday"),
        ] {
            assert_eq!(refused(name, good, Writer::Administrator), "fine");
            let refusal = refused(name, bad, Writer::Administrator);
            assert!(refusal.starts_with(&format!("Attributes did not conform to the schema: {name}: ")), "{refusal}");
        }
    }

    #[test]
    fn an_attribute_has_one_value() {
        let name = |value: &str| Attribute { name: "name".into(), value: value.into() };
        let refusal = checked(vec![name("Ann"), name("Eve")], Writer::Client).unwrap_err();
        assert_eq!(refusal.to_string(), "The attribute name is given twice");
    }
}
