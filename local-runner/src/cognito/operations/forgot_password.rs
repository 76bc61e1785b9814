use serde::{Deserialize, Serialize, de::IgnoredAny};

use super::resend_confirmation_code::simulated;
use crate::cognito::{
    Context,
    code::{Code, RECOVERY_LIFE},
    constraint,
    error::Error,
    message::{CodeDelivery, Content, Medium, Message},
    pool::Pools,
    user::{Status, User},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    username: String,
    _analytics_metadata: Option<IgnoredAny>,
    _client_metadata: Option<IgnoredAny>,
    _user_context_data: Option<IgnoredAny>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    code_delivery_details: CodeDelivery,
}

pub(super) fn forgot_password(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let pool = pools.by_client(&input.client_id)?;
    constraint::username(&input.username)?;
    let details = simulated(pool, &input.username);
    let name = pool.name.clone();
    let Ok(user) = pool.user(&input.username) else {
        return Ok(Output { code_delivery_details: details }); // nobody learns that there is no such user
    };
    let (medium, destination) = reachable(user)?;
    let code = Code::new(context.random, context.now, RECOVERY_LIFE);
    let content = Content::RecoveryCode(code.digits.clone());
    user.recovery = Some(code);
    let code_delivery_details = CodeDelivery::to(medium, &destination);
    let username = user.username.clone();
    pools.send(Message { pool: name, username, medium, destination, content, sent: context.now });
    Ok(Output { code_delivery_details })
}

/// The verified address of a user who may choose a new password.
fn reachable(user: &User) -> Result<(Medium, String), Error> {
    if !user.enabled {
        return Err(Error::UserDisabled);
    }
    if user.status == Status::ForceChangePassword {
        return Err(Error::NotResettable);
    }
    let verified = [Medium::Email, Medium::Sms].into_iter().find(|medium| user.is_verified(*medium));
    let address = verified.and_then(|medium| Some((medium, user.address(medium)?.to_owned())));
    address.ok_or(Error::NoVerifiedContact)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    fn forgot(cognito: &mut Fixture, username: &str) -> String {
        cognito.call("ForgotPassword", json!({ "ClientId": cognito.client("Shopper"), "Username": username }))
    }

    #[test]
    fn a_code_goes_to_a_verified_address_only() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        expect!["InvalidParameterException: Cannot reset password for the user as there is no registered/verified email or phone_number"]
            .assert_eq(&forgot(&mut cognito, "ann@example.com"));
        let code = cognito.last_code();
        cognito.confirm("ann@example.com", &code);
        expect![[
            r#"{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"a***@e***"}}"#
        ]]
        .assert_eq(&forgot(&mut cognito, "ann@example.com"));
        assert_eq!(cognito.messages().len(), 2);
    }

    #[test]
    fn a_user_who_does_not_exist_seems_to_get_one_too() {
        let mut cognito = Fixture::new();
        expect![[
            r#"{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"b***@e***"}}"#
        ]]
        .assert_eq(&forgot(&mut cognito, "bob@example.com"));
        assert!(cognito.messages().is_empty());
    }

    #[test]
    fn who_never_chose_a_password_has_to_be_invited_again() {
        let mut cognito = Fixture::new();
        cognito
            .call("AdminCreateUser", json!({ "UserPoolId": cognito.pool("Shopper"), "Username": "ann@example.com" }));
        expect!["NotAuthorizedException: User password cannot be reset in the current state."]
            .assert_eq(&forgot(&mut cognito, "ann@example.com"));
    }
}
