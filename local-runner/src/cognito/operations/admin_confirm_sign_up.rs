use serde::Deserialize;

use super::{Metadata, confirm_sign_up::confirm, shapes::Empty};
use crate::cognito::{Context, error::Error, pool::Pools, trigger};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    _client_metadata: Option<Metadata>,
}

/// Without a code, and so without the proof that the address is the user's.
pub(super) fn admin_confirm_sign_up(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    confirm(pool, context, &key)?;
    trigger::post_confirmation(pool, context, &key, "ConfirmSignUp");
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::cognito::testing::{Fixture, PASSWORD};

    #[test]
    fn the_user_can_sign_in_but_the_address_is_not_verified() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        expect!["{}"].assert_eq(&cognito.admin("AdminConfirmSignUp", "ann@example.com"));
        assert!(cognito.password_auth("ann@example.com", PASSWORD).contains("AccessToken"));
        let user = cognito.admin("AdminGetUser", "ann@example.com");
        assert!(user.contains(r#"{"Name":"email_verified","Value":"false"}"#), "{user}");
        expect!["NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED"]
            .assert_eq(&cognito.admin("AdminConfirmSignUp", "ann@example.com"));
    }
}
