use super::shapes::{Empty, UserInput};
use crate::cognito::{Context, error::Error, pool::Pools};

pub(super) fn admin_user_global_sign_out(pools: &mut Pools, _: &Context<'_>, input: UserInput) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    pool.sign_out(&key);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::cognito::testing::Fixture;

    #[test]
    fn an_administrator_ends_every_session_of_a_user() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let tokens = cognito.tokens("ann@example.com");
        expect!["{}"].assert_eq(&cognito.admin("AdminUserGlobalSignOut", "ann@example.com"));
        expect!["NotAuthorizedException: Refresh Token has been revoked"]
            .assert_eq(&cognito.refresh(tokens["RefreshToken"].as_str().unwrap()));
    }
}
