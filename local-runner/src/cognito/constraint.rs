//! What Cognito checks of a member before it looks at the pool.

use super::error::Error;

/// One to 128 characters that are neither space nor control. The value is not repeated: it can be somebody's name.
pub(super) fn username(value: &str) -> Result<(), Error> {
    let visible = value.chars().all(|letter| !letter.is_whitespace() && !letter.is_control());
    report(
        "username",
        None,
        &[
            (visible && !value.is_empty(), r"satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"),
            (!value.is_empty(), "have length greater than or equal to 1"),
            (value.chars().count() <= 128, "have length less than or equal to 128"),
        ],
    )
}

/// The same of a group.
pub(super) fn group_name(value: &str) -> Result<(), Error> {
    let visible = value.chars().all(|letter| !letter.is_whitespace() && !letter.is_control());
    report(
        "groupName",
        Some(value),
        &[
            (visible && !value.is_empty(), r"satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"),
            (!value.is_empty(), "have length greater than or equal to 1"),
            (value.chars().count() <= 128, "have length less than or equal to 128"),
        ],
    )
}

/// At most 256 characters without white space.
pub(super) fn password(member: &str, value: &str) -> Result<(), Error> {
    report(
        member,
        None,
        &[
            (no_white_space(value), r"satisfy regular expression pattern: [\S]+"),
            (value.chars().count() <= 256, "have length less than or equal to 256"),
        ],
    )
}

/// One to 2,048 characters without white space.
pub(super) fn confirmation_code(value: &str) -> Result<(), Error> {
    report(
        "confirmationCode",
        Some(value),
        &[
            (no_white_space(value), r"satisfy regular expression pattern: [\S]+"),
            (!value.is_empty(), "have length greater than or equal to 1"),
            (value.chars().count() <= 2_048, "have length less than or equal to 2048"),
        ],
    )
}

/// A name of at most 32 characters and a value of at most 2,048. Neither is repeated.
pub(super) fn attribute(place: usize, name: &str, value: &str) -> Result<(), Error> {
    let short = |member: &str, text: &str, most: usize| {
        let rule = format!("have length less than or equal to {most}");
        report(&format!("userAttributes.{place}.member.{member}"), None, &[(text.chars().count() <= most, &rule)])
    };
    short("name", name, 32)?;
    short("value", value, 2_048)
}

/// A page's size.
pub(super) fn limit(member: &str, value: usize, least: usize) -> Result<(), Error> {
    let shown = value.to_string();
    let too_small = format!("have value greater than or equal to {least}");
    report(member, Some(&shown), &[(value >= least, &too_small), (value <= 60, "have value less than or equal to 60")])
}

/// Why a required member is refused that was left out.
pub(super) fn missing(member: &str) -> Error {
    let mut letters = member.chars();
    let member: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    Error::InvalidParameter(format!(
        "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must not be null"
    ))
}

fn no_white_space(value: &str) -> bool {
    !value.is_empty() && !value.contains(char::is_whitespace)
}

fn report(member: &str, shown: Option<&str>, rules: &[(bool, &str)]) -> Result<(), Error> {
    let value = shown.map_or("Value".to_owned(), |value| format!("Value '{value}'"));
    let broken: Vec<_> = rules
        .iter()
        .filter(|(holds, _)| !holds)
        .map(|(_, rule)| format!("{value} at '{member}' failed to satisfy constraint: Member must {rule}"))
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    let errors = if broken.len() == 1 { "error" } else { "errors" };
    Err(Error::InvalidParameter(format!("{} validation {errors} detected: {}", broken.len(), broken.join("; "))))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(result: Result<(), Error>, expected: Expect) {
        expected.assert_eq(&result.map_or_else(|error| error.to_string(), |()| "fine".into()));
    }

    #[test]
    fn every_broken_rule_is_named_in_cognitos_words() {
        check(
            confirmation_code(""),
            expect![[
                r"2 validation errors detected: Value '' at 'confirmationCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\S]+; Value '' at 'confirmationCode' failed to satisfy constraint: Member must have length greater than or equal to 1"
            ]],
        );
        check(
            Err(missing("ClientId")),
            expect![
                "1 validation error detected: Value at 'clientId' failed to satisfy constraint: Member must not be null"
            ],
        );
        check(
            limit("limit", 61, 0),
            expect![
                "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60"
            ],
        );
    }

    #[test]
    fn a_password_is_never_repeated() {
        check(
            password("password", "my secret"),
            expect![[
                r"1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: [\S]+"
            ]],
        );
    }

    #[test]
    fn names_of_every_script_are_usernames() {
        check(username("Zoë-Ж-李"), expect!["fine"]);
        check(
            username("two words"),
            expect![[
                r"1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"
            ]],
        );
    }
}
