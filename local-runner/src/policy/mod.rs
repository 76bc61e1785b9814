//! Policies of IAM, read and evaluated: those of roles, those of resources, and those that authorizers answer with.

mod condition;
mod document;
mod evaluation;
mod glob;
mod keys;
mod operator;
mod pattern;
mod principal;
mod truth;

use self::{
    condition::Condition,
    document::{Document, Effect, StatementDocument},
    pattern::Pattern,
    principal::{Naming, Principals},
    truth::Truth,
};
pub(crate) use self::{
    evaluation::{Kind, Policies, Verdict, together},
    principal::Who,
};
use crate::access::Access;

/// A policy that can be evaluated in full.
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

impl Decision {
    /// What two policies of one kind say together.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::ExplicitlyDenied, _) | (_, Self::ExplicitlyDenied) => Self::ExplicitlyDenied,
            (Self::Allowed, _) | (_, Self::Allowed) => Self::Allowed,
            (Self::NotAllowed, Self::NotAllowed) => Self::NotAllowed,
        }
    }
}

/// What a resource-based policy says to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) decision: Decision,
    /// Whether it lets the caller's session in by its name.
    pub(crate) of_session: bool,
}

impl Policy {
    /// Reads an identity-based policy, a boundary or the policy of a session. What cannot be evaluated is refused, so that
    /// nothing is allowed or denied by mistake.
    pub(crate) fn parse(document: &str) -> Result<Self, PolicyError> {
        Self::read(document, false)
    }

    /// Reads a resource-based policy, whose statements name whom they are about.
    pub(crate) fn parse_resource(document: &str) -> Result<Self, PolicyError> {
        Self::read(document, true)
    }

