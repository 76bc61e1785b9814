//! What keeps a table's data: recovery and encryption.

use skyloom_manifest::rules;
use syn::LitStr;

use crate::{errors::Errors, setting::Setting, settings::Settings};

pub(super) enum Recovery {
    Off,
    Days(u32),
}

pub(super) enum Encryption {
    AwsOwned,
    AwsManaged,
    Key(LitStr),
}

/// `point_in_time_recovery = false` or `recovery_days = 7`; `true` is as usual.
pub(super) fn recovery(settings: &Settings, errors: &mut Errors) -> Option<Recovery> {
    let on = settings.read("point_in_time_recovery", errors, Setting::boolean).unwrap_or(true);
    let days = settings.read("recovery_days", errors, |it| it.integer(&rules::RECOVERY_DAYS, ""));
    if let (false, Some(setting)) = (on, settings.find("recovery_days")) {
        errors.push(&setting.name, "without point-in-time recovery there are no days of it: remove one of them");
    }
    if on { days.map(Recovery::Days) } else { Some(Recovery::Off) }
}

/// `encryption = "aws-managed"`, or the ARN of a key.
pub(super) fn encryption(setting: &Setting) -> syn::Result<Encryption> {
    let text = setting.text("aws-managed")?;
    match text.value().as_str() {
        "aws-owned" => Ok(Encryption::AwsOwned),
        "aws-managed" => Ok(Encryption::AwsManaged),
        arn => rules::check_kms_key(arn)
            .map(|()| Encryption::Key(text.clone()))
            .map_err(|message| syn::Error::new_spanned(text, message)),
    }
}
