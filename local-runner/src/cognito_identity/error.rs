/// An error of Cognito's identity pools, in its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("IdentityPool '{0}' not found.")]
    PoolNotFound(String),
    #[error("Identity '{0}' not found.")]
    IdentityNotFound(String),
    #[error("Unauthenticated access is not supported for this identity pool.")]
    NoGuests,
    #[error("Access to Identity '{0}' is forbidden.")]
    Forbidden(String),
    #[error("Token is not from a supported provider of this identity pool.")]
    UnsupportedProvider,
    #[error("Invalid login token. {0}")]
    InvalidToken(String),
    #[error("Logins don't match. Please include at least one valid login for this identity or identity pool.")]
    LoginsDoNotMatch,
    #[error("The ambiguous role mapping rules denied this request.")]
    AmbiguousRole,
    #[error("Basic (classic) flow is not enabled, please use enhanced flow.")]
    ClassicFlow,
    #[error("{0}")]
    InvalidParameter(String),
    #[error("{0}")]
    Validation(String),
    #[error("{0} is not emulated on this machine: test it in an account")]
    NotEmulated(String),
}

impl Error {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::PoolNotFound(_) | Self::IdentityNotFound(_) => "ResourceNotFoundException",
            Self::NoGuests
            | Self::Forbidden(_)
            | Self::UnsupportedProvider
            | Self::InvalidToken(_)
            | Self::LoginsDoNotMatch
            | Self::AmbiguousRole => "NotAuthorizedException",
            Self::ClassicFlow | Self::InvalidParameter(_) => "InvalidParameterException",
            Self::Validation(_) => "ValidationException",
            Self::NotEmulated(_) => "NotImplementedException",
        }
    }
}
