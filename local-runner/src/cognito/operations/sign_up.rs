use serde::{Deserialize, Serialize, de::IgnoredAny};

use super::Metadata;
use crate::cognito::{
    Context,
    attributes::{Attribute, Writer},
    constraint,
    delivery::Purpose,
    error::Error,
    message::CodeDelivery,
    password,
    pool::{Pool, Pools, fold},
    registration::new_user,
    trigger,
    user::Status,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    username: String,
    password: String,
    secret_hash: Option<String>,
    #[serde(default)]
    user_attributes: Vec<Attribute>,
    _validation_data: Option<Vec<Attribute>>,
    _analytics_metadata: Option<IgnoredAny>,
    _client_metadata: Option<Metadata>,
    _user_context_data: Option<IgnoredAny>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    user_confirmed: bool,
    user_sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_delivery_details: Option<CodeDelivery>,
}

pub(super) fn sign_up(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let pool = pools.by_client(&input.client_id)?;
    pool.calling_client(context).check_secret_hash(&input.username, input.secret_hash.as_deref())?;
    if !pool.self_sign_up {
        return Err(Error::SignUpNotPermitted);
    }
    constraint::username(&input.username)?;
    constraint::password("password", &input.password)?;
    password::check_policy(&pool.password, &input.password)?;
    let mut user =
        new_user(pool, context, &input.username, input.user_attributes, Writer::Client, Status::Unconfirmed)?;
    let kept = pool.kept(&user.username, &input.password, context.random);
    user.keep(kept);
    trigger::pre_sign_up(pool, context, &mut user, "SignUp")?;
    let user_sub = user.sub().to_owned();
    let user_confirmed = user.status == Status::Confirmed;
    let key = fold(&user.username);
    pool.users.insert(key.clone(), user);
    let code_delivery_details = if user_confirmed {
        trigger::post_confirmation(pool, context, &key, "ConfirmSignUp");
        None
    } else {
        confirmation(pool, context, &key, Purpose::SignUp)?
    };
    Ok(Output { user_confirmed, user_sub, code_delivery_details })
}

