//! How a sign-in begins: `InitiateAuth` and `AdminInitiateAuth`.

use skyloom_manifest::AuthFlow;

use super::{
    authentication::{self, Output, Parameters, Who, required},
    custom, proof, refresh,
};
use crate::cognito::{Context, error::Error, pool::Pool};

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// The user, through a client.
    User,
    /// A server, with credentials of AWS.
    Administrator,
}

/// Begins to sign a user in.
pub(super) fn start(
    pool: &mut Pool,
    context: &Context<'_>,
    caller: Caller,
    flow: &str,
    parameters: &Parameters,
) -> Result<Output, Error> {
    match (flow, caller) {
        ("USER_PASSWORD_AUTH", Caller::User) => {
            allowed(pool, context, AuthFlow::UserPassword)?;
            with_password(pool, context, parameters)
        }
        ("ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH", Caller::Administrator) => {
            allowed(pool, context, AuthFlow::AdminUserPassword)?;
            with_password(pool, context, parameters)
        }
        ("USER_SRP_AUTH", _) => {
            allowed(pool, context, AuthFlow::UserSrp)?;
            proof::ask(pool, context, parameters)
        }
        ("CUSTOM_AUTH", _) => {
            allowed(pool, context, AuthFlow::Custom)?;
            custom::begin(pool, context, parameters)
        }
        ("REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN", _) => refresh::with_parameters(pool, context, parameters),
        ("USER_PASSWORD_AUTH" | "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH", _) => Err(Error::FlowNotSupported),
        (flow, _) => Err(Error::NotEmulated(format!("The flow {flow}"))),
    }
}

fn with_password(pool: &mut Pool, context: &Context<'_>, parameters: &Parameters) -> Result<Output, Error> {
    let username = required(parameters, "USERNAME")?;
    let password = required(parameters, "PASSWORD")?;
    check_secret_hash(pool, context, username, parameters)?;
    let key = authentication::checked_password(pool, context, username, password)?;
    let device = parameters.get("DEVICE_KEY").map(String::as_str);
    authentication::proceed(pool, context, Who { key: &key, device })
}

pub(super) fn check_secret_hash(
    pool: &Pool,
    context: &Context<'_>,
    username: &str,
    parameters: &Parameters,
) -> Result<(), Error> {
    let given = parameters.get("SECRET_HASH").map(String::as_str);
    pool.calling_client(context).check_secret_hash(username, given)
}

fn allowed(pool: &Pool, context: &Context<'_>, flow: AuthFlow) -> Result<(), Error> {
    if context.caller.is_page() || pool.calling_client(context).allows(flow) {
        return Ok(());
    }
    Err(Error::FlowNotEnabled(match flow {
        AuthFlow::UserPassword => "USER_PASSWORD_AUTH flow not enabled for this client",
        AuthFlow::AdminUserPassword => "Auth flow not enabled for this client",
        AuthFlow::UserSrp => "USER_SRP_AUTH is not enabled for the client.",
        AuthFlow::Custom => "CUSTOM_AUTH is not enabled for the client.",
    }))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};
    use skyloom_manifest::{AuthFlow, Manifest};

    use crate::cognito::testing::{Fixture, PASSWORD, manifest};

    fn with_client(change: impl Fn(&mut skyloom_manifest::UserPoolClient)) -> Manifest {
        let mut manifest = manifest();
        manifest.user_pools.iter_mut().for_each(|pool| change(&mut pool.client));
        manifest
    }

    fn check(cognito: &mut Fixture, operation: &str, flow: &str, parameters: Value, expected: Expect) {
        let mut input =
            json!({ "ClientId": cognito.client("Shopper"), "AuthFlow": flow, "AuthParameters": parameters });
        if operation.starts_with("Admin") {
            input["UserPoolId"] = cognito.pool("Shopper").into();
        }
        let answer = cognito.call(operation, input);
        expected.assert_eq(if answer.contains("AccessToken") { "tokens" } else { &answer });
    }

    #[test]
    fn a_flow_that_the_client_does_not_allow_is_refused() {
        let mut cognito = Fixture::of(&with_client(|client| client.flows = vec![AuthFlow::Custom]));
        let parameters = || json!({ "USERNAME": "ann@example.com", "PASSWORD": PASSWORD, "SRP_A": "2" });
        let user = "InitiateAuth";
        check(
            &mut cognito,
            user,
            "USER_PASSWORD_AUTH",
            parameters(),
            expect!["InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client"],
        );
        check(
            &mut cognito,
            user,
            "USER_SRP_AUTH",
            parameters(),
            expect!["InvalidParameterException: USER_SRP_AUTH is not enabled for the client."],
        );
        check(
            &mut cognito,
            "AdminInitiateAuth",
            "ADMIN_NO_SRP_AUTH",
            parameters(),
            expect!["InvalidParameterException: Auth flow not enabled for this client"],
        );
        check(
            &mut cognito,
            user,
            "ADMIN_USER_PASSWORD_AUTH",
            parameters(),
            expect!["InvalidParameterException: Initiate Auth method not supported."],
        );
    }

    #[test]
    fn a_client_with_a_secret_shows_that_it_knows_it() {
        let mut cognito = Fixture::of(&with_client(|client| client.secret = true));
        let hash = cognito.secret_hash("Shopper", "ann@example.com");
        let sign_up = json!({
            "ClientId": cognito.client("Shopper"), "Username": "ann@example.com", "Password": PASSWORD,
        });
        let missing = cognito.call("SignUp", sign_up.clone());
        assert!(missing.ends_with("is configured with secret but SECRET_HASH was not received"), "{missing}");
        let mut with_hash = sign_up.clone();
        with_hash["SecretHash"] = hash.clone().into();
        assert!(cognito.call("SignUp", with_hash).contains("UserSub"));
        cognito.admin("AdminConfirmSignUp", "ann@example.com");
        let mut parameters = json!({ "USERNAME": "ann@example.com", "PASSWORD": PASSWORD, "SECRET_HASH": hash });
        check(&mut cognito, "InitiateAuth", "USER_PASSWORD_AUTH", parameters.clone(), expect!["tokens"]);
        for wrong in [
            cognito.secret_hash("Shopper", "bob@example.com"),
            cognito.secret_hash("Member", "ann@example.com"),
            "!".into(),
        ] {
            parameters["SECRET_HASH"] = wrong.into();
            check(
                &mut cognito,
                "InitiateAuth",
                "USER_PASSWORD_AUTH",
                parameters.clone(),
                expect!["NotAuthorizedException: Unable to verify secret hash for client 6q2poroz1jnzne40vzj26p5jtw"],
            );
        }
    }

    #[test]
    fn a_client_without_one_sends_no_hash() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let parameters = json!({ "USERNAME": "ann@example.com", "PASSWORD": PASSWORD, "SECRET_HASH": "c2VjcmV0" });
        check(
            &mut cognito,
            "InitiateAuth",
            "USER_PASSWORD_AUTH",
            parameters,
            expect!["NotAuthorizedException: Unable to verify secret hash for client 6q2poroz1jnzne40vzj26p5jtw"],
        );
    }
}
