//! The clients of a pool: what they have to show, and may do.

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    hmac::{self, HMAC_SHA256},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use skyloom_manifest::{AuthFlow, OAuthClient, UserPoolClient};

use super::{Context, error::Error, ids, pool::Pool, session::Session};

/// A client of a pool: its own, or one of the others.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) id: String,
    /// Its name in the manifest.
    pub(super) name: String,
    pub(super) settings: UserPoolClient,
    /// What it may ask the sign-in page for.
    pub(super) oauth: Option<OAuthClient>,
}

impl Pool {
    /// Its own client first.
    pub(super) fn clients(&self) -> impl Iterator<Item = Client> {
        let others = self.oauth.declared.clients.iter().filter(|client| client.name != self.name);
        std::iter::once(self.own_client()).chain(others.map(|declared| self.other_client(declared)))
    }

    pub(super) fn client_with_id(&self, id: &str) -> Option<Client> {
        self.clients().find(|client| client.id == id)
    }

    /// The client that calls; the pool's own, where an administrator or a test does.
    pub(super) fn calling_client(&self, context: &Context<'_>) -> Client {
        let named = context.caller.client().and_then(|id| self.client_with_id(id));
        named.unwrap_or_else(|| self.own_client())
    }

    /// The client whose tokens a session has.
    pub(super) fn client_of(&self, session: &Session) -> Client {
        self.client_with_id(&session.client_id).unwrap_or_else(|| self.own_client())
    }

    pub(super) fn own_client(&self) -> Client {
        let oauth = self.oauth.declared.client(&self.name).cloned();
        Client { id: self.client_id.clone(), name: self.name.clone(), settings: self.client.clone(), oauth }
    }

    /// Such a client has no flow but to refresh: people come to it through the sign-in page, and machines by their secret.
    fn other_client(&self, declared: &OAuthClient) -> Client {
        let id = ids::other_client_id(&self.id, &declared.name);
        let settings = UserPoolClient { secret: declared.secret, flows: Vec::new(), ..UserPoolClient::default() };
        Client { id, name: declared.name.clone(), settings, oauth: Some(declared.clone()) }
    }
}

impl Client {
    /// Its secret, if it has one.
    pub(super) fn secret(&self) -> Option<String> {
        self.settings.secret.then(|| ids::client_secret(&self.id))
    }

    pub(super) fn allows(&self, flow: AuthFlow) -> bool {
        self.settings.flows.contains(&flow)
    }

