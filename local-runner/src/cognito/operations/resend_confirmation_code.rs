use serde::{Deserialize, Serialize, de::IgnoredAny};

use super::{Metadata, sign_up::confirmation};
use crate::cognito::{
    Context,
    attempts::Action,
    constraint,
    delivery::Purpose,
    error::Error,
    message::CodeDelivery,
    pool::{Pool, Pools},
    user::Status,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    username: String,
    secret_hash: Option<String>,
    _analytics_metadata: Option<IgnoredAny>,
    _client_metadata: Option<Metadata>,
    _user_context_data: Option<IgnoredAny>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    code_delivery_details: CodeDelivery,
}

pub(super) fn resend_confirmation_code(
    pools: &mut Pools,
    context: &Context<'_>,
    input: Input,
) -> Result<Output, Error> {
    let pool = pools.by_client(&input.client_id)?;
    constraint::username(&input.username)?;
    pool.calling_client(context).check_secret_hash(&input.username, input.secret_hash.as_deref())?;
    let found = pool.key_of(&input.username);
    let who = found.as_deref().unwrap_or(&input.username);
    pool.attempts(who, context.now).count(Action::ResendConfirmationCode, context.now)?;
    let Some(key) = found else {
        return Ok(Output { code_delivery_details: simulated(pool, &input.username) });
    };
    if pool.users.get(&key).is_some_and(|user| user.status != Status::Unconfirmed) {
        return Err(Error::AlreadyConfirmed);
    }
    let sent = confirmation(pool, context, &key, Purpose::ResendCode)?;
    let code_delivery_details = sent.ok_or(Error::CannotResend)?;
    Ok(Output { code_delivery_details })
}

/// Where a message would have gone, if there were a user of that name: nobody learns that there is none.
pub(super) fn simulated(pool: &Pool, username: &str) -> CodeDelivery {
    CodeDelivery::to(pool.verified(), username)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::{Fixture, PASSWORD};

    fn resend(cognito: &mut Fixture, pool: &str, username: &str) -> String {
        cognito.call("ResendConfirmationCode", json!({ "ClientId": cognito.client(pool), "Username": username }))
    }

    #[test]
    fn the_new_code_replaces_the_old_one() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        let first = cognito.last_code();
        expect![[
            r#"{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"a***@e***"}}"#
        ]]
        .assert_eq(&resend(&mut cognito, "Shopper", "ann@example.com"));
        let second = cognito.last_code();
        expect!["CodeMismatchException: Invalid verification code provided, please try again."]
            .assert_eq(&cognito.confirm("ann@example.com", &first));
        expect!["{}"].assert_eq(&cognito.confirm("ann@example.com", &second));
        expect!["InvalidParameterException: User is already confirmed."].assert_eq(&resend(
            &mut cognito,
            "Shopper",
            "ann@example.com",
        ));
    }

    #[test]
    fn a_user_who_does_not_exist_seems_to_get_one_too() {
        let mut cognito = Fixture::new();
        expect![[
            r#"{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"b***@e***"}}"#
        ]]
        .assert_eq(&resend(&mut cognito, "Shopper", "bob@example.com"));
        assert!(cognito.messages().is_empty());
    }

    #[test]
    fn who_has_no_address_gets_no_code() {
        let mut cognito = Fixture::new();
        cognito
            .call("SignUp", json!({ "ClientId": cognito.client("Member"), "Username": "ann", "Password": PASSWORD }));
        expect!["NotAuthorizedException: Cannot resend codes. Auto verification not turned on."].assert_eq(&resend(
            &mut cognito,
            "Member",
            "ann",
        ));
    }
}
