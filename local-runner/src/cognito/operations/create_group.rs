use serde::Deserialize;

use super::shapes::{GroupOutput, GroupShape};
use crate::cognito::{Context, constraint, error::Error, group::Group, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    group_name: String,
    description: Option<String>,
    role_arn: Option<String>,
    precedence: Option<u32>,
}

pub(super) fn create_group(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<GroupOutput, Error> {
    constraint::group_name(&input.group_name)?;
    let pool = pools.by_id(&input.user_pool_id)?;
    if pool.groups.contains_key(&input.group_name) {
        return Err(Error::GroupExists);
    }
    let group = Group {
        description: input.description,
        precedence: input.precedence,
        role: input.role_arn,
        created: context.now,
        modified: context.now,
        declared: false,
    };
    let shape = GroupShape::of(&pool.id, &input.group_name, &group);
    pool.groups.insert(input.group_name, group);
    Ok(GroupOutput { group: shape })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::{Fixture, PASSWORD, decoded};

    fn group(cognito: &mut Fixture, operation: &str, name: &str, rest: Value) -> String {
        let mut input = json!({ "UserPoolId": cognito.pool("Shopper"), "GroupName": name });
        input.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        cognito.call(operation, input)
    }

    fn id_token(cognito: &mut Fixture) -> Value {
        let answer: Value = serde_json::from_str(&cognito.password_auth("ann@example.com", PASSWORD)).unwrap();
        decoded(&answer["AuthenticationResult"]["IdToken"])
    }

    #[test]
    fn a_group_is_made_changed_and_deleted_with_its_memberships() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let made =
            group(&mut cognito, "CreateGroup", "drivers", json!({ "Precedence": 2, "Description": "They drive" }));
        expect![[r#"{"Group":{"CreationDate":1767225600.0,"Description":"They drive","GroupName":"drivers","LastModifiedDate":1767225600.0,"Precedence":2,"UserPoolId":"us-east-1_RjhHZltqo"}}"#]]
            .assert_eq(&made);
        expect!["GroupExistsException: A group with the name already exists."].assert_eq(&group(
            &mut cognito,
            "CreateGroup",
            "drivers",
            json!({}),
        ));
        expect!["{}"].assert_eq(&cognito.group("ann@example.com", "drivers"));
        let changed = group(&mut cognito, "UpdateGroup", "drivers", json!({ "Precedence": 0 }));
        assert!(changed.contains(r#""Precedence":0"#) && changed.contains("They drive"), "{changed}");
        assert_eq!(changed, group(&mut cognito, "GetGroup", "drivers", json!({})));
        assert_eq!(id_token(&mut cognito)["cognito:groups"], json!(["drivers"]));
        expect!["{}"].assert_eq(&group(&mut cognito, "DeleteGroup", "drivers", json!({})));
        assert_eq!(id_token(&mut cognito).get("cognito:groups"), None);
        expect!["ResourceNotFoundException: Group not found."].assert_eq(&group(
            &mut cognito,
            "DeleteGroup",
            "drivers",
            json!({}),
        ));
    }

    #[test]
    fn the_role_that_counts_is_of_the_lowest_precedence_and_only_of_one() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let role = |name: &str| format!("arn:aws:iam::111122223333:role/{name}");
        for (name, precedence) in [("a", 1), ("b", 2), ("c", 1)] {
            group(&mut cognito, "CreateGroup", name, json!({ "Precedence": precedence, "RoleArn": role(name) }));
        }
        cognito.group("ann@example.com", "b");
        cognito.group("ann@example.com", "a");
        let token = id_token(&mut cognito);
        assert_eq!(token["cognito:roles"], json!([role("a"), role("b")]));
        assert_eq!(token["cognito:preferred_role"], role("a"));
        cognito.group("ann@example.com", "c");
        assert_eq!(id_token(&mut cognito).get("cognito:preferred_role"), None);
    }
}
