//! The operations, one to a file: what is asked, what is answered, and the function between them.

mod admin_add_user_to_group;
mod admin_confirm_sign_up;
mod admin_create_user;
mod admin_delete_user;
mod admin_enable_user;
mod admin_get_user;
mod admin_initiate_auth;
mod admin_list_groups_for_user;
mod admin_remove_user_from_group;
mod admin_respond_to_auth_challenge;
mod admin_set_user_password;
mod admin_update_user_attributes;
mod admin_user_global_sign_out;
mod authentication;
mod change_password;
mod confirm_forgot_password;
mod confirm_sign_up;
mod describe_user_pool;
mod describe_user_pool_client;
mod filter;
mod forgot_password;
mod get_tokens_from_refresh_token;
mod get_user;
mod global_sign_out;
mod initiate_auth;
mod list_groups;
mod list_user_pool_clients;
mod list_user_pools;
mod list_users;
mod list_users_in_group;
mod resend_confirmation_code;
mod respond_to_auth_challenge;
mod revoke_token;
mod shapes;
mod sign_up;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Context, error::Error, pool::Pools, wire};

/// Runs an operation by its name.
pub(super) fn run(operation: &str, pools: &mut Pools, context: &Context<'_>, body: &[u8]) -> Result<Value, Error> {
    let call = Call { pools, context, body };
    match operation {
        "AdminAddUserToGroup" => call.of(admin_add_user_to_group::admin_add_user_to_group),
        "AdminConfirmSignUp" => call.of(admin_confirm_sign_up::admin_confirm_sign_up),
        "AdminCreateUser" => call.of(admin_create_user::admin_create_user),
        "AdminDeleteUser" => call.of(admin_delete_user::admin_delete_user),
        "AdminDisableUser" => call.of(admin_enable_user::admin_disable_user),
        "AdminEnableUser" => call.of(admin_enable_user::admin_enable_user),
        "AdminGetUser" => call.of(admin_get_user::admin_get_user),
        "AdminInitiateAuth" => call.of(admin_initiate_auth::admin_initiate_auth),
        "AdminListGroupsForUser" => call.of(admin_list_groups_for_user::admin_list_groups_for_user),
        "AdminRemoveUserFromGroup" => call.of(admin_remove_user_from_group::admin_remove_user_from_group),
        "AdminRespondToAuthChallenge" => call.of(admin_respond_to_auth_challenge::admin_respond_to_auth_challenge),
        "AdminSetUserPassword" => call.of(admin_set_user_password::admin_set_user_password),
        "AdminUpdateUserAttributes" => call.of(admin_update_user_attributes::admin_update_user_attributes),
        "AdminUserGlobalSignOut" => call.of(admin_user_global_sign_out::admin_user_global_sign_out),
        "ChangePassword" => call.of(change_password::change_password),
        "ConfirmForgotPassword" => call.of(confirm_forgot_password::confirm_forgot_password),
        "ConfirmSignUp" => call.of(confirm_sign_up::confirm_sign_up),
        "DescribeUserPool" => call.of(describe_user_pool::describe_user_pool),
        "DescribeUserPoolClient" => call.of(describe_user_pool_client::describe_user_pool_client),
        "ForgotPassword" => call.of(forgot_password::forgot_password),
        "GetTokensFromRefreshToken" => call.of(get_tokens_from_refresh_token::get_tokens_from_refresh_token),
        "GetUser" => call.of(get_user::get_user),
        "GlobalSignOut" => call.of(global_sign_out::global_sign_out),
        "InitiateAuth" => call.of(initiate_auth::initiate_auth),
        "ListGroups" => call.of(list_groups::list_groups),
        "ListUserPoolClients" => call.of(list_user_pool_clients::list_user_pool_clients),
        "ListUserPools" => call.of(list_user_pools::list_user_pools),
        "ListUsers" => call.of(list_users::list_users),
        "ListUsersInGroup" => call.of(list_users_in_group::list_users_in_group),
        "ResendConfirmationCode" => call.of(resend_confirmation_code::resend_confirmation_code),
        "RespondToAuthChallenge" => call.of(respond_to_auth_challenge::respond_to_auth_challenge),
        "RevokeToken" => call.of(revoke_token::revoke_token),
        "SignUp" => call.of(sign_up::sign_up),
        _ => Err(Error::UnknownOperation(operation.into())),
    }
}

struct Call<'a> {
    pools: &'a mut Pools,
    context: &'a Context<'a>,
    body: &'a [u8],
}

impl Call<'_> {
    fn of<I: DeserializeOwned, O: Serialize>(
        self,
        operation: fn(&mut Pools, &Context<'_>, I) -> Result<O, Error>,
    ) -> Result<Value, Error> {
        let output = operation(self.pools, self.context, wire::parse(self.body)?)?;
        serde_json::to_value(output).map_err(|error| Error::Serialization(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use crate::cognito::testing::Fixture;

    #[test]
    fn an_operation_that_is_not_emulated_says_so() {
        let mut cognito = Fixture::new();
        expect_test::expect!["UnknownOperationException: The operation CreateUserPool is not emulated"]
            .assert_eq(&cognito.call("CreateUserPool", serde_json::json!({ "PoolName": "a" })));
    }
}
