//! Rules of identity pools that macros know, too.

/// Says why clients cannot take tokens to STS where roles are by rule. Cognito applies the rules; STS knows the pool and that somebody
/// signed in, but no group and no claim: the client itself would choose among the roles.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html>
///
/// # Errors
/// A sentence that says what to write.
pub fn check_classic_flow(classic_flow: bool, has_roles: bool) -> Result<(), &'static str> {
    if !(classic_flow && has_roles) {
        return Ok(());
    }
    Err(
        "with `classic_flow` whoever signs in may name any role of the pool to STS, which knows no groups and claims: leave it out, \
         or the roles by rule",
    )
}
