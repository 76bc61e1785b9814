use super::shapes::{Empty, UserInput};
use crate::cognito::{Context, error::Error, pool::Pools};

pub(super) fn admin_enable_user(pools: &mut Pools, context: &Context<'_>, input: UserInput) -> Result<Empty, Error> {
    set_enabled(pools, context, input, true)
}

/// Also ends the user's sessions.
pub(super) fn admin_disable_user(pools: &mut Pools, context: &Context<'_>, input: UserInput) -> Result<Empty, Error> {
    set_enabled(pools, context, input, false)
}

fn set_enabled(pools: &mut Pools, context: &Context<'_>, input: UserInput, enabled: bool) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    if !enabled {
        pool.sign_out(&key);
    }
    let user = pool.user(&input.username)?;
    user.enabled = enabled;
    user.modified = context.now;
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::cognito::testing::{Fixture, PASSWORD};

    #[test]
    fn a_disabled_user_is_out_until_enabled_again() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let tokens = cognito.tokens("ann@example.com");
        cognito.admin("AdminDisableUser", "ann@example.com");
        expect!["NotAuthorizedException: User is disabled."]
            .assert_eq(&cognito.password_auth("ann@example.com", PASSWORD));
        cognito.admin("AdminEnableUser", "ann@example.com");
        assert!(cognito.password_auth("ann@example.com", PASSWORD).contains("AccessToken"));
        expect!["NotAuthorizedException: Refresh Token has been revoked"]
            .assert_eq(&cognito.refresh(tokens["RefreshToken"].as_str().unwrap()));
    }
}
