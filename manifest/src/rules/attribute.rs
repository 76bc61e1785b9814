//! Cognito's limits of the attributes of users.
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html>

use std::ops::RangeInclusive;

use super::nearest;

/// What the name of an attribute of a pool's own begins with, in operations and in tokens.
pub const CUSTOM_ATTRIBUTE: &str = "custom:";
/// Characters of a string.
pub const ATTRIBUTE_LENGTH: RangeInclusive<i64> = 0..=2_048;
/// How many attributes of its own a pool has at most.
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html>
pub const CUSTOM_ATTRIBUTES: usize = 50;
/// The standard attributes that a pool can ask of everyone, and that each client may write.
pub const WRITABLE_ATTRIBUTES: [&str; 17] = [
    "address",
    "birthdate",
    "email",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
];
/// The standard attributes that Cognito writes, or an administrator.
pub const OTHER_ATTRIBUTES: [&str; 3] = ["email_verified", "phone_number_verified", "sub"];

/// The most characters of a name. <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SchemaAttributeType.html>
const NAME: usize = 20;

/// Says what is wrong with the name of an attribute of a pool's own, or nothing.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_attribute_name(name: &str) -> Result<(), String> {
    if let Some(bare) = name.strip_prefix(CUSTOM_ATTRIBUTE) {
        return Err(format!("Cognito puts `custom:` before the name: write `{bare}`"));
    }
    if name.starts_with("dev:") {
        return Err("attributes with `dev:` are of older pools: leave it out, and only administrators write the attribute unless it is `writable`".into());
    }
    if WRITABLE_ATTRIBUTES.contains(&name) {
        return Err(format!(
            "every pool has `{name}`, a standard attribute: remove this, or ask everyone for it with `required = [\"{name}\"]`"
        ));
    }
    if OTHER_ATTRIBUTES.contains(&name) || name == "identities" {
        return Err(format!("every pool has `{name}`, which is Cognito's own: choose another name"));
    }
    let visible = name.chars().all(|letter| !letter.is_whitespace() && !letter.is_control());
    if visible && (1..=NAME).contains(&name.chars().count()) {
        return Ok(());
    }
    Err(format!("attributes have names of 1 to {NAME} characters without spaces"))
}

/// Says what is wrong with a bound of the length of a string, or nothing; `what` is what the caller calls it.
///
/// # Errors
/// A sentence that says what it can be.
pub fn check_attribute_length(what: &str, bound: i64) -> Result<(), String> {
    if ATTRIBUTE_LENGTH.contains(&bound) {
        return Ok(());
    }
    Err(format!("`{what}` is {bound}, but has to be from {} to {}", ATTRIBUTE_LENGTH.start(), ATTRIBUTE_LENGTH.end()))
}

/// Says that nothing fits between two bounds, if so.
///
/// # Errors
/// A sentence that names both.
pub fn check_attribute_bounds(
    (min, least): (&str, Option<i64>),
    (max, most): (&str, Option<i64>),
) -> Result<(), String> {
    match (least, most) {
        (Some(least), Some(most)) if least > most => {
            Err(format!("`{min}` is {least}, more than `{max}`, which is {most}: nothing fits between them"))
        }
        _ => Ok(()),
    }
}

/// Says why a pool cannot ask everyone for an attribute, or nothing; `sign_in` is the one that users sign in with.
///
/// # Errors
/// A sentence that says what to do instead.
pub fn check_required_attribute(name: &str, sign_in: Option<&str>) -> Result<(), String> {
    if sign_in == Some(name) {
        return Err(format!("users sign in with `{name}`, so that everyone has it: remove it here"));
    }
    if WRITABLE_ATTRIBUTES.contains(&name) {
        return Ok(());
    }
    if OTHER_ATTRIBUTES.contains(&name) {
        return Err(format!("`{name}` is Cognito's to write: nobody can be asked for it"));
    }
    if name.starts_with(CUSTOM_ATTRIBUTE) {
        return Err("Cognito asks nobody for attributes of the pool's own: refuse who has none in a handler `on = \"pre-sign-up\"`".into());
    }
    let hint = nearest(name, WRITABLE_ATTRIBUTES).map_or_else(
        || format!("there are `{}`", WRITABLE_ATTRIBUTES.join("`, `")),
        |near| format!("did you mean `{near}`?"),
    );
    Err(format!("`{name}` is no standard attribute: {hint}"))
}

/// An attribute of a pool's own, as far as it matters who writes it.
#[derive(Clone, Copy, Debug)]
pub struct DeclaredAttribute<'a> {
    /// Its name without `custom:`.
    pub name: &'a str,
    /// Whether it is set when the user is made, and never again.
    pub immutable: bool,
    /// Whether users may set it themselves.
    pub writable: bool,
}

/// Says why a pool does not take an attribute from a provider, or nothing. A client that may not write it, for its users too, does not let
/// the provider's users in.
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html>
///
/// # Errors
/// A sentence that says what to do.
pub fn check_mapped_attribute<'a>(
    name: &str,
    declared: impl Iterator<Item = DeclaredAttribute<'a>> + Clone,
) -> Result<(), String> {
    let standard = WRITABLE_ATTRIBUTES.into_iter().chain(OTHER_ATTRIBUTES);
    let Some(bare) = name.strip_prefix(CUSTOM_ATTRIBUTE) else {
        return match standard.clone().find(|it| *it == name) {
            Some("sub") => Err("`sub` is the pool's own: take it into another attribute".into()),
            Some(_) => Ok(()),
            None => {
                let hint = nearest(name, standard).map_or_else(
                    || "attributes of the pool's own have `custom:` before them".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                Err(format!("`{name}` is no standard attribute: {hint}"))
            }
        };
    };
    match declared.clone().find(|it| it.name == bare) {
        Some(attribute) if attribute.immutable => Err(format!(
            "`{name}` cannot be taken from a provider, with each of whose sign-ins it is written: remove `immutable` there"
        )),
        Some(attribute) if !attribute.writable => Err(format!(
            "`{name}` is written as the client may: say `writable` there, and trust it only of users who have `identities`, since those who sign up or sign in with a password write it, too"
        )),
        Some(_) => Ok(()),
        None => Err(undeclared(name, declared.map(|it| it.name))),
    }
}

/// Says that no token has a claim, as it would be an attribute that the pool lacks, or nothing.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_claim<'a>(claim: &str, declared: impl Iterator<Item = &'a str> + Clone) -> Result<(), String> {
    match claim.strip_prefix(CUSTOM_ATTRIBUTE) {
        Some(bare) if !declared.clone().any(|name| name == bare) => Err(undeclared(claim, declared)),
        _ => Ok(()),
    }
}

