//! The operations, one to a file: what is asked, what is answered, and the function between them.

mod admin_add_user_to_group;
mod admin_confirm_sign_up;
mod admin_create_user;
mod admin_delete_user;
mod admin_delete_user_attributes;
mod admin_enable_user;
mod admin_get_user;
mod admin_initiate_auth;
mod admin_list_groups_for_user;
mod admin_remove_user_from_group;
mod admin_reset_user_password;
mod admin_respond_to_auth_challenge;
mod admin_set_user_mfa_preference;
mod admin_set_user_password;
pub(super) mod admin_update_user_attributes;
mod admin_user_global_sign_out;
mod associate_software_token;
pub(super) mod authentication;
mod change_password;
mod confirm_device;
mod confirm_forgot_password;
mod confirm_sign_up;
mod create_group;
mod custom;
mod delete_group;
mod delete_user;
mod delete_user_attributes;
mod describe_user_pool;
mod describe_user_pool_client;
mod device_proof;
mod filter;
mod flow;
mod forget_device;
mod forgot_password;
mod get_device;
mod get_group;
mod get_tokens_from_refresh_token;
mod get_user;
mod get_user_attribute_verification_code;
mod get_user_pool_mfa_config;
mod global_sign_out;
mod initiate_auth;
mod list_devices;
mod list_groups;
mod list_user_pool_clients;
mod list_user_pools;
mod list_users;
mod list_users_in_group;
mod migration;
mod new_password;
mod proof;
mod refresh;
mod resend_confirmation_code;
mod respond;
mod respond_to_auth_challenge;
mod revoke_token;
mod schema_attributes;
mod second_factor;
mod set_user_mfa_preference;
mod set_user_pool_mfa_config;
mod shapes;
mod sign_up;
mod update_device_status;
mod update_group;
mod update_user_attributes;
mod verify_software_token;
mod verify_user_attribute;

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Context, error::Error, pool::Pools, wire};

/// What a client hands on to the triggers, which get it from the request itself.
type Metadata = BTreeMap<String, String>;

/// Runs an operation by its name.
pub(super) fn run(operation: &str, pools: &mut Pools, context: &Context<'_>, body: &[u8]) -> Result<Value, Error> {
    let call = Call { pools, context, body };
    match operation {
        "AdminAddUserToGroup" => call.of(admin_add_user_to_group::admin_add_user_to_group),
        "AdminConfirmSignUp" => call.of(admin_confirm_sign_up::admin_confirm_sign_up),
        "AdminCreateUser" => call.of(admin_create_user::admin_create_user),
        "AdminDeleteUser" => call.of(admin_delete_user::admin_delete_user),
        "AdminDeleteUserAttributes" => call.of(admin_delete_user_attributes::admin_delete_user_attributes),
        "AdminDisableUser" => call.of(admin_enable_user::admin_disable_user),
        "AdminEnableUser" => call.of(admin_enable_user::admin_enable_user),
        "AdminForgetDevice" => call.of(forget_device::admin_forget_device),
        "AdminGetDevice" => call.of(get_device::admin_get_device),
        "AdminGetUser" => call.of(admin_get_user::admin_get_user),
        "AdminInitiateAuth" => call.of(admin_initiate_auth::admin_initiate_auth),
        "AdminListDevices" => call.of(list_devices::admin_list_devices),
        "AdminListGroupsForUser" => call.of(admin_list_groups_for_user::admin_list_groups_for_user),
        "AdminRemoveUserFromGroup" => call.of(admin_remove_user_from_group::admin_remove_user_from_group),
        "AdminResetUserPassword" => call.of(admin_reset_user_password::admin_reset_user_password),
        "AdminRespondToAuthChallenge" => call.of(admin_respond_to_auth_challenge::admin_respond_to_auth_challenge),
        "AdminSetUserMFAPreference" => call.of(admin_set_user_mfa_preference::admin_set_user_mfa_preference),
        "AdminSetUserPassword" => call.of(admin_set_user_password::admin_set_user_password),
        "AdminUpdateDeviceStatus" => call.of(update_device_status::admin_update_device_status),
        "AdminUpdateUserAttributes" => call.of(admin_update_user_attributes::admin_update_user_attributes),
        "AdminUserGlobalSignOut" => call.of(admin_user_global_sign_out::admin_user_global_sign_out),
        "AssociateSoftwareToken" => call.of(associate_software_token::associate_software_token),
        "ChangePassword" => call.of(change_password::change_password),
        "ConfirmDevice" => call.of(confirm_device::confirm_device),
        "ConfirmForgotPassword" => call.of(confirm_forgot_password::confirm_forgot_password),
        "ConfirmSignUp" => call.of(confirm_sign_up::confirm_sign_up),
        "CreateGroup" => call.of(create_group::create_group),
        "DeleteGroup" => call.of(delete_group::delete_group),
        "DeleteUser" => call.of(delete_user::delete_user),
        "DeleteUserAttributes" => call.of(delete_user_attributes::delete_user_attributes),
        "DescribeUserPool" => call.of(describe_user_pool::describe_user_pool),
        "DescribeUserPoolClient" => call.of(describe_user_pool_client::describe_user_pool_client),
        "ForgetDevice" => call.of(forget_device::forget_device),
        "ForgotPassword" => call.of(forgot_password::forgot_password),
        "GetDevice" => call.of(get_device::get_device),
        "GetGroup" => call.of(get_group::get_group),
        "GetTokensFromRefreshToken" => call.of(get_tokens_from_refresh_token::get_tokens_from_refresh_token),
        "GetUser" => call.of(get_user::get_user),
        "GetUserAttributeVerificationCode" => {
            call.of(get_user_attribute_verification_code::get_user_attribute_verification_code)
        }
        "GetUserPoolMfaConfig" => call.of(get_user_pool_mfa_config::get_user_pool_mfa_config),
        "GlobalSignOut" => call.of(global_sign_out::global_sign_out),
        "InitiateAuth" => call.of(initiate_auth::initiate_auth),
        "ListDevices" => call.of(list_devices::list_devices),
        "ListGroups" => call.of(list_groups::list_groups),
        "ListUserPoolClients" => call.of(list_user_pool_clients::list_user_pool_clients),
        "ListUserPools" => call.of(list_user_pools::list_user_pools),
        "ListUsers" => call.of(list_users::list_users),
        "ListUsersInGroup" => call.of(list_users_in_group::list_users_in_group),
        "ResendConfirmationCode" => call.of(resend_confirmation_code::resend_confirmation_code),
        "RespondToAuthChallenge" => call.of(respond_to_auth_challenge::respond_to_auth_challenge),
        "RevokeToken" => call.of(revoke_token::revoke_token),
        "SetUserMFAPreference" => call.of(set_user_mfa_preference::set_user_mfa_preference),
        "SetUserPoolMfaConfig" => call.of(set_user_pool_mfa_config::set_user_pool_mfa_config),
        "SignUp" => call.of(sign_up::sign_up),
        "UpdateDeviceStatus" => call.of(update_device_status::update_device_status),
        "UpdateGroup" => call.of(update_group::update_group),
        "UpdateUserAttributes" => call.of(update_user_attributes::update_user_attributes),
        "VerifySoftwareToken" => call.of(verify_software_token::verify_software_token),
        "VerifyUserAttribute" => call.of(verify_user_attribute::verify_user_attribute),
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
        let output = operation(self.pools, self.context, wire::parse(self.body)?);
        self.pools.collect();
        serde_json::to_value(output?).map_err(|error| Error::Serialization(error.to_string()))
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
