//! Users from a file, so that a development server or a test begins with some.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    Caller, Cognito, Context, Journal,
    attributes::{Attribute, Writer},
    constraint,
    error::Error,
    harness::by_name,
    password,
    pool::{Pool, fold},
    registration::new_user,
    schema::Occasion,
    totp::Totp,
    user::Status,
};

/// Users by the names of their pools.
type Users = BTreeMap<String, Vec<Imported>>;

/// A user as a file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Imported {
    username: String,
    /// Without one the user has to choose one by a code first, as who is imported at AWS.
    password: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    groups: BTreeSet<String>,
    /// The secret of an authenticator app, in Base32: it then is the user's second factor.
    totp_secret: Option<String>,
}

/// Why no user was imported.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    #[error("the users are no JSON of the form {{\"Pool\": [{{\"username\": \"…\", \"password\": \"…\"}}]}}: {0}")]
    Format(#[from] serde_json::Error),
    #[error("the application has no user pool `{0}`")]
    Pool(String),
    #[error("`{username}` of the user pool `{pool}`: {error}")]
    User { pool: String, username: String, error: Error },
}

impl Cognito {
    /// Adds the users of a JSON document, and says how many were not there yet. Who is there stays as they are; if one cannot
    /// be, none is added.
    pub(crate) fn import(&self, json: &str) -> Result<usize, ImportError> {
        let users: Users = serde_json::from_str(json)?;
        let (caller, journal) = (Caller::default(), Journal::default());
        let context = self.context(&caller, &journal);
        let mut pools = self.lock();
        let mut filled = pools.clone();
        let mut added = 0;
        for (name, users) in users {
            let pool = by_name(&mut filled, &name).map_err(|_| ImportError::Pool(name.clone()))?;
            for user in users {
                let username = user.username.clone();
                let failed = |error| ImportError::User { pool: name.clone(), username, error };
                added += usize::from(add(pool, &context, user).map_err(failed)?);
            }
        }
        *pools = filled;
        Ok(added)
    }
}

/// Whether there was no such user yet.
fn add(pool: &mut Pool, context: &Context<'_>, imported: Imported) -> Result<bool, Error> {
    let Imported { username, password, attributes, groups, totp_secret } = imported;
    constraint::username(&username)?;
    if pool.key_of(&username).is_some() {
        return Ok(false);
    }
    groups.iter().try_for_each(|group| pool.has_group(group))?;
    let written = attributes.into_iter().map(|(name, value)| Attribute { name, value }).collect();
    let mut user = new_user(pool, context, &username, written, Writer::Administrator, Status::ResetRequired)?;
    pool.schema.check_complete(&user.attributes, Occasion::Creation)?;
    if let Some(password) = password {
        constraint::password("password", &password)?;
        password::check_policy(&pool.password, &password)?;
        user.set_password(pool.kept(&user.username, &password, context.random), None, context.now);
    }
    if let Some(contact) = pool.contact() {
        user.attributes.insert(contact.verified_attribute().into(), "true".into());
    }
    user.groups = groups;
    if let Some(secret) = totp_secret {
        user.factors.take_app(Totp::from_text(&secret).ok_or_else(not_base32)?);
    }
    pool.users.insert(fold(&user.username), user);
    Ok(true)
}

fn not_base32() -> Error {
    Error::InvalidParameter("the `totp_secret` is no Base32: it has letters, and digits from 2 to 7".into())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        cognito::{
            Issuer, Keys, Settings,
            testing::{PASSWORD, clock, cognito, with_attributes},
        },
        random::Random,
        site::Site,
    };

    fn check(users: &Value, expected: Expect) {
        let result = cognito().import(&users.to_string());
        expected.assert_eq(&result.map_or_else(|error| error.to_string(), |added| format!("{added} added")));
    }

    fn sign_in(cognito: &Cognito, username: &str) -> Value {
        let client = cognito.issuers()[2].client_id.clone();
        let parameters = json!({ "USERNAME": username, "PASSWORD": PASSWORD });
        let body = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
        serde_json::from_slice(cognito.handle("A.InitiateAuth", body.to_string().as_bytes()).body()).unwrap()
    }

    #[test]
    fn an_imported_user_signs_in_and_is_imported_once() {
        let cognito = cognito();
        let ann = json!({
            "username": "ann@example.com", "password": PASSWORD, "attributes": { "given_name": "Ann" }, "groups": ["staff"],
        });
        let users = json!({ "Shopper": [ann, { "username": "bob@example.com" }] }).to_string();
        assert_eq!(cognito.import(&users).unwrap(), 2);
        assert_eq!(cognito.import(&users).unwrap(), 0);
        let token =
            crate::cognito::testing::decoded(&sign_in(&cognito, "ann@example.com")["AuthenticationResult"]["IdToken"]);
        assert_eq!((&token["given_name"], &token["cognito:groups"]), (&json!("Ann"), &json!(["staff"])));
        assert_eq!(sign_in(&cognito, "bob@example.com")["__type"], "NotAuthorizedException");
    }

    #[test]
    fn a_user_who_cannot_be_is_named_and_nobody_is_added() {
        check(&json!({ "Shoper": [] }), expect!["the application has no user pool `Shoper`"]);
        check(
            &json!({ "Shopper": [{ "username": "ann@example.com", "groups": ["stuff"] }] }),
            expect!["`ann@example.com` of the user pool `Shopper`: Group not found."],
        );
        check(
            &json!({ "Shopper": [{ "username": "ann@example.com", "password": "short" }] }),
            expect![
                "`ann@example.com` of the user pool `Shopper`: Password did not conform with policy: Password not long enough"
            ],
        );
        let cognito = cognito();
        let users = json!({ "Shopper": [{ "username": "ann@example.com" }, { "username": "bob" }] });
        assert!(cognito.import(&users.to_string()).is_err());
        assert_eq!(cognito.lock().by_id("us-east-1_RjhHZltqo").unwrap().users.len(), 0);
    }

    #[test]
    fn a_misspelt_member_is_named() {
        let users = json!({ "Shopper": [{ "username": "ann@example.com", "pasword": "a" }] });
        let error = cognito().import(&users.to_string()).unwrap_err().to_string();
        assert!(error.contains("unknown field `pasword`"), "{error}");
    }

    #[test]
    fn an_imported_user_has_all_that_is_required() {
        let settings = Settings { issuer: Issuer::Aws, endpoint: None, random: Random::seeded(1) };
        let site = Site::new("orders", "us-east-1");
        let cognito = Cognito::new(&with_attributes(), site, clock(), Keys::Shared, settings);
        let import = |attributes: Value| {
            let users = json!({ "Shopper": [{ "username": "ann@example.com", "attributes": attributes }] });
            cognito.import(&users.to_string()).map_err(|error| error.to_string().trim_end().to_owned())
        };
        expect!["`ann@example.com` of the user pool `Shopper`: Attributes did not conform to the schema: birthdate: The attribute is required"]
            .assert_eq(&import(json!({})).unwrap_err());
        assert_eq!(import(json!({ "birthdate": "2000-02-29", "custom:plan": "gold", "custom:tenant": "acme" })), Ok(1));
    }
}
