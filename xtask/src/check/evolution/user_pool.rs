//! A user pool that was and one that shall be.

use skyloom_manifest::{CustomAttribute, Manifest, SignIn, UserPool};

use super::{Finding, Severity};

const REFUSED: &str =
    "Cognito never does that to a pool that has been made: CloudFormation fails, and nothing is deployed.";

pub(super) fn compare(old: &UserPool, new: &UserPool, findings: &mut Vec<Finding>) {
    let mut found = |severity, change, effect, instead: &str| {
        findings.push(Finding::of_pool(severity, new, change, effect, instead))
    };
    if old.sign_in != new.sign_in {
        let change = format!("its users signed in with {}, and do with {}", with(old.sign_in), with(new.sign_in));
        let effect = "Cognito cannot change that: another pool is needed, which begins without users.";
        found(
            Severity::LosesUsers,
            change,
            effect,
            "declare the new pool under a name of its own, and let its `migrate-user` handler take users over.",
        );
        return; // what the old one has binds no other pool
    }
    for before in &old.custom_attributes {
        let name = before.full_name();
        match new.custom_attributes.iter().find(|after| after.name == before.name) {
            None => found(
                Severity::Refused,
                format!("its attribute `{name}` is not declared any more"),
                REFUSED,
                "keep the declaration: nothing has to use the attribute.",
            ),
            Some(after) if shape(before) != shape(after) => found(
                Severity::Refused,
                format!("its attribute `{name}` was {} and is {}", described(before), described(after)),
                REFUSED,
                "declare an attribute of another name, and copy the values.",
            ),
            Some(_) => {}
        }
    }
    for name in old.required_attributes.iter().filter(|name| !new.required_attributes.contains(name)) {
        let change = format!("`{name}` is not required any more");
        found(Severity::Refused, change, REFUSED, "keep it in `required`.");
    }
    for name in new.required_attributes.iter().filter(|name| !old.required_attributes.contains(name)) {
        let change = format!("`{name}` is required now");
        found(Severity::Refused, change, REFUSED, "refuse who has none in a handler `on = \"pre-sign-up\"`.");
    }
}

/// A pool that is not declared any more, or under another name.
pub(super) fn removed(old: &UserPool, before: &Manifest, after: &Manifest) -> Finding {
    let is_new = |pool: &&UserPool| before.user_pool(&pool.name).is_none() && pool.sign_in == old.sign_in;
    let change = match after.user_pools.iter().find(is_new) {
        Some(new) => format!("it is not declared any more; `{}` would be another pool", new.name),
        None => "it is not declared any more".to_owned(),
    };
    Finding::of_pool(
        Severity::LosesUsers,
        old,
        change,
        "the pool leaves the stack and is kept with its users, whom nothing lets in any more.",
        "keep the struct's name, which is the pool's.",
    )
}

/// What never changes, as the template has it; who may write it is the clients' matter.
fn shape(attribute: &CustomAttribute) -> (&'static str, (Option<i64>, Option<i64>), bool) {
    (attribute.data_type.as_str(), attribute.bounds(), attribute.immutable)
}

/// `String of 0 to 20, immutable`
fn described(attribute: &CustomAttribute) -> String {
    let bounds = match (attribute.min, attribute.max) {
        (None, None) => String::new(),
        (Some(least), None) => format!(" from {least}"),
        (None, Some(most)) => format!(" up to {most}"),
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
    };
    let immutable = if attribute.immutable { ", immutable" } else { "" };
    format!("{}{bounds}{immutable}", attribute.data_type.as_str())
}

