use serde::{Deserialize, de::IgnoredAny};

use super::{
    Metadata,
    authentication::{Output, Parameters, parameters},
    respond,
};
use crate::cognito::{Context, error::Error, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    challenge_name: String,
    session: Option<String>,
    #[serde(default, deserialize_with = "parameters")]
    challenge_responses: Parameters,
    _analytics_metadata: Option<IgnoredAny>,
    _client_metadata: Option<Metadata>,
    _user_context_data: Option<IgnoredAny>,
}

pub(super) fn respond_to_auth_challenge(
    pools: &mut Pools,
    context: &Context<'_>,
    input: Input,
) -> Result<Output, Error> {
    let pool = pools.by_client(&input.client_id)?;
    let Input { challenge_name, session, challenge_responses, .. } = &input;
    respond::answer(pool, context, challenge_name, session.as_deref(), challenge_responses)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::{DAY, Fixture, PASSWORD};

    const TEMPORARY: &str = "T3mporary!";

    fn invite(cognito: &mut Fixture) {
        let input = json!({
            "UserPoolId": cognito.pool("Shopper"), "Username": "ann@example.com", "TemporaryPassword": TEMPORARY,
        });
        assert!(cognito.call("AdminCreateUser", input).starts_with('{'));
    }

    fn challenge(cognito: &mut Fixture) -> Value {
        serde_json::from_str(&cognito.password_auth("ann@example.com", TEMPORARY)).unwrap()
    }

    fn respond(cognito: &mut Fixture, session: &Value, password: &str) -> String {
        let input = json!({
            "ClientId": cognito.client("Shopper"), "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": session,
            "ChallengeResponses": {
                "USERNAME": "ann@example.com", "NEW_PASSWORD": password, "userAttributes.given_name": "Ann",
            },
        });
        cognito.call("RespondToAuthChallenge", input)
    }

    #[test]
    fn an_invited_user_chooses_a_password_and_is_signed_in() {
        let mut cognito = Fixture::new();
        invite(&mut cognito);
        let asked = challenge(&mut cognito);
        assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
        assert_eq!(
            asked["ChallengeParameters"]["userAttributes"],
            r#"{"email":"ann@example.com","email_verified":"false"}"#
        );
        expect![
            "InvalidPasswordException: Password did not conform with policy: Password must have uppercase characters"
        ]
        .assert_eq(&respond(&mut cognito, &asked["Session"], "small-l3tters"));
        assert!(respond(&mut cognito, &asked["Session"], PASSWORD).contains("AccessToken"));
        assert!(cognito.admin("AdminGetUser", "ann@example.com").contains(r#"{"Name":"given_name","Value":"Ann"}"#));
        assert!(cognito.password_auth("ann@example.com", PASSWORD).contains("AccessToken"));
        expect!["NotAuthorizedException: Invalid session for the user, session can only be used once."]
            .assert_eq(&respond(&mut cognito, &asked["Session"], PASSWORD));
    }

    #[test]
    fn a_session_lives_three_minutes_and_cannot_be_made_up() {
        let mut cognito = Fixture::new();
        invite(&mut cognito);
        let asked = challenge(&mut cognito);
        cognito.advance(Duration::from_secs(180));
        expect!["NotAuthorizedException: Invalid session for the user, session is expired."].assert_eq(&respond(
            &mut cognito,
            &asked["Session"],
            PASSWORD,
        ));
        expect!["NotAuthorizedException: Invalid session for the user."].assert_eq(&respond(
            &mut cognito,
            &json!("a session of my own making"),
            PASSWORD,
        ));
    }

    #[test]
    fn a_temporary_password_works_for_a_week() {
        let mut cognito = Fixture::new();
        invite(&mut cognito);
        cognito.advance(DAY * 7);
        expect!["NotAuthorizedException: Temporary password has expired and must be reset by an administrator."]
            .assert_eq(&cognito.password_auth("ann@example.com", TEMPORARY));
    }
}
