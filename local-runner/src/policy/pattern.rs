use super::{
    PolicyError,
    glob::{self, Piece},
    keys,
};
use crate::access::{Access, Keys};

/// A text of a policy: with wildcards, and with variables such as `${aws:username}`.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Pieces(Vec<Piece>),
    Variable { key: String, default: Option<String> },
}

impl Pattern {
    /// Policies of the version of 2008 have no variables.
    pub(super) fn parse(text: &str, has_variables: bool) -> Result<Self, PolicyError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${").filter(|_| has_variables) {
            let unknown = || PolicyError::Variable(text.to_owned());
            let (variable, after) = after.split_once('}').ok_or_else(unknown)?;
            parts.push(Part::Pieces(glob::pieces(before)));
            parts.push(match variable {
                "*" | "?" | "$" => Part::Pieces(glob::literal(variable)),
                _ => variable_part(variable).ok_or_else(unknown)?,
            });
            rest = after;
        }
        parts.push(Part::Pieces(glob::pieces(rest)));
        Ok(Self { parts })
    }

    /// With each variable's value, in which a `*` is nothing but a star; nothing if one has no value.
    pub(super) fn fill(&self, access: &Access) -> Option<Vec<Piece>> {
        let mut filled = Vec::new();
        for part in &self.parts {
            match part {
                Part::Pieces(pieces) => filled.extend_from_slice(pieces),
                Part::Variable { key, default } => {
                    let value = match access.value(key) {
                        Keys::Of(values) if values.len() == 1 => values.first(),
                        Keys::None => default.as_ref(),
                        Keys::Of(_) | Keys::Unknown => None,
                    };
                    filled.extend(glob::literal(value?));
                }
            }
        }
        Some(filled)
    }

    /// With each variable's value, where a `*` is a star anyway.
    pub(super) fn text(&self, access: &Access) -> Option<String> {
        self.fill(access).map(|pieces| glob::text(&pieces))
    }
}

/// `aws:username` or `aws:PrincipalTag/team, 'default'`.
fn variable_part(variable: &str) -> Option<Part> {
    let (key, default) = match variable.split_once(',') {
        Some((key, default)) => (key, Some(default.trim().strip_prefix('\'')?.strip_suffix('\'')?.to_owned())),
        None => (variable, None),
    };
    let key = key.trim().to_ascii_lowercase();
    keys::is_known(&key).then_some(Part::Variable { key, default })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Context;

    fn matches(pattern: &str, context: Context, text: &str) -> Option<bool> {
        let access = Access { context, ..Access::new("a:B", "*") };
        Some(glob::matches(&Pattern::parse(pattern, true).unwrap().fill(&access)?, text))
    }

    fn user(name: &str) -> Context {
        Context::default().with("aws:username", [name])
    }

    #[test]
    fn a_variable_stands_for_its_value() {
        assert_eq!(matches("home/${aws:UserName}/*", user("ann"), "home/ann/a"), Some(true));
        assert_eq!(matches("home/${aws:username}/*", user("ann"), "home/bob/a"), Some(false));
        assert_eq!(matches("${aws:PrincipalTag/team, 'none'}", user("ann"), "none"), Some(true));
    }

    #[test]
    fn the_value_of_a_variable_has_no_wildcards() {
        assert_eq!(matches("home/${aws:username}", user("*"), "home/bob"), Some(false));
        assert_eq!(matches("home/${aws:username}", user("*"), "home/*"), Some(true));
        assert_eq!(matches("${*}${?}${$}", Context::default(), "*?$"), Some(true));
        assert_eq!(matches("${*}", Context::default(), "a"), Some(false));
    }

    #[test]
    fn a_variable_without_one_value_makes_a_pattern_unknown() {
        assert_eq!(matches("${aws:username}", Context::default(), ""), None);
        assert_eq!(matches("${aws:username}", Context::default().with("aws:username", ["a", "b"]), "a"), None);
        assert_eq!(matches("${aws:username}", Context::default().with_unknown("aws:username"), "a"), None);
    }

    #[test]
    fn a_variable_that_the_runner_has_not_is_refused_and_an_old_policy_has_none() {
        for text in ["${aws:SourceOrgID}", "${aws:username", "${aws:username, none}"] {
            assert_eq!(Pattern::parse(text, true), Err(PolicyError::Variable(text.into())));
        }
        let access = Access::new("a:B", "*");
        let old = Pattern::parse("${aws:username}", false).unwrap();
        assert_eq!(old.text(&access).as_deref(), Some("${aws:username}"));
    }
}
