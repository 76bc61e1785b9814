//! All options of an attribute.

use skyloom_manifest::rules;

use crate::{errors::Errors, setting::Setting};

/// Settings of which each is known, and there once unless it may be repeated.
pub(crate) struct Settings(Vec<Setting>);

impl Settings {
    /// `explain` says why a name is no option here, or nothing if it is one.
    pub(crate) fn new(
        all: Vec<Setting>,
        repeatable: &[&str],
        explain: impl Fn(&str) -> Option<String>,
        errors: &mut Errors,
    ) -> Self {
        let mut known: Vec<Setting> = Vec::new();
        for setting in all {
            let name = setting.name.to_string();
            if let Some(message) = explain(&name) {
                errors.push(&setting.name, message);
            } else if !repeatable.contains(&name.as_str()) && known.iter().any(|other| other.name == name) {
                errors.push(&setting.name, format!("`{name}` is given twice: remove one of them"));
            } else {
                known.push(setting);
            }
        }
        Self(known)
    }

    /// Settings of a macro whose options are always the same.
    pub(crate) fn of(all: Vec<Setting>, what: &str, known: &[&str], errors: &mut Errors) -> Self {
        let explain = |name: &str| {
            let unknown = || suggest(&format!("`{name}` is no option of `{what}`"), name, known.iter().copied());
            (!known.contains(&name)).then(unknown)
        };
        Self::new(all, &[], explain, errors)
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Setting> {
        self.0.iter().find(|setting| setting.name == name)
    }

    pub(crate) fn find_all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Setting> {
        self.0.iter().filter(move |setting| setting.name == name)
    }

    /// What `read` makes of the setting of that name; nothing if there is none or it is wrong.
    pub(crate) fn read<'a, T>(
        &'a self,
        name: &str,
        errors: &mut Errors,
        read: impl FnOnce(&'a Setting) -> syn::Result<T>,
    ) -> Option<T> {
        errors.keep(read(self.find(name)?))
    }
}

/// A sentence about a wrong word, with the word that was meant, or with all that would be right.
pub(crate) fn suggest<'a>(what: &str, word: &str, right: impl Iterator<Item = &'a str> + Clone) -> String {
    match rules::nearest(word, right.clone()) {
        Some(near) => format!("{what}: did you mean `{near}`?"),
        None => {
            let all: Vec<String> = right.map(|word| format!("`{word}`")).collect();
            format!("{what}: there are {}", all.join(", "))
        }
    }
}
