use super::Unreadable;
use crate::aws::json::CallError;

/// Why there is no value. It names the secret and has nothing of what is in it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret `{name}`{} {what}", id.as_ref().map(|id| format!(", `{id}`,")).unwrap_or_default())]
pub(super) struct SecretError {
    /// Its name in the manifest.
    pub(super) name: &'static str,
    /// Its name or ARN for Secrets Manager, where it is known.
    pub(super) id: Option<String>,
    pub(super) what: What,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum What {
    #[error(
        "is not in the function's environment: deploy the template that the application has now, which sets `{variable}`"
    )]
    Unnamed { variable: String },
    #[error(
        "is not there: create it with `aws secretsmanager create-secret --name {id} --secret-string file://value.txt`"
    )]
    NotThere { id: String },
    #[error(
        "has no value yet: `aws secretsmanager put-secret-value --secret-id {id} --secret-string file://value.txt` gives it one; \
         in a test `app.set_secret::<{name}>(…)` does, and in `cargo xtask dev` the file `secrets.toml`"
    )]
    Empty { name: &'static str, id: String },
    #[error("may not be read by this function: {0}")]
    Denied(String),
    #[error("is binary, and a text or JSON is read")]
    Binary,
    #[error("{0}")]
    Unreadable(#[from] Unreadable),
    #[error("cannot be read: {0}")]
    Call(CallError),
}

impl What {
    /// What a call that failed says of this secret.
    pub(super) fn of(error: CallError, name: &'static str, id: &str) -> Self {
        let id = || id.to_owned();
        let CallError::Refused { code, message } = &error else { return Self::Call(error) };
        match code.as_str() {
            "ResourceNotFoundException" if message.contains("staging label") => Self::Empty { name, id: id() },
            "ResourceNotFoundException" => Self::NotThere { id: id() },
            "AccessDeniedException" => Self::Denied(message.clone()),
            _ => Self::Call(error),
        }
    }

    /// Whether a value from before is better than none.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Call(CallError::Failed(_)) => true,
            Self::Call(CallError::Refused { code, .. }) => {
                ["InternalServiceError", "ThrottlingException", "HTTP status 503"].contains(&code.as_str())
            }
            _ => false,
        }
    }
}
