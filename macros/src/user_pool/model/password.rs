use skyloom_manifest::rules;

use crate::{errors::Errors, setting::Setting, settings::Settings};

/// `password(…)`: only what is said.
pub(in crate::user_pool) struct Password {
    pub(in crate::user_pool) min_length: Option<u32>,
    /// By the field of `PasswordPolicy`.
    pub(in crate::user_pool) classes: Vec<(&'static str, bool)>,
    pub(in crate::user_pool) temporary_days: Option<u32>,
}

const CLASSES: [&str; 4] = ["uppercase", "lowercase", "numbers", "symbols"];

pub(super) fn read(setting: &Setting, errors: &mut Errors) -> Option<Password> {
    let nested = errors.keep(setting.nested("min_length = 12"))?;
    let known = ["min_length", "uppercase", "lowercase", "numbers", "symbols", "temporary"];
    let settings = Settings::of(nested, "password(…)", &known, errors);
    let min_length = settings.read("min_length", errors, |it| it.integer(&rules::PASSWORD_LENGTH, ""));
    let class = |name: &'static str| Some((name, settings.read(name, errors, Setting::boolean)?));
    let classes = CLASSES.into_iter().filter_map(class).collect();
    let temporary_days = settings.read("temporary", errors, whole_days);
    Some(Password { min_length, classes, temporary_days })
}

fn whole_days(setting: &Setting) -> syn::Result<u32> {
    const DAY: u32 = 86_400;
    match setting.seconds(&rules::TEMPORARY_PASSWORD)? {
        seconds if seconds % DAY == 0 => Ok(seconds / DAY),
        seconds => Err(setting.wrong(&format!("is counted in days: write `temporary = \"{}d\"`", seconds / DAY + 1))),
    }
}
