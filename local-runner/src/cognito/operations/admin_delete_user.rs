use super::shapes::{Empty, UserInput};
use crate::cognito::{Context, error::Error, pool::Pools};

pub(super) fn admin_delete_user(pools: &mut Pools, _: &Context<'_>, input: UserInput) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    pool.users.remove(&key);
    pool.sessions.retain(|_, session| session.user != key);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    #[test]
    fn a_deleted_users_tokens_are_worth_nothing_here() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let tokens = cognito.tokens("ann@example.com");
        expect!["{}"].assert_eq(&cognito.admin("AdminDeleteUser", "ann@example.com"));
        expect!["UserNotFoundException: User does not exist."]
            .assert_eq(&cognito.call("GetUser", json!({ "AccessToken": tokens["AccessToken"] })));
        expect!["NotAuthorizedException: Invalid Refresh Token"]
            .assert_eq(&cognito.refresh(tokens["RefreshToken"].as_str().unwrap()));
        expect!["UserNotFoundException: User does not exist."]
            .assert_eq(&cognito.admin("AdminDeleteUser", "ann@example.com"));
    }
}