/// Gives an unconfirmed user a code, and says where it went, if the pool sends any.
pub(super) fn confirmation(
    pool: &mut Pool,
    context: &Context<'_>,
    key: &str,
    purpose: Purpose,
) -> Result<Option<CodeDelivery>, Error> {
    let Some(sent) = pool.send_code(context, key, purpose, pool.verified())? else { return Ok(None) };
    pool.users.get_mut(key).ok_or(Error::UserNotFound)?.confirmation = Some(sent.code);
    Ok(Some(sent.delivery))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::{Fixture, PASSWORD, with_attributes};

    #[test]
    fn a_new_user_is_told_where_the_code_went() {
        let mut cognito = Fixture::new();
        let answer = cognito.sign_up("ann@example.com");
        expect![[r#"{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"a***@e***"},"UserConfirmed":false,"UserSub":"78382582-2a6f-4e62-9a21-90e828e4c9d2"}"#]].assert_eq(&answer);
    }

    #[test]
    fn an_address_signs_up_once_in_whatever_case() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        expect!["UsernameExistsException: An account with the given email already exists."]
            .assert_eq(&cognito.sign_up("Ann@Example.com"));
    }

    #[test]
    fn a_username_signs_up_once_and_gets_no_code() {
        let mut cognito = Fixture::new();
        let input = json!({ "ClientId": cognito.client("Member"), "Username": "Ann", "Password": PASSWORD });
        expect![[r#"{"UserConfirmed":false,"UserSub":"78382582-2a6f-4e62-9a21-90e828e4c9d2"}"#]]
            .assert_eq(&cognito.call("SignUp", input.clone()));
        expect!["UsernameExistsException: User already exists"].assert_eq(&cognito.call("SignUp", input));
    }

    #[test]
    fn who_signs_in_with_a_name_gets_a_code_where_there_is_an_address() {
        let mut cognito = Fixture::new();
        let input = json!({
            "ClientId": cognito.client("Member"), "Username": "ann", "Password": PASSWORD,
            "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
        });
        assert!(cognito.call("SignUp", input).contains(r#""Destination":"a***@e***""#));
        assert_eq!(cognito.messages()[0].destination, "ann@example.com");
    }

    #[test]
    fn the_username_has_to_be_what_users_sign_in_with() {
        let mut cognito = Fixture::new();
        expect!["InvalidParameterException: Username should be an email."].assert_eq(&cognito.sign_up("ann"));
    }

    #[test]
    fn a_pool_can_leave_sign_up_to_its_administrator() {
        let mut cognito = Fixture::new();
        let input =
            json!({ "ClientId": cognito.client("Employee"), "Username": "+4915112345678", "Password": PASSWORD });
        expect!["NotAuthorizedException: SignUp is not permitted for this user pool"]
            .assert_eq(&cognito.call("SignUp", input));
    }

    #[test]
    fn a_weak_password_a_wrong_client_and_a_strange_attribute_are_refused() {
        let mut cognito = Fixture::new();
        let mut input =
            json!({ "ClientId": cognito.client("Shopper"), "Username": "ann@example.com", "Password": "Sh0rt!" });
        expect!["InvalidPasswordException: Password did not conform with policy: Password not long enough"]
            .assert_eq(&cognito.call("SignUp", input.clone()));
        input["Password"] = PASSWORD.into();
        input["UserAttributes"] = json!([{ "Name": "email_verified", "Value": "true" }]);
        expect!["NotAuthorizedException: A client attempted to write unauthorized attribute"]
            .assert_eq(&cognito.call("SignUp", input.clone()));
        input["ClientId"] = "nobody".into();
        expect!["ResourceNotFoundException: User pool client nobody does not exist."]
            .assert_eq(&cognito.call("SignUp", input));
    }

    #[test]
    fn metadata_is_accepted_and_an_unknown_member_is_not() {
        let mut cognito = Fixture::new();
        let mut input = json!({
            "ClientId": cognito.client("Shopper"), "Username": "ann@example.com", "Password": PASSWORD,
            "ClientMetadata": { "a": "b" }, "AnalyticsMetadata": {}, "UserContextData": { "IpAddress": "::1" },
        });
        assert!(cognito.call("SignUp", input.clone()).starts_with('{'));
        input["ForceAliasCreation"] = true.into();
        expect!["InvalidParameterException: ForceAliasCreation: this is not emulated"]
            .assert_eq(&cognito.call("SignUp", input));
    }

    #[test]
    fn who_signs_up_says_what_is_required_and_writes_what_users_may() {
        let mut cognito = Fixture::of(&with_attributes());
        let client = cognito.client("Shopper");
        let mut sign_up = |attributes: serde_json::Value| {
            let input = json!({
                "ClientId": client, "Username": "ann@example.com", "Password": PASSWORD, "UserAttributes": attributes,
            });
            cognito.call("SignUp", input)
        };
        let attribute = |name: &str, value: &str| json!({ "Name": name, "Value": value });
        let birthdate = attribute("birthdate", "2000-02-29");
        expect![
            "InvalidParameterException: Attributes did not conform to the schema: birthdate: The attribute is required"
        ]
        .assert_eq(sign_up(json!([])).trim_end());
        expect!["NotAuthorizedException: A client attempted to write unauthorized attribute"]
            .assert_eq(&sign_up(json!([birthdate, attribute("custom:plan", "gold")])));
        assert!(sign_up(json!([birthdate, attribute("custom:size", "43")])).starts_with('{'));
        let shown = cognito.admin("AdminGetUser", "ann@example.com");
        assert!(shown.contains(r#"{"Name":"custom:size","Value":"43"}"#), "{shown}");
    }

    #[test]
    fn metadata_is_texts_by_their_names() {
        let mut cognito = Fixture::new();
        for (member, wrong) in
            [("ClientMetadata", json!(["a"])), ("ClientMetadata", json!({ "a": {} })), ("ValidationData", json!({}))]
        {
            let mut input = json!({
                "ClientId": cognito.client("Shopper"), "Username": "ann@example.com", "Password": PASSWORD,
            });
            input[member] = wrong;
            assert!(cognito.call("SignUp", input).starts_with("SerializationException"), "{member}");
        }
    }
}
