use crate::{Secret, SecretOrigin, rules};

/// The rules of one secret.
pub(super) fn check(secret: &Secret, report: &mut impl FnMut(String)) {
    match &secret.origin {
        SecretOrigin::Existing { id } => rules::check_secret_id(id).unwrap_or_else(report),
        SecretOrigin::Generated { length, .. } => {
            rules::check_range("`length`", (*length).into(), &rules::SECRET_LENGTH, "").unwrap_or_else(report);
        }
        SecretOrigin::Empty => {}
    }
}
