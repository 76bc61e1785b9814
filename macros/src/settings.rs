//! All options of an attribute.

use quote::ToTokens;
use skyloom_manifest::rules;

use crate::{errors::Errors, setting::Setting};

/// Settings of which each is known, and there once unless it may be repeated.
pub(crate) struct Settings {
    known: Vec<Setting>,
    /// Names that are no option, of which that was said.
    misspelt: Vec<String>,
}

impl Settings {
    /// `explain` says why a name is no option here, or nothing if it is one.
    pub(crate) fn new(
        all: Vec<Setting>,
        repeatable: &[&str],
        explain: impl Fn(&str) -> Option<String>,
        errors: &mut Errors,
    ) -> Self {
        let (mut known, mut misspelt) = (Vec::<Setting>::new(), Vec::new());
        for setting in all {
            let name = setting.name.to_string();
            if let Some(message) = explain(&name) {
                errors.push(&setting.name, message);
                misspelt.push(name);
            } else if !repeatable.contains(&name.as_str()) && known.iter().any(|other| other.name == name) {
                errors.push(&setting.name, format!("`{name}` is given twice: remove one of them"));
            } else {
                known.push(setting);
            }
        }
        Self { known, misspelt }
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
        self.known.iter().find(|setting| setting.name == name)
    }

    /// Whether there is none of that name, nor one that was meant to be it: of that enough was said.
    pub(crate) fn lacks(&self, name: &str) -> bool {
        let is_meant = |misspelt: &String| rules::nearest(misspelt, [name]).is_some();
        self.find(name).is_none() && !self.misspelt.iter().any(is_meant)
    }

    /// The setting of that name; what is to be said where it is lacking is said there.
    pub(crate) fn needed(&self, name: &str, errors: &mut Errors, at: impl ToTokens, message: &str) -> Option<&Setting> {
        if self.lacks(name) {
            errors.push(at, message);
        }
        self.find(name)
    }

    pub(crate) fn find_all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Setting> {
        self.known.iter().filter(move |setting| setting.name == name)
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

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use crate::snapshot::check_errors;

    #[test]
    fn what_is_misspelt_is_not_told_to_be_missing_as_well() {
        check_errors(
            crate::handler::handler(
                quote! { GET "/a", aut = Public, throttle(rte = 1, burst = 1) },
                quote! { async fn list() {} },
            ),
            expect![[r#"
                `aut` is no option of HTTP handlers: did you mean `auth`?
                `rte` is no option of `throttle(…)`: did you mean `rate`?"#]],
        );
        check_errors(
            crate::handler::handler(
                quote! { GET "/a", auth = Public, throttle(colour = 1, burst = 1) },
                quote! { async fn list() {} },
            ),
            expect![[r#"
                `colour` is no option of `throttle(…)`: there are `rate`, `burst`
                `rate` is missing: write `throttle(rate = 10, burst = 20)`"#]],
        );
    }
}
