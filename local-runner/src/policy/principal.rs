//! Who a statement of a resource-based policy is about.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use serde_json::Value;

use super::PolicyError;

/// Who calls, as resource-based policies name callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Nobody is known.
    Anonymous,
    Known {
        account: String,
        /// Of the user or the role: `arn:aws:iam::123456789012:role/r`.
        arn: String,
        /// Of the session of the role: `arn:aws:sts::123456789012:assumed-role/r/s`.
        session: Option<String>,
    },
}

/// `"*"`, or `{"AWS": […]}`; a service or a web identity calls nothing here.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Principals(Vec<Principal>);

#[derive(Clone, Debug, PartialEq)]
enum Principal {
    Everyone,
    Account(String),
    Arn(String),
}

/// How much naming a caller grants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// It is not named.
    Not,
    /// Its account is: the account's own policies decide.
    Account,
    /// It is, by its user or role, or as everyone is.
    Itself,
    /// Its session is, so that the limits of its role and session do not matter.
    Session,
}

impl Principals {
    pub(super) fn read(value: &Value) -> Result<Self, PolicyError> {
        let malformed = || PolicyError::Malformed("`Principal` is \"*\" or an object such as {\"AWS\": \"…\"}".into());
        match value {
            Value::String(text) if text == "*" => Ok(Self(vec![Principal::Everyone])),
            Value::Object(kinds) => {
                let mut all = Vec::new();
                for (kind, names) in kinds {
                    let names = super::document::one_or_many::<_, String>(names).map_err(|_| malformed())?;
                    match kind.as_str() {
                        "AWS" => all.extend(names.iter().map(|name| Principal::named(name))),
                        "Service" | "Federated" | "CanonicalUser" => {}
                        _ => return Err(malformed()),
                    }
                }
                Ok(Self(all))
            }
            _ => Err(malformed()),
        }
    }

    pub(super) fn name(&self, who: &Who) -> Naming {
        self.0.iter().map(|principal| principal.name(who)).max().unwrap_or(Naming::Not)
    }
}

impl Principal {
    fn named(name: &str) -> Self {
        let account = name.strip_prefix("arn:aws:iam::").and_then(|rest| rest.strip_suffix(":root")).unwrap_or(name);
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        match name {
            "*" => Self::Everyone,
            _ if is_account => Self::Account(account.to_owned()),
            arn => Self::Arn(arn.to_owned()),
        }
    }

    /// An ARN is compared as a whole: in principals, a wildcard is none.
    fn name(&self, who: &Who) -> Naming {
        match (self, who) {
            (Self::Everyone, _) => Naming::Itself,
            (Self::Account(named), Who::Known { account, .. }) if named == account => Naming::Account,
            (Self::Arn(named), Who::Known { session: Some(session), .. }) if named == session => Naming::Session,
            (Self::Arn(named), Who::Known { arn, .. }) if named == arn => Naming::Itself,
            _ => Naming::Not,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn name(principal: Value) -> Naming {
        let who = Who::Known {
            account: "000000000000".into(),
            arn: "arn:aws:iam::000000000000:role/r".into(),
            session: Some("arn:aws:sts::000000000000:assumed-role/r/s".into()),
        };
        Principals::read(&principal).unwrap().name(&who)
    }

    #[test]
    fn a_caller_is_named_by_its_account_its_role_or_its_session() {
        assert_eq!(name(json!({ "AWS": "000000000000" })), Naming::Account);
        assert_eq!(name(json!({ "AWS": ["arn:aws:iam::000000000000:root"] })), Naming::Account);
        assert_eq!(name(json!({ "AWS": "arn:aws:iam::000000000000:role/r" })), Naming::Itself);
        assert_eq!(name(json!({ "AWS": "arn:aws:sts::000000000000:assumed-role/r/s" })), Naming::Session);
        assert_eq!(name(json!("*")), Naming::Itself);
        assert_eq!(name(json!({ "AWS": "arn:aws:iam::000000000000:role/*" })), Naming::Not);
        assert_eq!(name(json!({ "AWS": "111111111111", "Service": "apigateway.amazonaws.com" })), Naming::Not);
        assert_eq!(Principals::read(&json!({ "AWS": "*" })).unwrap().name(&Who::Anonymous), Naming::Itself);
        assert_eq!(Principals::read(&json!({ "AWS": "000000000000" })).unwrap().name(&Who::Anonymous), Naming::Not);
    }

    #[test]
    fn what_is_no_principal_is_refused() {
        for principal in [json!("ann"), json!({ "Aws": "*" }), json!({ "AWS": 1 }), json!(["*"])] {
            assert!(Principals::read(&principal).is_err(), "{principal}");
        }
    }
}
