use std::time::SystemTime;

use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::Timestamp;

use super::{VERSION, escaped, parameter, refuse, respond};

/// What `AssumeRoleWithWebIdentity` asks for.
#[derive(Debug)]
pub(crate) struct WithWebIdentity {
    pub(crate) role_arn: String,
    pub(crate) session: String,
    pub(crate) token: String,
    pub(crate) policy: Option<String>,
    pub(crate) seconds: Option<String>,
}

/// What it gives.
#[derive(Debug)]
pub(crate) struct WebIdentity {
    pub(crate) subject: String,
    pub(crate) audience: String,
    pub(crate) arn: String,
    pub(crate) role_id: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: String,
    pub(crate) expires: SystemTime,
}

impl WithWebIdentity {
    /// Nothing if another action is asked for.
    pub(crate) fn of(query: &str, body: &[u8]) -> Option<Self> {
        let body = String::from_utf8_lossy(body);
        let parameter = |name| parameter(&body, name).or_else(|| parameter(query, name));
        if parameter("Action").as_deref() != Some("AssumeRoleWithWebIdentity") {
            return None;
        }
        Some(Self {
            role_arn: parameter("RoleArn").unwrap_or_default(),
            session: parameter("RoleSessionName").unwrap_or_default(),
            token: parameter("WebIdentityToken").unwrap_or_default(),
            policy: parameter("Policy").filter(|policy| !policy.is_empty()),
            seconds: parameter("DurationSeconds"),
        })
    }
}

pub(crate) fn answer_web_identity(
    session: Result<WebIdentity, (&'static str, String)>,
    request_id: &str,
) -> Response<Bytes> {
    match session {
        Ok(session) => respond(StatusCode::OK, body(&session, request_id)),
        Err((code, message)) => {
            let mut response = refuse(code, &escaped(&message), request_id);
            if code == "AccessDenied" {
                *response.status_mut() = StatusCode::FORBIDDEN;
            }
            response
        }
    }
}

fn body(session: &WebIdentity, request_id: &str) -> String {
    let expires = Timestamp::try_from(session.expires).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let WebIdentity { subject, audience, arn, role_id, .. } = session;
    let WebIdentity { access_key_id, secret_access_key, session_token, .. } = session;
    format!(
        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/{VERSION}/\">\n  \
           <AssumeRoleWithWebIdentityResult>\n    <Audience>{audience}</Audience>\n    \
             <AssumedRoleUser>\n      <AssumedRoleId>{role_id}</AssumedRoleId>\n      <Arn>{arn}</Arn>\n    </AssumedRoleUser>\n    \
             <Provider>cognito-identity.amazonaws.com</Provider>\n    \
             <Credentials>\n      <AccessKeyId>{access_key_id}</AccessKeyId>\n      \
               <SecretAccessKey>{secret_access_key}</SecretAccessKey>\n      \
               <SessionToken>{session_token}</SessionToken>\n      <Expiration>{expires}</Expiration>\n    </Credentials>\n    \
             <SubjectFromWebIdentityToken>{subject}</SubjectFromWebIdentityToken>\n  \
           </AssumeRoleWithWebIdentityResult>\n  \
           <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n\
         </AssumeRoleWithWebIdentityResponse>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_actions_are_none_of_it_and_its_parameters_are_decoded() {
        assert!(WithWebIdentity::of("", b"Action=GetCallerIdentity").is_none());
        let asked = WithWebIdentity::of(
            "",
            b"Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws&RoleSessionName=web&WebIdentityToken=a.b.c&Policy=",
        );
        let asked = asked.unwrap();
        assert_eq!((&*asked.role_arn, &*asked.token, asked.policy), ("arn:aws", "a.b.c", None));
    }

    #[test]
    fn a_refusal_has_its_code_and_status() {
        let response = answer_web_identity(Err(("AccessDenied", "Not <you>".into())), "an-id");
        let body = String::from_utf8_lossy(response.body());
        assert_eq!(response.status(), 403);
        assert!(body.contains("<Code>AccessDenied</Code>") && body.contains("Not &lt;you&gt;"));
    }
}
