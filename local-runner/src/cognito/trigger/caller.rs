use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// What a call says of itself to the functions that are asked in its course.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cognito) struct Caller {
    #[serde(skip)]
    operation: String,
    /// What a request to the pool's domain is, which is none of the protocol's operations.
    #[serde(skip)]
    page: Option<Page>,
    #[serde(default, deserialize_with = "or_nothing")]
    client_id: Option<String>,
    #[serde(default, deserialize_with = "or_nothing")]
    client_metadata: Option<BTreeMap<String, String>>,
    #[serde(default, deserialize_with = "or_nothing")]
    validation_data: Option<Vec<Datum>>,
    #[serde(default, deserialize_with = "or_nothing")]
    auth_flow: Option<String>,
    #[serde(default, deserialize_with = "or_nothing")]
    challenge_name: Option<String>,
}

/// What a request to a pool's domain is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cognito) enum Page {
    /// To sign somebody in.
    SignIn,
    /// To sign in with Cognito's own operations, on the page's behalf.
    Door,
    /// To get new tokens for a refresh token.
    Refresh,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Datum {
    name: String,
    #[serde(default)]
    value: String,
}

impl Caller {
    /// Reads it from the request, whatever else that says, and wherever it is wrong: the operation itself judges it.
    pub(in crate::cognito) fn of(operation: &str, body: &[u8]) -> Self {
        let read: Self = serde_json::from_slice(body).unwrap_or_default();
        Self { operation: operation.into(), ..read }
    }

    /// A request to the pool's domain, by this client.
    pub(in crate::cognito) fn of_page(client_id: Option<String>, page: Page) -> Self {
        Self { client_id, page: Some(page), ..Self::default() }
    }

    /// The same while the page itself signs the user in: the tokens that come of it are nobody's.
    pub(in crate::cognito) fn at_the_door(&self) -> Self {
        Self { page: Some(Page::Door), ..self.clone() }
    }

    /// Whether it is the sign-in page that calls, which may sign in whatever else the client may.
    pub(in crate::cognito) fn is_page(&self) -> bool {
        self.page.is_some()
    }

    /// Whether nobody gets the tokens that are made.
    pub(super) fn throws_tokens_away(&self) -> bool {
        self.page == Some(Page::Door)
    }

    /// A sign-in with this client, which says nothing more.
    pub(in crate::cognito) fn of_client(client: &str) -> Self {
        Self { client_id: Some(client.into()), ..Self::default() }
    }

    /// The client that it names.
    pub(in crate::cognito) fn client(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// An administrator's call names no client.
    pub(super) fn client_id(&self) -> &str {
        self.client_id.as_deref().unwrap_or("CLIENT_ID_NOT_APPLICABLE")
    }

    /// Adds what the client sent along. The beginning of a sign-in hands it on as validation data only.
    /// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html#CognitoUserPools-InitiateAuth-request-ClientMetadata>
    pub(super) fn add_metadata(&self, request: &mut Map<String, Value>) {
        if let Some(metadata) = self.client_metadata.as_ref().filter(|_| !self.begins_a_sign_in()) {
            request.insert("clientMetadata".into(), json!(metadata));
        }
    }

    /// Adds what the client sent for the question whether somebody may come in.
    pub(super) fn add_validation_data(&self, request: &mut Map<String, Value>) {
        let data = if self.begins_a_sign_in() {
            self.client_metadata.clone()
        } else {
            let all = self.validation_data.as_ref();
            all.map(|all| all.iter().map(|it| (it.name.clone(), it.value.clone())).collect())
        };
        request.insert("validationData".into(), json!(data));
    }

    /// Why tokens are made.
    pub(super) fn wants_tokens(&self) -> &'static str {
        match self.page {
            Some(Page::Refresh) => return "RefreshTokens",
            Some(_) => return "HostedAuth",
            None => {}
        }
        match (self.operation.as_str(), self.auth_flow.as_deref(), self.challenge_name.as_deref()) {
            ("GetTokensFromRefreshToken", ..) | (_, Some("REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN"), _) => "RefreshTokens",
            (.., Some("NEW_PASSWORD_REQUIRED")) => "NewPasswordChallenge",
            _ => "Authentication",
        }
    }

    fn begins_a_sign_in(&self) -> bool {
        matches!(self.operation.as_str(), "InitiateAuth" | "AdminInitiateAuth")
    }
}

/// What is not as it should be is for the operation to refuse.
fn or_nothing<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}
