use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Metadata, shapes::Empty};
use crate::cognito::{
    Context,
    attributes::{Attribute, Writer},
    error::Error,
    pool::{Pool, Pools},
    schema::Occasion,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    user_attributes: Vec<Attribute>,
    _client_metadata: Option<Metadata>,
}

pub(super) fn admin_update_user_attributes(
    pools: &mut Pools,
    context: &Context<'_>,
    input: Input,
) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    let written = pool.schema.checked(input.user_attributes, Writer::Administrator, Occasion::Update)?;
    write(pool, context, &key, written)?;
    Ok(Empty {})
}

/// Takes over attributes, unless an address is somebody else's with which they sign in. What users sign in with stays.
pub(in crate::cognito) fn write(
    pool: &mut Pool,
    context: &Context<'_>,
    key: &str,
    written: BTreeMap<String, String>,
) -> Result<(), Error> {
    if let Some(contact) = pool.contact() {
        let name = contact.attribute();
        if written.get(name).is_some_and(String::is_empty) {
            return Err(Error::InvalidParameter(format!("Cannot delete the attribute {name}: users sign in with it")));
        }
        let taken_by = written.get(name).and_then(|address| pool.key_of(address));
        if taken_by.is_some_and(|other| other != key) {
            return Err(Error::AliasExists(name));
        }
    }
    let user = pool.users.get_mut(key).ok_or(Error::UserNotFound)?;
    user.write(written);
    user.modified = context.now;
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::{Fixture, PASSWORD};

    fn update(cognito: &mut Fixture, name: &str, value: &str) -> String {
        let input = json!({
            "UserPoolId": cognito.pool("Shopper"), "Username": "ann@example.com",
            "UserAttributes": [{ "Name": name, "Value": value }],
        });
        cognito.call("AdminUpdateUserAttributes", input)
    }

    #[test]
    fn attributes_are_set_and_deleted() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        expect!["{}"].assert_eq(&update(&mut cognito, "given_name", "Ann"));
        assert!(cognito.admin("AdminGetUser", "ann@example.com").contains("given_name"));
        update(&mut cognito, "given_name", "");
        assert!(!cognito.admin("AdminGetUser", "ann@example.com").contains("given_name"));
        expect!["InvalidParameterException: Cannot modify the non-mutable attribute sub"].assert_eq(&update(
            &mut cognito,
            "sub",
            "another",
        ));
    }

    #[test]
    fn a_new_address_signs_in_unless_it_is_somebody_elses() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        cognito.sign_up("bob@example.com");
        expect!["AliasExistsException: An account with the given email already exists."].assert_eq(&update(
            &mut cognito,
            "email",
            "bob@example.com",
        ));
        update(&mut cognito, "email", "anna@example.com");
        assert!(
            cognito.admin("AdminGetUser", "anna@example.com").contains(r#"{"Name":"email_verified","Value":"false"}"#)
        );
        assert!(cognito.password_auth("anna@example.com", PASSWORD).contains("AccessToken"));
    }

    #[test]
    fn a_code_that_went_to_the_old_address_does_not_confirm_the_new_one() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        let code = cognito.last_code();
        update(&mut cognito, "email", "eve@example.com");
        expect!["ExpiredCodeException: Invalid code provided, please request a code again."]
            .assert_eq(&cognito.confirm("eve@example.com", &code));
    }
}