fn with(sign_in: SignIn) -> &'static str {
    sign_in
        .attribute()
        .map_or("a username", |name| if name == "email" { "an e-mail address" } else { "a phone number" })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use skyloom_manifest::SignIn;

    use super::super::{compare, refuse};
    use crate::template::fixture;

    /// What is found after this was done to the shoppers' pool, which has an attribute of its own and asks for another.
    fn check(change: impl FnOnce(&mut super::UserPool), expected: Expect) {
        let mut before = fixture::shop();
        let shopper = before.user_pools.iter().position(|pool| pool.name == "Shopper").unwrap();
        let plan = json!([{"name": "plan", "type": "string", "max": 20}]);
        before.user_pools[shopper].custom_attributes = serde_json::from_value(plan).unwrap();
        before.user_pools[shopper].required_attributes = vec!["birthdate".into()];
        let mut after = before.clone();
        change(&mut after.user_pools[shopper]);
        let findings: Vec<_> = compare(&before, &after).iter().map(ToString::to_string).collect();
        expected.assert_eq(&findings.join("\n"));
    }

    #[test]
    fn a_pool_that_has_to_be_another_is_bound_by_nothing() {
        check(
            |pool| {
                pool.sign_in = SignIn::Phone;
                pool.custom_attributes.clear();
                pool.required_attributes.clear();
            },
            expect![[r#"
                src/lib.rs:5: `Shopper`: loses the users: its users signed in with an e-mail address, and do with a phone number
                    Cognito cannot change that: another pool is needed, which begins without users.
                    Instead: declare the new pool under a name of its own, and let its `migrate-user` handler take users over."#]],
        );
    }

    #[test]
    fn what_cognito_refuses_is_no_new_standard() {
        let mut before = fixture::shop();
        before.user_pools[0].required_attributes = vec!["birthdate".into()];
        let refusal = refuse(&compare(&before, &fixture::shop()), "shop").unwrap_err();
        expect!["1 of the changes are refused where the application is deployed, so that nothing was written: undo them, or run `cargo xtask check -p shop --update --accept-data-changes` if it never was"].assert_eq(&refusal.to_string());
    }

    #[test]
    fn attributes_are_added_and_given_to_users_freely() {
        check(
            |pool| {
                pool.custom_attributes[0].writable = true;
                let mut size = pool.custom_attributes[0].clone();
                size.name = "size".into();
                pool.custom_attributes.push(size);
            },
            expect![[""]],
        );
    }

    #[test]
    fn an_attribute_neither_changes_nor_goes() {
        check(
            |pool| {
                pool.custom_attributes[0].max = None;
                pool.custom_attributes[0].immutable = true;
                pool.required_attributes = vec!["name".into()];
            },
            expect![[r#"
                src/lib.rs:5: `Shopper`: is refused: its attribute `custom:plan` was String up to 20 and is String, immutable
                    Cognito never does that to a pool that has been made: CloudFormation fails, and nothing is deployed.
                    Instead: declare an attribute of another name, and copy the values.
                src/lib.rs:5: `Shopper`: is refused: `birthdate` is not required any more
                    Cognito never does that to a pool that has been made: CloudFormation fails, and nothing is deployed.
                    Instead: keep it in `required`.
                src/lib.rs:5: `Shopper`: is refused: `name` is required now
                    Cognito never does that to a pool that has been made: CloudFormation fails, and nothing is deployed.
                    Instead: refuse who has none in a handler `on = "pre-sign-up"`."#]],
        );
        check(
            |pool| pool.custom_attributes.clear(),
            expect![[r#"
            src/lib.rs:5: `Shopper`: is refused: its attribute `custom:plan` is not declared any more
                Cognito never does that to a pool that has been made: CloudFormation fails, and nothing is deployed.
                Instead: keep the declaration: nothing has to use the attribute."#]],
        );
    }

    #[test]
    fn users_are_of_their_pool() {
        check(
            |pool| pool.sign_in = skyloom_manifest::SignIn::Username,
            expect![[r#"
            src/lib.rs:5: `Shopper`: loses the users: its users signed in with an e-mail address, and do with a username
                Cognito cannot change that: another pool is needed, which begins without users.
                Instead: declare the new pool under a name of its own, and let its `migrate-user` handler take users over."#]],
        );
        check(
            |pool| pool.name = "Customer".into(),
            expect![[r#"
            src/lib.rs:5: `Shopper`: loses the users: it is not declared any more; `Customer` would be another pool
                the pool leaves the stack and is kept with its users, whom nothing lets in any more.
                Instead: keep the struct's name, which is the pool's."#]],
        );
    }
}
