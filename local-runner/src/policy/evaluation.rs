//! All the policies that have a say in a call, within one account.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html>

use super::{Decision, Policy, principal::Who};
use crate::access::Access;

/// The policies of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policies<'a> {
    /// Those of the user or role.
    pub(crate) identity: &'a [Policy],
    /// What bounds the user or role.
    pub(crate) boundary: Option<&'a Policy>,
    /// What bounds the session.
    pub(crate) session: Option<&'a Policy>,
    /// That of what is called.
    pub(crate) resource: Option<&'a Policy>,
}

/// A kind of policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Identity,
    Boundary,
    Session,
    Resource,
}

impl Kind {
    /// As AWS's messages call it.
    const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity-based policy",
            Self::Boundary => "permissions boundary",
            Self::Session => "session policy",
            Self::Resource => "resource-based policy",
        }
    }

    fn with_article(self) -> String {
        let article = if self == Self::Identity { "an" } else { "a" };
        format!("{article} {}", self.name())
    }
}

/// What the policies together say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// A policy of this kind denies it.
    Denied(Kind),
    /// A policy of this kind would have to allow it, and none does.
    NotAllowed(Kind),
}

impl Verdict {
    /// What is said, whoever says it.
    pub(crate) const fn decision(self) -> Decision {
        match self {
            Self::Allowed => Decision::Allowed,
            Self::Denied(_) => Decision::ExplicitlyDenied,
            Self::NotAllowed(_) => Decision::NotAllowed,
        }
    }

    /// The end of the sentence that begins with who may not.
    pub(crate) fn because(self, action: &str) -> String {
        match self {
            Self::Allowed => String::new(),
            Self::Denied(kind) => format!("with an explicit deny in {}", kind.with_article()),
            Self::NotAllowed(kind) => format!("because no {} allows the {action} action", kind.name()),
        }
    }
}

/// What a caller's own policy, or an authorizer's on the caller, and the one of what is called say together within one account: a
/// denial of either decides, and to be allowed by either is enough.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html>, table A
pub(crate) const fn together(own: Decision, of_resource: Decision) -> Verdict {
    match (own, of_resource) {
        (_, Decision::ExplicitlyDenied) => Verdict::Denied(Kind::Resource),
        (Decision::ExplicitlyDenied, _) => Verdict::Denied(Kind::Identity),
        (Decision::Allowed, _) | (_, Decision::Allowed) => Verdict::Allowed,
        (Decision::NotAllowed, Decision::NotAllowed) => Verdict::NotAllowed(Kind::Identity),
    }
}

