use serde::{Deserialize, Serialize, de::IgnoredAny};

use super::{migration, resend_confirmation_code::simulated};
use crate::cognito::{
    Context, constraint,
    delivery::Purpose,
    error::Error,
    message::{CodeDelivery, Medium},
    mfa,
    pool::{Pool, Pools},
    user::{Status, User},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    username: String,
    secret_hash: Option<String>,
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
    pool.calling_client(context).check_secret_hash(&input.username, input.secret_hash.as_deref())?;
    if pool.key_of(&input.username).is_none() {
        migration::without_password(pool, context, &input.username)?;
    }
    let Some(key) = pool.key_of(&input.username) else {
        let simulated = simulated(pool, &input.username); // nobody learns that there is no such user
        return Ok(Output { code_delivery_details: simulated });
    };
    let medium = reachable(pool.users.get(&key).ok_or(Error::UserNotFound)?)?;
    Ok(Output { code_delivery_details: recover(pool, context, &key, medium)? })
}

/// Sends the code with which a forgotten password is replaced.
pub(super) fn recover(
    pool: &mut Pool,
    context: &Context<'_>,
    key: &str,
    medium: Medium,
) -> Result<CodeDelivery, Error> {
    let sent = pool.send_code(context, key, Purpose::ForgotPassword, medium)?.ok_or(Error::NoVerifiedContact)?;
    pool.users.get_mut(key).ok_or(Error::UserNotFound)?.recovery = Some(sent.code);
    Ok(sent.delivery)
}

/// How a user is reached who may choose a new password.
fn reachable(user: &User) -> Result<Medium, Error> {
    if !user.enabled {
        return Err(Error::UserDisabled);
    }
    if user.status == Status::ForceChangePassword {
        return Err(Error::NotResettable);
    }
    verified(user).ok_or(Error::NoVerifiedContact)
}

/// The verified address of a user. What gets the second factor does not get the code for a new password, too.
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html>
pub(super) fn verified(user: &User) -> Option<Medium> {
    let second = user.factors.preferred.and_then(mfa::medium);
    let is_free = |medium: &Medium| user.is_verified(*medium) && second != Some(*medium);
    [Medium::Email, Medium::Sms].into_iter().find(is_free).filter(|medium| user.address(*medium).is_some())
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
