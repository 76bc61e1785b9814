use serde::Serialize;

use super::shapes::UserInput;
use crate::cognito::{
    Context,
    attributes::{self, Attribute},
    error::Error,
    mfa::Shown,
    pool::Pools,
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    username: String,
    user_attributes: Vec<Attribute>,
    user_create_date: f64,
    user_last_modified_date: f64,
    enabled: bool,
    user_status: &'static str,
    #[serde(flatten)]
    mfa: Shown,
}

pub(super) fn admin_get_user(pools: &mut Pools, _: &Context<'_>, input: UserInput) -> Result<Output, Error> {
    let user = pools.by_id(&input.user_pool_id)?.user(&input.username)?;
    Ok(Output {
        username: user.username.clone(),
        user_attributes: attributes::of(user),
        user_create_date: user.created.fractional(),
        user_last_modified_date: user.modified.fractional(),
        enabled: user.enabled,
        user_status: user.status.as_str(),
        mfa: Shown::of(user),
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    #[test]
    fn a_user_is_found_by_address_and_by_sub() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        let by_address = cognito.admin("AdminGetUser", "Ann@example.com");
        expect![[r#"{"Enabled":true,"UserAttributes":[{"Name":"email","Value":"ann@example.com"},{"Name":"email_verified","Value":"false"},{"Name":"sub","Value":"78382582-2a6f-4e62-9a21-90e828e4c9d2"}],"UserCreateDate":1767225600.0,"UserLastModifiedDate":1767225600.0,"UserStatus":"UNCONFIRMED","Username":"78382582-2a6f-4e62-9a21-90e828e4c9d2"}"#]].assert_eq(&by_address);
        assert_eq!(by_address, cognito.admin("AdminGetUser", "78382582-2a6f-4e62-9a21-90e828e4c9d2"));
    }

    #[test]
    fn unknown_users_and_pools_are_told_apart() {
        let mut cognito = Fixture::new();
        expect!["UserNotFoundException: User does not exist."].assert_eq(&cognito.admin("AdminGetUser", "nobody"));
        let input = json!({ "UserPoolId": "us-east-1_none", "Username": "nobody" });
        expect!["ResourceNotFoundException: User pool us-east-1_none does not exist."]
            .assert_eq(&cognito.call("AdminGetUser", input));
    }
}