impl Policies<'_> {
    /// A denial anywhere decides. Then what is called may let a session in by its name, whatever its limits; otherwise what is
    /// called or the caller's own policies have to allow it, and so has each limit.
    pub(crate) fn judge(&self, access: &Access, who: &Who) -> Verdict {
        let of_resource = self.resource.map(|policy| policy.decide_for(access, who));
        let own = self.own(access);
        if of_resource.is_some_and(|grant| grant.decision == Decision::ExplicitlyDenied) {
            return Verdict::Denied(Kind::Resource);
        }
        if let Some((kind, _)) = own.iter().find(|(_, decision)| *decision == Decision::ExplicitlyDenied) {
            return Verdict::Denied(*kind);
        }
        if of_resource.is_some_and(|grant| grant.of_session) {
            return Verdict::Allowed;
        }
        let by_resource = of_resource.is_some_and(|grant| grant.decision == Decision::Allowed);
        let lacking = own
            .iter()
            .find(|(kind, decision)| *decision == Decision::NotAllowed && !(*kind == Kind::Identity && by_resource));
        lacking.map_or(Verdict::Allowed, |(kind, _)| Verdict::NotAllowed(*kind))
    }

    fn own(&self, access: &Access) -> Vec<(Kind, Decision)> {
        let identity =
            self.identity.iter().map(|policy| policy.decide(access)).fold(Decision::NotAllowed, Decision::or);
        let limits = [(Kind::Boundary, self.boundary), (Kind::Session, self.session)];
        let limits = limits.into_iter().filter_map(|(kind, policy)| Some((kind, policy?.decide(access))));
        [(Kind::Identity, identity)].into_iter().chain(limits).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const ROLE: &str = "arn:aws:iam::000000000000:role/r";
    const SESSION: &str = "arn:aws:sts::000000000000:assumed-role/r/s";

    fn who() -> Who {
        Who::Known { account: "000000000000".into(), arn: ROLE.into(), session: Some(SESSION.into()) }
    }

    /// A statement of the model: what it does, to which of three actions, and whom it names in a resource-based policy.
    #[derive(Clone, Copy, Debug)]
    struct Rule {
        allows: bool,
        actions: u8,
        principal: &'static str,
    }

    fn document(rules: &[Rule], of_resource: bool) -> String {
        let statement = |rule: &Rule| {
            let actions: Vec<_> = (0..3).filter(|n| rule.actions & 1 << n != 0).map(|n| format!("a:{n}")).collect();
            let effect = if rule.allows { "Allow" } else { "Deny" };
            let mut statement = json!({ "Effect": effect, "Action": actions, "Resource": "*" });
            if of_resource {
                statement["Principal"] = json!({ "AWS": rule.principal });
            }
            statement
        };
        json!({ "Version": "2012-10-17", "Statement": rules.iter().map(statement).collect::<Vec<Value>>() }).to_string()
    }

    /// The published logic once more, over sets of actions.
    fn model(identity: &[Rule], boundary: Option<&[Rule]>, session: Option<&[Rule]>, resource: &[Rule]) -> u8 {
        let union = |rules: &[Rule], allows: bool, names: &dyn Fn(&str) -> bool| {
            let chosen = rules.iter().filter(|rule| rule.allows == allows && names(rule.principal));
            chosen.fold(0, |all, rule| all | rule.actions)
        };
        let (anyone, me) = (|_: &str| true, |name: &str| name != "111111111111");
        let limits = [boundary, session].map(|rules| rules.map_or(0b111, |rules| union(rules, true, &anyone)));
        let own = [Some(identity), boundary, session];
        let denied = own.into_iter().flatten().fold(0, |all, rules| all | union(rules, false, &anyone));
        let denied = denied | union(resource, false, &me);
        let role = union(resource, true, &|name| name == "*" || name == ROLE);
        let granted = (union(identity, true, &anyone) | role) & limits[0] & limits[1];
        (granted | union(resource, true, &|name| name == SESSION)) & !denied
    }

    fn rules() -> impl Strategy<Value = Vec<Rule>> {
        let principal = prop::sample::select(vec!["*", ROLE, SESSION, "000000000000", "111111111111"]);
        let rule = (any::<bool>(), 0_u8..8, principal);
        let rule = rule.prop_map(|(allows, actions, principal)| Rule { allows, actions, principal });
        prop::collection::vec(rule, 0..4)
    }

    proptest! {
        #[test]
        fn policies_are_evaluated_as_a_small_model_says(
            identity in rules(), boundary in prop::option::of(rules()), session in prop::option::of(rules()), resource in rules(),
        ) {
            let read = |rules: &Vec<Rule>| Policy::parse(&document(rules, false)).unwrap();
            let (of_boundary, of_session) = (boundary.as_ref().map(read), session.as_ref().map(read));
            let of_resource = Policy::parse_resource(&document(&resource, true)).unwrap();
            let policies = Policies {
                identity: &[read(&identity)],
                boundary: of_boundary.as_ref(),
                session: of_session.as_ref(),
                resource: Some(&of_resource),
            };
            let expected = model(&identity, boundary.as_deref(), session.as_deref(), &resource);
            for n in 0..3 {
                let verdict = policies.judge(&Access::new(format!("a:{n}"), "arn:aws:a:::b"), &who());
                prop_assert_eq!(verdict == Verdict::Allowed, expected & 1 << n != 0, "a:{} is {:?}", n, verdict);
            }
        }
    }

    #[test]
    fn an_allowance_of_either_is_enough_and_a_denial_of_either_decides() {
        use Decision::{Allowed, ExplicitlyDenied as Denied, NotAllowed as Neither};
        for (own, of_resource, expected) in [
            (Allowed, Allowed, Allowed),
            (Allowed, Neither, Allowed),
            (Allowed, Denied, Denied),
            (Neither, Allowed, Allowed),
            (Neither, Neither, Neither),
            (Neither, Denied, Denied),
            (Denied, Allowed, Denied),
            (Denied, Neither, Denied),
            (Denied, Denied, Denied),
        ] {
            assert_eq!(together(own, of_resource).decision(), expected, "{own:?} and {of_resource:?}");
        }
    }

    #[test]
    fn a_refusal_names_the_policy_that_decided() {
        let read = |allows| Policy::parse(&document(&[Rule { allows, actions: 1, principal: "*" }], false)).unwrap();
        let (allow, deny) = (read(true), read(false));
        let judge = |identity: &[Policy], boundary: Option<&Policy>| {
            Policies { identity, boundary, session: None, resource: None }.judge(&Access::new("a:0", "*"), &who())
        };
        assert_eq!(judge(&[], None), Verdict::NotAllowed(Kind::Identity));
        assert_eq!(judge(std::slice::from_ref(&allow), None), Verdict::Allowed);
        assert_eq!(judge(std::slice::from_ref(&allow), Some(&deny)), Verdict::Denied(Kind::Boundary));
        assert_eq!(judge(&[allow, deny], None), Verdict::Denied(Kind::Identity));
    }
}
