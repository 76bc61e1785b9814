use super::shapes::{Empty, UserInput};
use crate::cognito::{Context, error::Error, pool::Pools};

pub(super) fn admin_delete_user(pools: &mut Pools, _: &Context<'_>, input: UserInput) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    pool.remove(&key);
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

    #[test]
    fn a_question_to_a_deleted_user_is_not_one_to_the_next_of_that_name() {
        let mut cognito = Fixture::new();
        let pool = cognito.pool("Member");
        let ann = json!({ "UserPoolId": pool, "Username": "ann" });
        let mut create = ann.clone();
        create["TemporaryPassword"] = "T3mporary!".into();
        assert!(cognito.call("AdminCreateUser", create.clone()).contains("FORCE_CHANGE_PASSWORD"));
        let parameters = json!({ "USERNAME": "ann", "PASSWORD": "T3mporary!" });
        let client = cognito.client("Member");
        let asked = cognito.call(
            "InitiateAuth",
            json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters }),
        );
        let asked: serde_json::Value = serde_json::from_str(&asked).unwrap();
        assert_eq!(cognito.call("AdminDeleteUser", ann), "{}");
        assert!(cognito.call("AdminCreateUser", create).contains("FORCE_CHANGE_PASSWORD"));
        let answer = json!({
            "ClientId": client, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": asked["Session"],
            "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": "N3w-password" },
        });
        expect!["NotAuthorizedException: Invalid session for the user."]
            .assert_eq(&cognito.call("RespondToAuthChallenge", answer));
    }
}
