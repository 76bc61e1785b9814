use serde::{Deserialize, Serialize};

use super::{Metadata, admin_update_user_attributes::write, get_user_attribute_verification_code::verification};
use crate::cognito::{
    Context,
    attributes::{Attribute, Writer},
    delivery::Purpose,
    error::Error,
    message::CodeDelivery,
    pool::Pools,
    schema::Occasion,
    token,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: String,
    user_attributes: Vec<Attribute>,
    _client_metadata: Option<Metadata>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_delivery_details_list: Vec<CodeDelivery>,
}

/// A new address of the kind that the pool verifies gets a code.
pub(super) fn update_user_attributes(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    let written = pool.schema.checked(input.user_attributes, Writer::Client, Occasion::Update)?;
    let medium = pool.verified();
    let address = |pool: &crate::cognito::pool::Pool| {
        pool.users.get(&key).and_then(|user| user.address(medium).map(str::to_owned))
    };
    let before = address(pool);
    write(pool, context, &key, written)?;
    let is_new = address(pool).is_some_and(|after| Some(after) != before);
    let sent = is_new.then(|| verification(pool, context, &key, Purpose::UpdateUserAttribute, medium)).transpose()?;
    Ok(Output { code_delivery_details_list: sent.into_iter().collect() })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::{DAY, Fixture};

    fn signed_in() -> (Fixture, Value) {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let token = cognito.tokens("ann@example.com")["AccessToken"].clone();
        (cognito, token)
    }

    fn update(cognito: &mut Fixture, token: &Value, name: &str, value: &str) -> String {
        let attributes = json!([{ "Name": name, "Value": value }]);
        cognito.call("UpdateUserAttributes", json!({ "AccessToken": token, "UserAttributes": attributes }))
    }

    fn verify(cognito: &mut Fixture, token: &Value, name: &str, code: &str) -> String {
        cognito.call("VerifyUserAttribute", json!({ "AccessToken": token, "AttributeName": name, "Code": code }))
    }

    #[test]
    fn a_new_address_is_verified_by_the_code_that_went_there() {
        let (mut cognito, token) = signed_in();
        expect![[r#"{"CodeDeliveryDetailsList":[{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"a***@e***"}]}"#]]
            .assert_eq(&update(&mut cognito, &token, "email", "anna@example.com"));
        assert_eq!(cognito.messages().last().unwrap().destination, "anna@example.com");
        let code = cognito.last_code();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        expect!["CodeMismatchException: Invalid verification code provided, please try again."].assert_eq(&verify(
            &mut cognito,
            &token,
            "email",
            wrong,
        ));
        expect!["{}"].assert_eq(&verify(&mut cognito, &token, "email", &code));
        expect!["ExpiredCodeException: Invalid code provided, please request a code again."].assert_eq(&verify(
            &mut cognito,
            &token,
            "email",
            &code,
        ));
        assert!(
            cognito
                .call("GetUser", json!({ "AccessToken": token }))
                .contains(r#"{"Name":"email_verified","Value":"true"}"#)
        );
    }

    #[test]
    fn what_is_no_address_needs_no_code_and_can_be_deleted() {
        let (mut cognito, token) = signed_in();
        expect!["{}"].assert_eq(&update(&mut cognito, &token, "given_name", "Ann"));
        let delete = |names: Value| json!({ "AccessToken": token, "UserAttributeNames": names });
        expect!["{}"].assert_eq(&cognito.call("DeleteUserAttributes", delete(json!(["given_name"]))));
        assert!(!cognito.call("GetUser", json!({ "AccessToken": token })).contains("given_name"));
        expect!["InvalidParameterException: Cannot modify the non-mutable attribute sub"]
            .assert_eq(&cognito.call("DeleteUserAttributes", delete(json!(["sub"]))));
    }

    #[test]
    fn an_address_of_somebody_else_and_a_verification_of_ones_own_are_refused() {
        let (mut cognito, token) = signed_in();
        cognito.sign_up("bob@example.com");
        expect!["AliasExistsException: An account with the given email already exists."].assert_eq(&update(
            &mut cognito,
            &token,
            "email",
            "bob@example.com",
        ));
        expect!["NotAuthorizedException: A client attempted to write unauthorized attribute"].assert_eq(&update(
            &mut cognito,
            &token,
            "email_verified",
            "true",
        ));
    }

    #[test]
    fn a_code_can_be_asked_for_and_lives_a_day() {
        let (mut cognito, token) = signed_in();
        let mut ask = |name: &str| {
            cognito.call("GetUserAttributeVerificationCode", json!({ "AccessToken": token, "AttributeName": name }))
        };
        expect![[
            r#"{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"a***@e***"}}"#
        ]]
        .assert_eq(&ask("email"));
        expect!["InvalidParameterException: User has no phone_number to verify"].assert_eq(&ask("phone_number"));
        expect!["InvalidParameterException: given_name: only email and phone_number can be verified"]
            .assert_eq(&ask("given_name"));
        let code = cognito.last_code();
        cognito.advance(DAY);
        let token = cognito.tokens("ann@example.com")["AccessToken"].clone();
        expect!["ExpiredCodeException: Invalid code provided, please request a code again."].assert_eq(&verify(
            &mut cognito,
            &token,
            "email",
            &code,
        ));
    }

    #[test]
    fn who_deletes_themselves_is_gone() {
        let (mut cognito, token) = signed_in();
        expect!["{}"].assert_eq(&cognito.call("DeleteUser", json!({ "AccessToken": token })));
        expect!["UserNotFoundException: User does not exist."]
            .assert_eq(&cognito.admin("AdminGetUser", "ann@example.com"));
    }

    #[test]
    fn a_code_proves_no_other_address_than_that_it_went_to() {
        let (mut cognito, token) = signed_in();
        update(&mut cognito, &token, "phone_number", "+4915112345678");
        let ask = json!({ "AccessToken": token, "AttributeName": "phone_number" });
        assert!(cognito.call("GetUserAttributeVerificationCode", ask).contains("SMS"));
        let code = cognito.last_code();
        update(&mut cognito, &token, "phone_number", "+4915100000000");
        expect!["ExpiredCodeException: Invalid code provided, please request a code again."].assert_eq(&verify(
            &mut cognito,
            &token,
            "phone_number",
            &code,
        ));
        let shown = cognito.call("GetUser", json!({ "AccessToken": token }));
        assert!(shown.contains(r#"{"Name":"phone_number_verified","Value":"false"}"#), "{shown}");
    }

    #[test]
    fn a_code_for_a_new_password_is_worth_nothing_once_the_address_is_another() {
        let (mut cognito, token) = signed_in();
        let client = cognito.client("Shopper");
        cognito.call("ForgotPassword", json!({ "ClientId": client, "Username": "ann@example.com" }));
        let code = cognito.last_code();
        update(&mut cognito, &token, "given_name", "Ann");
        update(&mut cognito, &token, "email", "anna@example.com");
        let confirm = json!({
            "ClientId": client, "Username": "anna@example.com", "ConfirmationCode": code, "Password": "N3w-password",
        });
        expect!["ExpiredCodeException: Invalid code provided, please request a code again."]
            .assert_eq(&cognito.call("ConfirmForgotPassword", confirm));
    }

    #[test]
    fn what_users_sign_in_with_is_not_emptied() {
        let (mut cognito, token) = signed_in();
        expect!["InvalidParameterException: Cannot delete the attribute email: users sign in with it"]
            .assert_eq(&update(&mut cognito, &token, "email", ""));
    }

    #[test]
    fn the_code_of_an_address_is_neither_guessed_nor_asked_for_without_end() {
        let (mut cognito, token) = signed_in();
        update(&mut cognito, &token, "email", "anna@example.com");
        let code = cognito.last_code();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        (0..15).for_each(|_| _ = verify(&mut cognito, &token, "email", wrong));
        let exceeded = expect!["LimitExceededException: Attempt limit exceeded, please try after some time."];
        exceeded.assert_eq(&verify(&mut cognito, &token, "email", &code));
        let ask = json!({ "AccessToken": token, "AttributeName": "email" });
        for _ in 0..5 {
            assert!(cognito.call("GetUserAttributeVerificationCode", ask.clone()).contains("EMAIL"));
        }
        exceeded.assert_eq(&cognito.call("GetUserAttributeVerificationCode", ask));
    }
}
