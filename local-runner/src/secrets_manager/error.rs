/// What Secrets Manager says no with, in its own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Error {
    #[error("Secrets Manager can't find the specified secret.")]
    SecretNotFound,
    /// `staging label: AWSCURRENT` or `VersionId: …`
    #[error("Secrets Manager can't find the specified secret value for {0}")]
    VersionNotFound(String),
    #[error("The operation failed because the secret {0} already exists.")]
    SecretExists(String),
    #[error("A resource with the ID you requested already exists.")]
    VersionExists,
    #[error("You provided a VersionStage that is not associated to the provided VersionId.")]
    StageOfAnotherVersion,
    #[error("You must provide a ClientRequestToken value. We recommend a UUID-type value.")]
    NoRequestToken,
    #[error("Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!")]
    InvalidName,
    #[error("{0}")]
    InvalidParameter(String),
    /// A member of a request that is not there in the emulator.
    #[error("{0}: this is not emulated")]
    NotEmulated(String),
    #[error("The operation {0} is not emulated")]
    UnknownOperation(String),
    #[error("{0}")]
    Serialization(String),
}

impl Error {
    /// The exception's name.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::SecretNotFound | Self::VersionNotFound(_) => "ResourceNotFoundException",
            Self::SecretExists(_) | Self::VersionExists => "ResourceExistsException",
            Self::StageOfAnotherVersion | Self::NoRequestToken => "InvalidRequestException",
            Self::InvalidName => "ValidationException",
            Self::InvalidParameter(_) | Self::NotEmulated(_) => "InvalidParameterException",
            Self::UnknownOperation(_) => "UnknownOperationException",
            Self::Serialization(_) => "SerializationException",
        }
    }
}
