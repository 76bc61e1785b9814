//! Who calls: users who sign in, and what credentials they get.

use serde_json::Value;

use super::Runner;
use crate::{
    cognito::{self, Cognito, Forged, Talk, Wanted},
    cognito_identity,
    iam::Credentials,
    identities::Joined,
    local::User,
};

impl Runner {
    /// Signs a user of a pool in; one with scopes gets them in the access token. The tokens may have something wrong.
    pub(crate) async fn sign_in(&self, wanted: &Wanted, forged: Option<&Forged>) -> Result<User, cognito::Error> {
        let account = &self.account;
        let sign_in = |talk: &mut Talk| account.cognito().sign_in(talk, wanted, forged);
        let tokens = cognito::talk(&self.lambda.as_invoke(), Talk::default(), sign_in).await?;
        let (id_token, access_token, refresh_token) = (tokens.id, tokens.access, tokens.refresh);
        Ok(User { id_token, access_token, refresh_token, prefer_access: !wanted.scopes.is_empty() })
    }

    /// Credentials of an identity pool: of the user whose ID token is given, or of a new guest.
    pub(crate) fn identity_credentials(&self, pool: &str, id_token: Option<&str>) -> Result<Credentials, String> {
        let around = Joined { account: &self.account, iam: self.aws.iam() };
        let identities = &self.account.identities;
        let declared = self.manifest.identity_pool(pool).ok_or("the application has no such identity pool")?;
        let id = identities.summaries().into_iter().find(|it| it.name == pool).map(|it| it.id);
        let providers = declared.providers.iter().filter_map(|name| cognito_identity::Around::provider(&around, name));
        let of_user = |token: &str| {
            let mut own = providers.filter(|name| cognito_identity::Around::claims(&around, name, token).is_ok());
            let provider = own.next().ok_or("the token is of none of its user pools, or has expired")?;
            Ok::<_, String>(serde_json::json!({ provider: token }))
        };
        let logins = id_token.map(of_user).transpose()?.unwrap_or_default();
        let call = |operation: &str, body: Value| -> Result<Value, String> {
            let target = format!("{}{operation}", cognito_identity::TARGET);
            let response = identities.handle(&target, body.to_string().as_bytes(), &around);
            let body: Value = serde_json::from_slice(response.body()).map_err(|error| error.to_string())?;
            if response.status().is_success() {
                Ok(body)
            } else {
                Err(body["message"].as_str().unwrap_or_default().into())
            }
        };
        let identity = call("GetId", serde_json::json!({ "IdentityPoolId": id, "Logins": logins }))?;
        let request = serde_json::json!({ "IdentityId": identity["IdentityId"], "Logins": logins });
        let made = call("GetCredentialsForIdentity", request)?;
        let text = |name: &str| made["Credentials"][name].as_str().unwrap_or_default().to_owned();
        Ok(Credentials {
            access_key_id: text("AccessKeyId"),
            secret_access_key: text("SecretKey"),
            session_token: text("SessionToken"),
        })
    }

    /// Calls an operation of Cognito as whoever may do everything. An error is Cognito's exception.
    pub(crate) async fn cognito(&self, operation: &str, input: &str) -> Result<Value, String> {
        let (account, body) = (&self.account, input.as_bytes());
        let call = |talk: &mut Talk| account.cognito().call(talk, operation, body);
        let answer = cognito::talk(&self.lambda.as_invoke(), Cognito::talk(operation, body), call).await;
        answer.map_err(|error| format!("{}: {error}", error.code()))
    }
}
