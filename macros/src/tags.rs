//! `tags(team = "shop", "cost-center" = "7")`

use skyloom_manifest::rules;

use crate::{errors::Errors, pairs, setting::Setting};

/// The tags of `what`, `a table`.
pub(crate) fn read<'a>(
    settings: impl Iterator<Item = &'a Setting>,
    what: &str,
    errors: &mut Errors,
) -> Vec<(String, String)> {
    let pairs: Vec<_> = settings.filter_map(|it| errors.keep(pairs::read(it, "team = \"shop\""))).flatten().collect();
    let mut tags: Vec<(String, String)> = Vec::new();
    for pairs::Pair { name: key, value } in pairs {
        if tags.iter().any(|(other, _)| *other == key.value()) {
            errors.push(&key, format!("the tag `{}` is there twice: remove one of them", key.value()));
        }
        if tags.len() == rules::TAGS {
            errors.push(&key, format!("{what} takes {} tags: remove this one", rules::TAGS));
        }
        for (text, checked) in
            [(&key, rules::check_tag_key(&key.value())), (&value, rules::check_tag_value(&value.value()))]
        {
            errors.keep(checked.map_err(|message| syn::Error::new_spanned(text, message)));
        }
        tags.push((key.value(), value.value()));
    }
    tags
}