    fn read(document: &str, of_resource: bool) -> Result<Self, PolicyError> {
        let document: Document =
            serde_json::from_str(document).map_err(|error| PolicyError::Malformed(error.to_string()))?;
        let has_variables = document.has_variables();
        let read = |statement| Statement::read(statement, has_variables, of_resource);
        let statements = document.statement.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { statements })
    }

    /// A `Deny` beats every `Allow`; without an `Allow` nothing goes.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
    pub(crate) fn decide(&self, access: &Access) -> Decision {
        let decisions = self.statements.iter().map(|statement| statement.decide(access));
        decisions.fold(Decision::NotAllowed, Decision::or)
    }

    /// What a resource-based policy says to a caller. To name an account lets nobody of it in yet.
    pub(crate) fn decide_for(&self, access: &Access, who: &Who) -> Grant {
        let mut grant = Grant { decision: Decision::NotAllowed, of_session: false };
        for statement in &self.statements {
            let naming = statement.principals.as_ref().map_or(Naming::Not, |principals| principals.name(who));
            let decision = match (naming, statement.effect) {
                (Naming::Not, _) | (Naming::Account, Effect::Allow) => Decision::NotAllowed,
                _ => statement.decide(access),
            };
            grant.decision = grant.decision.or(decision);
            grant.of_session |= decision == Decision::Allowed && naming == Naming::Session;
        }
        grant
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Statement {
    effect: Effect,
    principals: Option<Principals>,
    /// In small letters, since IAM does not tell capitals in the names of actions.
    actions: Choice,
    resources: Choice,
    conditions: Vec<Condition>,
}

impl Statement {
    fn read(document: StatementDocument, has_variables: bool, of_resource: bool) -> Result<Self, PolicyError> {
        let principals = match (&document.principal, of_resource) {
            (Some(principal), true) => Some(Principals::read(principal)?),
            (None, false) => None,
            (Some(_), false) => {
                return Err(PolicyError::Malformed("it has a `Principal`, as only a resource's has".into()));
            }
            (None, true) => return Err(PolicyError::Malformed("the policy of a resource names a `Principal`".into())),
        };
        let lower = |actions: Vec<String>| actions.iter().map(|action| action.to_ascii_lowercase()).collect();
        let actions = Choice::new(document.action.map(lower), document.not_action.map(lower), false)?;
        let resources = Choice::new(document.resource, document.not_resource, has_variables)?;
        let conditions = condition::read(&document.condition, has_variables)?;
        Ok(Self { effect: document.effect, principals, actions, resources, conditions })
    }

    /// What is not known neither is allowed nor escapes a denial.
    fn decide(&self, access: &Access) -> Decision {
        match (self.is_on(access), self.effect) {
            (Truth::Yes, Effect::Allow) => Decision::Allowed,
            (Truth::Yes | Truth::Unknown, Effect::Deny) => Decision::ExplicitlyDenied,
            (Truth::No, _) | (Truth::Unknown, Effect::Allow) => Decision::NotAllowed,
        }
    }

    fn is_on(&self, access: &Access) -> Truth {
        let action = access.action.to_ascii_lowercase();
        let on_action = self.actions.has(access, |pattern| glob::matches(pattern, &action));
        on_action
            .and(|| self.resources.has(access, |pattern| glob::matches_arn(pattern, &access.resource)))
            .and(|| Truth::all(self.conditions.iter().map(|condition| condition.holds(access))))
    }
}

/// One of these, or everything but these.
#[derive(Clone, Debug, PartialEq)]
enum Choice {
    Of(Vec<Pattern>),
    Not(Vec<Pattern>),
}

impl Choice {
    fn new(of: Option<Vec<String>>, not: Option<Vec<String>>, has_variables: bool) -> Result<Self, PolicyError> {
        let read = |texts: Vec<String>| -> Result<Vec<_>, _> {
            texts.iter().map(|text| Pattern::parse(text, has_variables)).collect()
        };
        match (of, not) {
            (Some(of), None) => Ok(Self::Of(read(of)?)),
            (None, Some(not)) => Ok(Self::Not(read(not)?)),
            _ => Err(PolicyError::Ambiguous),
        }
    }

    fn has(&self, access: &Access, matches: impl Fn(&[glob::Piece]) -> bool) -> Truth {
        let fits = |pattern: &Pattern| pattern.fill(access).map_or(Truth::Unknown, |it| matches(&it).into());
        match self {
            Self::Of(patterns) => Truth::any(patterns.iter().map(fits)),
            Self::Not(patterns) => Truth::any(patterns.iter().map(fits)).not(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::access::Keys;
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
        Policy::parse(&json!({ "Version": "2012-10-17", "Statement": statement }).to_string()).unwrap_err().to_string()
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
            "Condition": { "StringEquals": { "aws:SourceOrgID": "o-1" } },
        });
        assert_eq!(
            refused(conditional),
            "the condition on `aws:sourceorgid` cannot be evaluated locally: leave it out, or test it in an account"
        );
        let variable = json!({ "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:SourceOrgID}" });
        assert_eq!(refused(variable), "`arn:aws:s3:::b/${aws:SourceOrgID}` has a variable that is not known locally");
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

    #[test]
    fn a_policy_of_a_resource_names_whom_it_is_about() {
        let document = |principal: &str| {
            let statement = json!({ "Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*" });
            json!({ "Version": "2012-10-17", "Statement": statement }).to_string()
        };
        let everyone = Policy::parse_resource(&document("*")).unwrap();
        let grant = everyone.decide_for(&Access::new("a:B", TABLE), &Who::Anonymous);
        assert_eq!(grant, Grant { decision: Decision::Allowed, of_session: false });
        let nobody = json!({ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }).to_string();
        assert!(Policy::parse_resource(&nobody).is_err());
    }

    #[test]
    fn an_identity_sees_only_its_own_items() {
        let statement = json!({
            "Effect": "Allow", "Action": "dynamodb:Query", "Resource": TABLE,
            "Condition": { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["${cognito-identity.amazonaws.com:sub}"] } },
        });
        let on = |key: &str, sub: Option<&str>| {
            let context = crate::access::Context::default().with("cognito-identity.amazonaws.com:sub", sub);
            Access { keys: Keys::Of(vec![key.into()]), context, ..Access::new("dynamodb:Query", TABLE) }
        };
        assert_eq!(decide_on(statement.clone(), &on("us-east-1:1", Some("us-east-1:1"))), Decision::Allowed);
        assert_eq!(decide_on(statement.clone(), &on("us-east-1:2", Some("us-east-1:1"))), Decision::NotAllowed);
        assert_eq!(decide_on(statement.clone(), &on("us-east-1:2", Some("*"))), Decision::NotAllowed);
        assert_eq!(decide_on(statement, &on("us-east-1:2", None)), Decision::NotAllowed);
    }
}
