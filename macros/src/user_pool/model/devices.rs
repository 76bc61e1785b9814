use crate::{errors::Errors, settings::Settings};

/// `remember_devices = "always"` with what belongs to it.
pub(in crate::user_pool) struct Devices {
    pub(in crate::user_pool) only_on_user_prompt: bool,
    pub(in crate::user_pool) challenge_new: bool,
}

const REMEMBER: &str = "remember_devices";
const CHALLENGE: &str = "challenge_required_on_new_device";
const WANTED: [(&str, Option<bool>); 3] = [("always", Some(false)), ("opt-in", Some(true)), ("off", None)];

pub(super) const OPTIONS: [&str; 2] = [REMEMBER, CHALLENGE];

pub(super) fn read(settings: &Settings, errors: &mut Errors) -> Option<Devices> {
    let wanted = settings.read(REMEMBER, errors, |it| it.choice(&WANTED));
    let challenge_new = settings.read(CHALLENGE, errors, |it| it.flag()).unwrap_or(false);
    check_belonging(settings, wanted, errors);
    Some(Devices { only_on_user_prompt: wanted.flatten()?, challenge_new })
}

/// An option that would have no effect is a mistake.
fn check_belonging(settings: &Settings, wanted: Option<Option<bool>>, errors: &mut Errors) {
    let Some(challenge) = settings.find(CHALLENGE) else { return };
    if settings.find(REMEMBER).is_none() || wanted == Some(None) {
        errors.push(&challenge.name, "no device is remembered: add `remember_devices = \"always\"` or `\"opt-in\"`");
    } else if settings.find("mfa").is_none() {
        errors.push(&challenge.name, "nobody is asked for a second factor: add `mfa = \"optional\"` or `\"required\"`");
    }
}