fn undeclared<'a>(full_name: &str, declared: impl Iterator<Item = &'a str>) -> String {
    let bare = full_name.strip_prefix(CUSTOM_ATTRIBUTE).unwrap_or(full_name);
    match nearest(bare, declared) {
        Some(near) => format!("there is no attribute `{full_name}`: did you mean `custom:{near}`?"),
        None => format!(
            "there is no attribute `{full_name}`: write `attribute(name = \"{bare}\", type = \"string\")` into `#[user_pool(…)]`"
        ),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(result: Result<(), String>, expected: Expect) {
        expected.assert_eq(&result.map_or_else(|error| error, |()| "fine".into()));
    }

    #[test]
    fn a_name_is_short_bare_and_not_cognitos() {
        check(check_attribute_name("plan"), expect!["fine"]);
        check(check_attribute_name("größe_der_schuhe_43"), expect!["fine"]);
        check(
            check_attribute_name("a_name_of_21_letters_"),
            expect!["attributes have names of 1 to 20 characters without spaces"],
        );
        check(check_attribute_name("shoe size"), expect!["attributes have names of 1 to 20 characters without spaces"]);
        check(check_attribute_name("custom:plan"), expect!["Cognito puts `custom:` before the name: write `plan`"]);
        check(
            check_attribute_name("birthdate"),
            expect![[
                r#"every pool has `birthdate`, a standard attribute: remove this, or ask everyone for it with `required = ["birthdate"]`"#
            ]],
        );
        check(
            check_attribute_name("email_verified"),
            expect!["every pool has `email_verified`, which is Cognito's own: choose another name"],
        );
        assert!(check_attribute_name("dev:plan").is_err() && check_attribute_name("").is_err());
    }

    #[test]
    fn something_fits_between_bounds() {
        let bounds = |least, most| check_attribute_bounds(("min_length", least), ("max_length", most));
        check(check_attribute_length("max_length", 2_048), expect!["fine"]);
        check(
            check_attribute_length("max_length", 2_049),
            expect!["`max_length` is 2049, but has to be from 0 to 2048"],
        );
        check(bounds(Some(4), Some(4)), expect!["fine"]);
        check(
            bounds(Some(5), Some(4)),
            expect!["`min_length` is 5, more than `max_length`, which is 4: nothing fits between them"],
        );
    }

    #[test]
    fn only_standard_attributes_are_asked_for() {
        let required = |name| check_required_attribute(name, Some("email"));
        check(required("birthdate"), expect!["fine"]);
        check(required("birthday"), expect!["`birthday` is no standard attribute: did you mean `birthdate`?"]);
        check(required("email"), expect!["users sign in with `email`, so that everyone has it: remove it here"]);
        check(required("sub"), expect!["`sub` is Cognito's to write: nobody can be asked for it"]);
        check(
            required("custom:plan"),
            expect![[
                r#"Cognito asks nobody for attributes of the pool's own: refuse who has none in a handler `on = "pre-sign-up"`"#
            ]],
        );
        assert_eq!(check_required_attribute("email", None), Ok(()));
    }

    #[test]
    fn a_provider_gives_what_the_client_may_write() {
        let attribute = |name, immutable, writable| DeclaredAttribute { name, immutable, writable };
        let declared =
            [attribute("plan", false, false), attribute("size", false, true), attribute("tenant", true, false)];
        let mapped = |name| check_mapped_attribute(name, declared.into_iter());
        check(mapped("given_name"), expect!["fine"]);
        check(mapped("custom:size"), expect!["fine"]);
        check(mapped("givenname"), expect!["`givenname` is no standard attribute: did you mean `given_name`?"]);
        check(mapped("sub"), expect!["`sub` is the pool's own: take it into another attribute"]);
        check(
            mapped("custom:plan"),
            expect![
                "`custom:plan` is written as the client may: say `writable` there, and trust it only of users who have `identities`, since those who sign up or sign in with a password write it, too"
            ],
        );
        check(
            mapped("custom:tenant"),
            expect![
                "`custom:tenant` cannot be taken from a provider, with each of whose sign-ins it is written: remove `immutable` there"
            ],
        );
        check(mapped("custom:plans"), expect!["there is no attribute `custom:plans`: did you mean `custom:plan`?"]);
    }

    #[test]
    fn a_claim_is_an_attribute_that_the_pool_has() {
        let declared = ["plan"];
        check(check_claim("custom:plan", declared.into_iter()), expect!["fine"]);
        check(check_claim("tenant", declared.into_iter()), expect!["fine"]);
        check(
            check_claim("custom:shoe_size", declared.into_iter()),
            expect![[
                r#"there is no attribute `custom:shoe_size`: write `attribute(name = "shoe_size", type = "string")` into `#[user_pool(…)]`"#
            ]],
        );
    }
}
