//! Policies of IAM, read and evaluated: those of functions' roles, and those that authorizers answer with.

mod glob;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::access::{Access, Keys};

/// An identity-based policy that can be evaluated in full.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Policy {
    statements: Vec<Statement>,
}

/// What a policy says to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Allowed,
    ExplicitlyDenied,
    /// Nothing allows it.
    NotAllowed,
}

/// Why a policy cannot be enforced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PolicyError {
    #[error("the policy is not one of IAM's: {0}")]
    Malformed(String),
    #[error("a statement has either `Action` or `NotAction`, and either `Resource` or `NotResource`")]
    Ambiguous,
    #[error("the condition on `{0}` cannot be evaluated locally: leave it out, or test it in an account")]
    Condition(String),
    #[error("`{0}` has a variable that is not known locally")]
    Variable(String),
}

impl Policy {
    /// Reads a policy document. What cannot be evaluated is refused, so that nothing is allowed or denied by mistake.
    pub(crate) fn parse(document: &str) -> Result<Self, PolicyError> {
        let document: Document =
            serde_json::from_str(document).map_err(|error| PolicyError::Malformed(error.to_string()))?;
        let statements = document.statement.into_iter().map(Statement::try_from).collect::<Result<_, _>>()?;
        Ok(Self { statements })
    }

