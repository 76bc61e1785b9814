use super::trigger::Refusal;

/// Why Cognito refuses a call. The messages are Cognito's own, except where it says "not emulated".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("Incorrect username or password.")]
    IncorrectPassword,
    #[error("Password attempts exceeded")]
    PasswordAttemptsExceeded,
    #[error("User is disabled.")]
    UserDisabled,
    #[error("User is not confirmed.")]
    UserNotConfirmed,
    #[error("Password reset required for the user")]
    PasswordResetRequired,
    #[error("Client {0} is configured with secret but SECRET_HASH was not received")]
    SecretHashMissing(String),
    #[error("Unable to verify secret hash for client {0}")]
    SecretHash(String),
    #[error("Unable to verify secret for client {0}")]
    ClientSecret(String),
    #[error("{0}")]
    FlowNotEnabled(&'static str),
    #[error("Invalid code or auth state for the user.")]
    FactorMismatch,
    #[error("Invalid code received for user")]
    TotpMismatch,
    #[error("Your software token has already been used once.")]
    TotpUsed,
    #[error("Code mismatch and fail enable Software Token MFA")]
    EnableTotp,
    #[error("Software Token MFA has not been enabled by the userPool.")]
    NoTotp,
    #[error("User does not have delivery config set to turn on {0}")]
    NoDeliveryConfig(&'static str),
    #[error("User has no {0} to verify")]
    NothingToVerify(&'static str),
    #[error("A group with the name already exists.")]
    GroupExists,
    #[error("Refresh token has been invalidated by rotation")]
    RefreshTokenReused,
    #[error("Temporary password has expired and must be reset by an administrator.")]
    TemporaryPasswordExpired,
    #[error("SignUp is not permitted for this user pool")]
    SignUpNotPermitted,
    #[error("A client attempted to write unauthorized attribute")]
    UnauthorizedAttribute,
    #[error("User cannot be confirmed. Current status is {0}")]
    NotConfirmable(&'static str),
    #[error("User is already confirmed.")]
    AlreadyConfirmed,
    #[error("Cannot resend codes. Auto verification not turned on.")]
    CannotResend,
    #[error("User password cannot be reset in the current state.")]
    NotResettable,
    #[error("Cannot reset password for the user as there is no registered/verified email or phone_number")]
    NoVerifiedContact,
    #[error("Invalid verification code provided, please try again.")]
    CodeMismatch,
    #[error("Invalid code provided, please request a code again.")]
    ExpiredCode,
    #[error("Invalid Refresh Token")]
    InvalidRefreshToken,
    #[error("Refresh Token has expired")]
    RefreshTokenExpired,
    #[error("Refresh Token has been revoked")]
    RefreshTokenRevoked,
    #[error("Invalid Access Token")]
    InvalidAccessToken,
    #[error("Access Token has expired")]
    AccessTokenExpired,
    #[error("Access Token has been revoked")]
    AccessTokenRevoked,
    #[error("Access Token does not have required scopes")]
    MissingScope,
    #[error("Invalid session for the user.")]
    InvalidSession,
    #[error("Invalid session for the user, session is expired.")]
    SessionExpired,
    #[error("Invalid session for the user, session can only be used once.")]
    SessionUsed,
    #[error("User does not exist.")]
    UserNotFound,
    #[error("User already exists")]
    UserExists,
    #[error("User account already exists")]
    AccountExists,
    #[error("Resend not possible. {0} status is not FORCE_CHANGE_PASSWORD")]
    ResendNotPossible(String),
    #[error("An account with the given {0} already exists.")]
    ContactTaken(&'static str),
    #[error("An account with the given {0} already exists.")]
    AliasExists(&'static str),
    #[error("User pool {0} does not exist.")]
    PoolNotFound(String),
    #[error("User pool client {0} does not exist.")]
    ClientNotFound(String),
    #[error("Group not found.")]
    GroupNotFound,
    #[error("Device does not exist.")]
    DeviceNotFound,
    #[error("Device key already exists.")]
    DeviceKeyExists,
    #[error("Password did not conform with policy: {0}")]
    PasswordPolicy(&'static str),
    #[error("Missing required parameter {0}")]
    MissingParameter(&'static str),
    #[error("{0}")]
    InvalidParameter(String),
    #[error("Initiate Auth method not supported.")]
    FlowNotSupported,
    #[error("Only refresh tokens can be revoked")]
    UnsupportedTokenType,
    #[error("Refresh token was not issued to this client")]
    TokenOfAnotherClient,
    #[error("{0}")]
    Serialization(String),
    #[error("{0}: this is not emulated")]
    NotEmulated(String),
    #[error("The operation {0} is not emulated")]
    UnknownOperation(String),
    #[error(transparent)]
    Trigger(#[from] Refusal),
    #[error("Exception migrating user in app client {0}")]
    MigrationFailed(String),
    #[error("The {0} cannot be verified automatically: the user has none.")]
    NoAddress(&'static str),
    #[error("Custom auth lambda trigger is not configured for the user pool.")]
    NoCustomAuth,
    #[error("The user is changed by others all the time.")]
    ConcurrentModification,
    #[error(
        "The password is set by an administrator: every address of this pool's users is one of their second factors."
    )]
    AdministratorsRecover,
    #[error("Attempt limit exceeded, please try after some time.")]
    AttemptLimitExceeded,
    #[error("Cannot modify an already provided {0}")]
    AddressProvided(&'static str),
    /// No answer to anybody: the operation waits for that of a function.
    #[error("A function is to be asked first.")]
    Asked,
}

impl Error {
    /// The exception's name, by which SDKs know it.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::IncorrectPassword
            | Self::PasswordAttemptsExceeded
            | Self::UserDisabled
            | Self::TemporaryPasswordExpired
            | Self::SignUpNotPermitted
            | Self::UnauthorizedAttribute
            | Self::NotConfirmable(_)
            | Self::CannotResend
            | Self::NotResettable
            | Self::InvalidRefreshToken
            | Self::RefreshTokenExpired
            | Self::RefreshTokenRevoked
            | Self::InvalidAccessToken
            | Self::AccessTokenExpired
            | Self::AccessTokenRevoked
            | Self::MissingScope
            | Self::InvalidSession
            | Self::SessionExpired
            | Self::SessionUsed => "NotAuthorizedException",
            Self::SecretHashMissing(_) | Self::SecretHash(_) | Self::ClientSecret(_) => "NotAuthorizedException",
            Self::PasswordResetRequired => "PasswordResetRequiredException",
            Self::FactorMismatch | Self::TotpMismatch => "CodeMismatchException",
            Self::TotpUsed => "ExpiredCodeException",
            Self::EnableTotp => "EnableSoftwareTokenMFAException",
            Self::NoTotp => "SoftwareTokenMFANotFoundException",
            Self::GroupExists => "GroupExistsException",
            Self::RefreshTokenReused => "RefreshTokenReuseException",
            Self::UserNotConfirmed => "UserNotConfirmedException",
            Self::CodeMismatch => "CodeMismatchException",
            Self::ExpiredCode => "ExpiredCodeException",
            Self::UserNotFound => "UserNotFoundException",
            Self::UserExists | Self::AccountExists | Self::ContactTaken(_) => "UsernameExistsException",
            Self::AliasExists(_) => "AliasExistsException",
            Self::PoolNotFound(_) | Self::ClientNotFound(_) | Self::GroupNotFound | Self::DeviceNotFound => {
                "ResourceNotFoundException"
            }
            Self::DeviceKeyExists => "DeviceKeyExistsException",
            Self::ResendNotPossible(_) => "UnsupportedUserStateException",
            Self::PasswordPolicy(_) => "InvalidPasswordException",
            Self::AlreadyConfirmed
            | Self::NoVerifiedContact
            | Self::MissingParameter(_)
            | Self::InvalidParameter(_)
            | Self::FlowNotSupported
            | Self::FlowNotEnabled(_)
            | Self::NoDeliveryConfig(_)
            | Self::NothingToVerify(_)
            | Self::NotEmulated(_) => "InvalidParameterException",
            Self::UnsupportedTokenType => "UnsupportedTokenTypeException",
            Self::TokenOfAnotherClient => "UnauthorizedException",
            Self::Serialization(_) => "SerializationException",
            Self::UnknownOperation(_) => "UnknownOperationException",
            Self::Trigger(refusal) => refusal.code(),
            Self::MigrationFailed(_) => "UserNotFoundException",
            Self::NoAddress(_) | Self::NoCustomAuth => "InvalidParameterException",
            Self::ConcurrentModification => "ConcurrentModificationException",
            Self::AttemptLimitExceeded => "LimitExceededException",
            Self::AdministratorsRecover => "NotAuthorizedException",
            Self::AddressProvided(_) => "NotAuthorizedException",
            Self::Asked => "InternalErrorException",
        }
    }
}