    /// A client with a secret shows that it knows it: `SECRET_HASH` is an HMAC of the user's name and the client's id.
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash>
    pub(super) fn check_secret_hash(&self, name: &str, given: Option<&str>) -> Result<(), Error> {
        let wrong = || Error::SecretHash(self.id.clone());
        match (self.secret(), given) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(wrong()),
            (Some(_), None) => Err(Error::SecretHashMissing(self.id.clone())),
            (Some(secret), Some(given)) => {
                let key = hmac::Key::new(HMAC_SHA256, secret.as_bytes());
                let given = STANDARD.decode(given).map_err(|_| wrong())?;
                hmac::verify(&key, format!("{name}{}", self.id).as_bytes(), &given).map_err(|_| wrong())
            }
        }
    }

    /// What a client with a secret shows for a user.
    pub(super) fn secret_hash(&self, name: &str) -> Option<String> {
        let key = hmac::Key::new(HMAC_SHA256, self.secret()?.as_bytes());
        Some(STANDARD.encode(hmac::sign(&key, format!("{name}{}", self.id).as_bytes())))
    }

    /// Where no user is named, the secret itself is sent.
    pub(super) fn check_secret(&self, given: Option<&str>) -> Result<(), Error> {
        let fits = match (self.secret(), given) {
            (None, given) => given.is_none(),
            (Some(_), None) => false,
            (Some(secret), Some(given)) => verify_slices_are_equal(secret.as_bytes(), given.as_bytes()).is_ok(),
        };
        if fits { Ok(()) } else { Err(Error::ClientSecret(self.id.clone())) }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};
    use skyloom_manifest::{OAuthClient, OAuthFlow, SourceLocation};

    use super::ids;
    use crate::cognito::testing::{Fixture, PASSWORD, manifest};

    const ANN: &str = "ann@example.com";

    /// The shop's pool with one more client, whose tokens live as Cognito has it, where those of its own live longer.
    fn with_office(secret: bool) -> (Fixture, String) {
        let mut manifest = manifest();
        manifest.user_pools[2].client.access_token = 7_200;
        manifest.user_pools[2].oauth.clients.push(OAuthClient {
            name: "Office".into(),
            source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
            flows: vec![OAuthFlow::Code],
            scopes: vec!["openid".into()],
            callbacks: vec!["https://office.example.com/".into()],
            logouts: Vec::new(),
            secret,
        });
        let mut cognito = Fixture::of(&manifest);
        cognito.confirmed(ANN);
        let office = ids::other_client_id(&cognito.pool("Shopper"), "Office");
        (cognito, office)
    }

    #[test]
    fn users_sign_up_through_every_client_of_their_pool() {
        let (mut cognito, office) = with_office(false);
        let name = json!({ "ClientId": office, "Username": "bob@example.com" });
        let mut sign_up = name.clone();
        sign_up["Password"] = PASSWORD.into();
        assert!(cognito.call("SignUp", sign_up).contains("CodeDeliveryDetails"));
        let mut confirm = name.clone();
        confirm["ConfirmationCode"] = cognito.last_code().into();
        assert_eq!(cognito.call("ConfirmSignUp", confirm), "{}");
        assert!(cognito.call("ForgotPassword", name).contains("EMAIL"));
    }

    #[test]
    fn a_client_beside_the_pools_own_has_its_own_flows_and_secret() {
        let (mut cognito, office) = with_office(true);
        let mut input = json!({
            "ClientId": office, "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": ANN, "PASSWORD": PASSWORD },
        });
        expect!["InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client"]
            .assert_eq(&cognito.call("InitiateAuth", input.clone()));
        input["UserPoolId"] = cognito.pool("Shopper").into();
        input["AuthFlow"] = "ADMIN_USER_PASSWORD_AUTH".into();
        expect!["InvalidParameterException: Auth flow not enabled for this client"]
            .assert_eq(&cognito.call("AdminInitiateAuth", input));
        let forgot = cognito.call("ForgotPassword", json!({ "ClientId": office, "Username": ANN }));
        assert!(forgot.ends_with("is configured with secret but SECRET_HASH was not received"), "{forgot}");
    }

    #[test]
    fn every_client_is_listed_and_described() {
        let (mut cognito, office) = with_office(true);
        let pool = cognito.pool("Shopper");
        expect![[r#"{"UserPoolClients":[{"ClientId":"6q2poroz1jnzne40vzj26p5jtw","ClientName":"orders-Shopper","UserPoolId":"us-east-1_RjhHZltqo"},{"ClientId":"OFFICE","ClientName":"orders-Office","UserPoolId":"us-east-1_RjhHZltqo"}]}"#]]
        .assert_eq(&cognito.call("ListUserPoolClients", json!({ "UserPoolId": pool })).replace(&office, "OFFICE"));
        let input = json!({ "UserPoolId": pool, "ClientId": office });
        let described: Value = serde_json::from_str(&cognito.call("DescribeUserPoolClient", input)).unwrap();
        let described = &described["UserPoolClient"];
        assert_eq!(described["ClientSecret"], ids::client_secret(&office));
        assert_eq!(described["ExplicitAuthFlows"], json!(["ALLOW_REFRESH_TOKEN_AUTH"]));
        assert_eq!(described["AllowedOAuthFlows"], json!(["code"]));
        assert_eq!(described["CallbackURLs"], json!(["https://office.example.com/"]));
    }

    #[test]
    fn a_refresh_token_and_a_question_are_the_clients_that_they_were_made_for() {
        let (mut cognito, office) = with_office(false);
        let tokens = cognito.tokens(ANN);
        assert_eq!(tokens["ExpiresIn"], 7_200);
        let refresh = json!({ "ClientId": office, "RefreshToken": tokens["RefreshToken"] });
        expect!["NotAuthorizedException: Invalid Refresh Token"]
            .assert_eq(&cognito.call("GetTokensFromRefreshToken", refresh));
        let revoke = json!({ "ClientId": office, "Token": tokens["RefreshToken"] });
        expect!["UnauthorizedException: Refresh token was not issued to this client"]
            .assert_eq(&cognito.call("RevokeToken", revoke));
        cognito.admin_reset(ANN, "T3mporary!");
        let asked: Value = serde_json::from_str(&cognito.password_auth(ANN, "T3mporary!")).unwrap();
        let mut answer = json!({
            "ClientId": office, "ChallengeName": asked["ChallengeName"], "Session": asked["Session"],
            "ChallengeResponses": { "USERNAME": ANN, "NEW_PASSWORD": PASSWORD },
        });
        expect!["NotAuthorizedException: Invalid session for the user."]
            .assert_eq(&cognito.call("RespondToAuthChallenge", answer.clone()));
        answer["ClientId"] = cognito.client("Shopper").into();
        assert!(cognito.call("RespondToAuthChallenge", answer).contains("AccessToken"));
    }
}