    /// A `Deny` beats every `Allow`; without an `Allow` nothing goes.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
    pub(crate) fn decide(&self, access: &Access) -> Decision {
        let mut decision = Decision::NotAllowed;
        for statement in self.statements.iter().filter(|statement| statement.is_on(access)) {
            match statement.effect {
                Effect::Deny => return Decision::ExplicitlyDenied,
                Effect::Allow => decision = Decision::Allowed,
            }
        }
        decision
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Statement {
    effect: Effect,
    actions: Choice,
    resources: Choice,
    /// Patterns of partition keys, if there is a condition on them.
    leading_keys: Option<Vec<String>>,
}

impl Statement {
    fn is_on(&self, access: &Access) -> bool {
        let action = access.action.to_ascii_lowercase(); // IAM does not tell capitals in the names of actions
        self.actions.has(|pattern| glob::matches(&pattern.to_ascii_lowercase(), &action))
            && self.resources.has(|pattern| glob::matches_arn(pattern, &access.resource))
            && self.leading_keys.as_deref().is_none_or(|patterns| self.is_of(patterns, &access.keys))
    }

    /// `ForAllValues` holds where there is no value. What is not known neither is allowed nor escapes a denial.
    fn is_of(&self, patterns: &[String], keys: &Keys) -> bool {
        match keys {
            Keys::None => true,
            Keys::Of(keys) => keys.iter().all(|key| patterns.iter().any(|pattern| glob::matches(pattern, key))),
            Keys::Unknown => matches!(self.effect, Effect::Deny),
        }
    }
}

/// The one condition that can be evaluated: on all leading keys of a request.
const OPERATOR: &str = "ForAllValues:StringLike";
const LEADING_KEYS: &str = "dynamodb:LeadingKeys";

/// The patterns of a condition on leading keys; any other condition is refused.
fn leading_keys(condition: &Map<String, Value>) -> Result<Option<Vec<String>>, PolicyError> {
    let mut patterns = None;
    for (operator, keys) in condition {
        let refuse = |key: &str| PolicyError::Condition(key.to_owned());
        let keys = keys.as_object().ok_or_else(|| refuse(operator))?;
        for (key, value) in keys {
            if operator != OPERATOR || key != LEADING_KEYS {
                return Err(refuse(key));
            }
            patterns = Some(one_or_many(value).map_err(|_| refuse(key))?);
        }
    }
    Ok(patterns)
}

/// One of these, or everything but these.
#[derive(Clone, Debug, PartialEq)]
enum Choice {
    Of(Vec<String>),
    Not(Vec<String>),
}

impl Choice {
    fn new(of: Option<Vec<String>>, not: Option<Vec<String>>) -> Result<Self, PolicyError> {
        match (of, not) {
            (Some(of), None) => Ok(Self::Of(of)),
            (None, Some(not)) => Ok(Self::Not(not)),
            _ => Err(PolicyError::Ambiguous),
        }
    }

    fn has(&self, matches: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Of(patterns) => patterns.iter().any(|pattern| matches(pattern)),
            Self::Not(patterns) => !patterns.iter().any(|pattern| matches(pattern)),
        }
    }

    fn patterns(&self) -> &[String] {
        match self {
            Self::Of(patterns) | Self::Not(patterns) => patterns,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Document {
    #[serde(rename = "Version")]
    _version: Option<Version>,
    #[serde(rename = "Id")]
    _id: Option<String>,
    #[serde(deserialize_with = "one_or_many")]
    statement: Vec<StatementDocument>,
}

#[derive(Deserialize)]
enum Version {
    #[serde(rename = "2012-10-17")]
    Current,
    #[serde(rename = "2008-10-17")]
    Old,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct StatementDocument {
    #[serde(rename = "Sid")]
    _sid: Option<String>,
    effect: Effect,
    #[serde(default, deserialize_with = "some_one_or_many")]
    action: Option<Vec<String>>,
    #[serde(default, deserialize_with = "some_one_or_many")]
    not_action: Option<Vec<String>>,
    #[serde(default, deserialize_with = "some_one_or_many")]
    resource: Option<Vec<String>>,
    #[serde(default, deserialize_with = "some_one_or_many")]
    not_resource: Option<Vec<String>>,
    #[serde(default)]
    condition: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
enum Effect {
    Allow,
    Deny,
}

impl TryFrom<StatementDocument> for Statement {
    type Error = PolicyError;

    fn try_from(document: StatementDocument) -> Result<Self, PolicyError> {
        let leading_keys = leading_keys(&document.condition)?;
        let actions = Choice::new(document.action, document.not_action)?;
        let resources = Choice::new(document.resource, document.not_resource)?;
        let patterns = resources.patterns().iter().chain(leading_keys.iter().flatten());
        if let Some(pattern) = patterns.into_iter().find(|pattern| pattern.contains("${")) {
            return Err(PolicyError::Variable(pattern.clone()));
        }
        Ok(Self { effect: document.effect, actions, resources, leading_keys })
    }
}

fn some_one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    one_or_many(deserializer).map(Some)
}

/// IAM takes a list of one without its brackets.
fn one_or_many<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany<T> {
        Many(Vec<T>),
        One(T),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::Many(many) => many,
        OneOrMany::One(one) => vec![one],
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::fuzz::{changed_text, config};

    const TABLE: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/orders-Order";

    fn decide(statements: Value, action: &str, resource: &str) -> Decision {
        decide_on(statements, &Access::new(action, resource))
    }

    fn decide_on(statements: Value, access: &Access) -> Decision {
        let document = json!({ "Version": "2012-10-17", "Statement": statements });
        Policy::parse(&document.to_string()).unwrap().decide(access)
    }

    fn refused(statement: Value) -> String {
        Policy::parse(&json!({ "Statement": statement }).to_string()).unwrap_err().to_string()
    }

    #[test]
    fn only_what_is_allowed_goes() {
        let statement = json!({ "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE });
        assert_eq!(decide(statement.clone(), "dynamodb:GetItem", TABLE), Decision::Allowed);
        assert_eq!(decide(statement.clone(), "dynamodb:getitem", TABLE), Decision::Allowed);
        assert_eq!(decide(statement.clone(), "dynamodb:PutItem", TABLE), Decision::NotAllowed);
        assert_eq!(decide(statement, "dynamodb:GetItem", &format!("{TABLE}/index/ByStatus")), Decision::NotAllowed);
        assert_eq!(decide(json!([]), "dynamodb:GetItem", TABLE), Decision::NotAllowed);
    }

    #[test]
    fn a_deny_beats_every_allow() {
        let statements = json!([
            { "Effect": "Allow", "Action": "*", "Resource": "*" },
            { "Sid": "NoDelete", "Effect": "Deny", "Action": ["dynamodb:Delete*"], "Resource": [TABLE] },
        ]);
        assert_eq!(decide(statements.clone(), "dynamodb:DeleteItem", TABLE), Decision::ExplicitlyDenied);
        assert_eq!(decide(statements, "dynamodb:PutItem", TABLE), Decision::Allowed);
    }

    #[test]
    fn everything_but_something_can_be_meant() {
        let statement = json!({ "Effect": "Allow", "NotAction": "iam:*", "NotResource": [TABLE] });
        assert_eq!(decide(statement.clone(), "s3:GetObject", "arn:aws:s3:::bucket/key"), Decision::Allowed);
        assert_eq!(decide(statement.clone(), "iam:CreateUser", "arn:aws:iam::0:user/a"), Decision::NotAllowed);
        assert_eq!(decide(statement, "dynamodb:GetItem", TABLE), Decision::NotAllowed);
    }

    #[test]
    fn what_cannot_be_evaluated_is_refused() {
        let conditional = json!({
            "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": { "StringEquals": { "aws:SourceVpc": "vpc-1" } },
        });
        assert_eq!(
            refused(conditional),
            "the condition on `aws:SourceVpc` cannot be evaluated locally: leave it out, or test it in an account"
        );
        let variable = json!({ "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:username}" });
        assert_eq!(refused(variable), "`arn:aws:s3:::b/${aws:username}` has a variable that is not known locally");
        assert!(refused(json!({ "Effect": "Allow", "Action": "*" })).starts_with("a statement has either"));
        let principal = json!({ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" });
        assert!(refused(principal).starts_with("the policy is not one of IAM's"));
    }

    #[test]
    fn a_condition_on_leading_keys_is_on_all_of_them() {
        let statement = |effect: &str| {
            json!({
                "Effect": effect, "Action": "dynamodb:*", "Resource": TABLE,
                "Condition": { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["A#*", "B#*"] } },
            })
        };
        let of = |keys: &[&str]| Keys::Of(keys.iter().map(|key| (*key).to_owned()).collect());
        let on = |keys| Access { keys, ..Access::new("dynamodb:PutItem", TABLE) };
        let allowed = |keys| decide_on(statement("Allow"), &on(keys));
        assert_eq!(allowed(of(&["A#1"])), Decision::Allowed);
        assert_eq!(allowed(of(&["A#1", "B#2"])), Decision::Allowed);
        assert_eq!(allowed(of(&["A#1", "C#2"])), Decision::NotAllowed);
        assert_eq!(allowed(Keys::Unknown), Decision::NotAllowed);
        assert_eq!(allowed(Keys::None), Decision::Allowed);
        let all = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
        let denied = |keys| decide_on(json!([all, statement("Deny")]), &on(keys));
        assert_eq!(denied(Keys::Unknown), Decision::ExplicitlyDenied);
        assert_eq!(denied(of(&["C#1"])), Decision::Allowed);
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_document_is_read_or_refused(document in changed_text(DOCUMENTS.map(str::to_owned).to_vec()), resource in "\\PC{0,40}") {
            if let Ok(policy) = Policy::parse(&document) {
                policy.decide(&Access::new("execute-api:Invoke", resource));
                policy.decide(&Access { keys: Keys::Unknown, ..Access::new("dynamodb:GetItem", TABLE) });
            }
        }
    }

    const DOCUMENTS: [&str; 2] = [
        r#"{"Version":"2012-10-17","Id":"a","Statement":[{"Sid":"b","Effect":"Allow","Action":["execute-api:Invoke","dynamodb:*"],"Resource":"arn:aws:execute-api:*:*:a1b2c3d4e5/*/GET/?/*"}]}"#,
        r#"{"Statement":{"Effect":"Deny","NotAction":"s3:*","NotResource":["*"],"Condition":{"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["A#*"]}}}}"#,
    ];

    #[test]
    fn an_empty_condition_is_none() {
        let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {} });
        assert_eq!(decide(statement, "a:B", TABLE), Decision::Allowed);
    }
}
