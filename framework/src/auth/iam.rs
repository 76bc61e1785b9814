use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    FromEvent, Rejection, Scope,
    http::{Http, RequestEvent, decode},
    payload_format::PayloadFormat,
    websocket::{Connects, SocketEvent, WebSocket},
};

/// Whoever signs the request with credentials of AWS, Signature Version 4, and whose policies allow `execute-api:Invoke` on
/// the route: other services of one's own, or users of an identity pool.
///
/// As an argument it says who that is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Iam {
    /// The ARN of the user, or of the session of a role: `arn:aws:sts::123456789012:assumed-role/role/session`.
    pub arn: String,
    /// The account that the caller belongs to.
    pub account: String,
    /// The id of the key that the request is signed with; empty on a WebSocket API, which does not say it.
    pub access_key: String,
    /// The id of the user, or of the role with the session's name: `AROAEXAMPLE:session`.
    pub user_id: String,
    /// The identity, if the credentials are those of an identity pool.
    pub identity: Option<CognitoIdentity>,
}

/// An identity of a Cognito identity pool.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CognitoIdentity {
    /// What names the user in the pool, and in the keys of items that are theirs: `us-east-1:…`.
    pub id: String,
    /// The id of the identity pool.
    pub pool: String,
}

impl FromEvent<Http<Self>> for Iam {
    async fn from_event<'a>(event: &'a RequestEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        match event.format() {
            PayloadFormat::One => of_identity(event.request_context),
            PayloadFormat::Two => of_authorizer(event),
        }
    }
}

/// Who has connected, with all that comes on the connection.
impl<A: Connects<Principal = Self>> FromEvent<WebSocket<A>> for Iam {
    async fn from_event<'a>(event: &'a SocketEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        of_identity(event.request_context)
    }
}

/// `requestContext.identity` of a REST API or a WebSocket API.
fn of_identity(request_context: &RawValue) -> Result<Iam, Rejection> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Identity {
        user_arn: Option<String>,
        account_id: Option<String>,
        access_key: Option<String>,
        user: Option<String>,
        cognito_identity_id: Option<String>,
        cognito_identity_pool_id: Option<String>,
    }
    #[derive(Deserialize)]
    struct Context {
        identity: Identity,
    }
    let Context { identity } = decode(request_context)?;
    let identity_of_pool = identity.cognito_identity_id.zip(identity.cognito_identity_pool_id);
    Ok(Iam {
        arn: identity.user_arn.ok_or_else(unguarded)?,
        account: identity.account_id.ok_or_else(unguarded)?,
        access_key: identity.access_key.unwrap_or_default(),
        user_id: identity.user.ok_or_else(unguarded)?,
        identity: identity_of_pool.map(|(id, pool)| CognitoIdentity { id, pool }),
    })
}

/// `requestContext.authorizer.iam` of an HTTP API.
fn of_authorizer(event: &RequestEvent<'_>) -> Result<Iam, Rejection> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Cognito {
        identity_id: String,
        identity_pool_id: String,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Signed {
        user_arn: String,
        account_id: String,
        access_key: String,
        user_id: String,
        cognito_identity: Option<Cognito>,
    }
    #[derive(Deserialize)]
    struct Authorizer {
        iam: Option<Signed>,
    }
    #[derive(Deserialize)]
    struct Context {
        authorizer: Option<Authorizer>,
    }
    let context: Context = decode(event.request_context)?;
    let signed = context.authorizer.and_then(|authorizer| authorizer.iam).ok_or_else(unguarded)?;
    let Signed { user_arn, account_id, access_key, user_id, cognito_identity } = signed;
    let identity = cognito_identity.map(|it| CognitoIdentity { id: it.identity_id, pool: it.identity_pool_id });
    Ok(Iam { arn: user_arn, account: account_id, access_key, user_id, identity })
}

/// A request came past the gateway's check. Whatever the reason, nobody is let in.
fn unguarded() -> Rejection {
    Rejection::Internal("the gateway did not say who signed the request".into())
}
