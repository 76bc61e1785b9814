use serde::Deserialize;

use super::{
    Metadata,
    forgot_password::{reached, recover},
    shapes::Empty,
};
use crate::cognito::{Context, error::Error, pool::Pools, user::Status};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    _client_metadata: Option<Metadata>,
}

/// The user signs in again only with a new password, for which a code was sent.
pub(super) fn admin_reset_user_password(
    pools: &mut Pools,
    context: &Context<'_>,
    input: Input,
) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    let user = pool.users.get(&key).ok_or(Error::UserNotFound)?;
    if !matches!(user.status, Status::Confirmed | Status::ResetRequired) {
        return Err(Error::NotResettable);
    }
    let medium = reached(pool, user)?;
    recover(pool, context, &key, medium)?;
    let user = pool.users.get_mut(&key).ok_or(Error::UserNotFound)?;
    user.status = Status::ResetRequired;
    user.modified = context.now;
    pool.sign_out(&key);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::{Fixture, PASSWORD};

    #[test]
    fn the_old_password_signs_in_no_longer_and_the_code_sets_another() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        expect!["{}"].assert_eq(&cognito.admin("AdminResetUserPassword", "ann@example.com"));
        expect!["PasswordResetRequiredException: Password reset required for the user"]
            .assert_eq(&cognito.password_auth("ann@example.com", PASSWORD));
        let input = json!({
            "ClientId": cognito.client("Shopper"), "Username": "ann@example.com",
            "ConfirmationCode": cognito.last_code(), "Password": "N3w-password",
        });
        expect!["{}"].assert_eq(&cognito.call("ConfirmForgotPassword", input));
        assert!(cognito.password_auth("ann@example.com", "N3w-password").contains("AccessToken"));
    }

    #[test]
    fn who_cannot_be_reached_keeps_the_password() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        cognito.admin("AdminConfirmSignUp", "ann@example.com");
        expect!["InvalidParameterException: Cannot reset password for the user as there is no registered/verified email or phone_number"]
            .assert_eq(&cognito.admin("AdminResetUserPassword", "ann@example.com"));
        assert!(cognito.password_auth("ann@example.com", PASSWORD).contains("AccessToken"));
    }
}
