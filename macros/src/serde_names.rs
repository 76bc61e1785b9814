//! What serde's attributes say about the names under which fields are stored.

use syn::{Attribute, Ident, LitStr, Token, ext::IdentExt, parenthesized, parse::ParseStream, token};

use crate::{errors::Errors, names};

/// `#[serde(rename_all = "…")]` of a struct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Case {
    /// As in Rust.
    #[default]
    Snake,
    Lower,
    Upper,
    Pascal,
    Camel,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    /// The case of all fields of a struct with these attributes. What serde does not know, serde's derive reports.
    pub(crate) fn of(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut case = Self::default();
        for_each(attributes, |name, input| {
            if name == "rename_all"
                && let Some(text) = renamed(input, errors)?
            {
                case = Self::named(&text.value()).unwrap_or_default();
            }
            Ok(())
        });
        case
    }

    fn named(text: &str) -> Option<Self> {
        Some(match text {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// As serde does it to a field's name.
    fn apply(self, field: &str) -> String {
        match self {
            Self::Snake | Self::Lower => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Pascal => pascal(field),
            Self::Camel => {
                let pascal = pascal(field);
                let first = pascal.chars().next().map(|first| first.to_ascii_lowercase());
                first.into_iter().chain(pascal.chars().skip(1)).collect()
            }
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(field: &str) -> String {
    let words = field.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

/// How one field is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) name: String,
    /// Whether it is an attribute of its own at all.
    pub(crate) kept: bool,
    /// The serde option because of which it may be missing, or be of another type than the field's.
    pub(crate) altered: Option<&'static str>,
    /// Whether it is read where it is missing, because of `default`.
    pub(crate) defaulted: bool,
    /// Whether its own fields are attributes instead of it.
    pub(crate) flattened: bool,
    /// The other names under which it is read.
    pub(crate) aliases: Vec<String>,
}

impl Stored {
    pub(crate) fn new(field: &Ident, attributes: &[Attribute], case: Case, errors: &mut Errors) -> Self {
        let mut stored = Self {
            name: case.apply(&names::text(field)),
            kept: true,
            altered: None,
            defaulted: false,
            flattened: false,
            aliases: Vec::new(),
        };
        for_each(attributes, |name, input| {
            let name = name.to_string();
            match name.as_str() {
                "rename" => stored.name = renamed(input, errors)?.map_or(stored.name.clone(), |text| text.value()),
                "skip" | "flatten" | "skip_serializing" | "skip_deserializing" => stored.kept = false,
                "alias" => {
                    input.parse::<Token![=]>()?;
                    stored.aliases.push(input.parse::<LitStr>()?.value());
                }
                _ => {}
            }
            stored.defaulted |= name == "default";
            stored.flattened |= name == "flatten";
            stored.altered = stored.altered.or(alteration(&name));
            Ok(())
        });
        stored
    }
}

fn alteration(option: &str) -> Option<&'static str> {
    ["skip", "skip_serializing", "skip_deserializing", "flatten", "with", "serialize_with", "deserialize_with"]
        .into_iter()
        .find(|name| *name == option)
}

/// `= "name"` or `(serialize = "name", deserialize = "name")`, which have to agree: an attribute has one name.
fn renamed(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<LitStr>> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        return input.parse().map(Some);
    }
    let content;
    parenthesized!(content in input);
    let mut found: Vec<LitStr> = Vec::new();
    while !content.is_empty() {
        content.parse::<Ident>()?;
        content.parse::<Token![=]>()?;
        found.push(content.parse()?);
        content.parse::<Option<Token![,]>>()?;
    }
    match &found[..] {
        [first, second] if first == second => {}
        [] => {}
        [first, ..] => errors.push(first, "an item is written and read under one name: write `rename = \"name\"`"),
    }
    Ok(found.into_iter().next())
}

/// The names under which a field is read, as far as they are written out.
pub(crate) fn read_under(attributes: &[Attribute]) -> Vec<LitStr> {
    let mut names = Vec::new();
    for_each(attributes, |name, input| {
        if name == "rename" && input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            while !content.is_empty() {
                let side: Ident = content.parse()?;
                content.parse::<Token![=]>()?;
                let text = content.parse()?;
                names.extend((side == "deserialize").then_some(text));
                content.parse::<Option<Token![,]>>()?;
            }
        } else if name == "rename" || name == "alias" {
            input.parse::<Token![=]>()?;
            names.push(input.parse()?);
        }
        Ok(())
    });
    names
}

/// Where an option of serde stands.
pub(crate) fn find(attributes: &[Attribute], wanted: &str) -> Option<Ident> {
    let mut found = None;
    for_each(attributes, |name, _| {
        if name == wanted {
            found = Some(name.clone());
        }
        Ok(())
    });
    found
}

/// The option by which a struct is not stored as a map of its fields.
pub(crate) fn other_form(attributes: &[Attribute]) -> Option<Ident> {
    ["transparent", "into", "from", "try_from", "remote"].iter().find_map(|option| find(attributes, option))
}

/// Calls `option` with each option of each `#[serde(…)]`. Syntax that serde does not know, serde's derive reports.
fn for_each(attributes: &[Attribute], mut option: impl FnMut(&Ident, ParseStream<'_>) -> syn::Result<()>) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let _reported_by_serde = attribute.parse_args_with(|input: ParseStream<'_>| {
            while !input.is_empty() {
                option(&input.call(Ident::parse_any)?, input)?;
                skip_to_comma(input)?;
            }
            Ok(())
        });
    }
}

fn skip_to_comma(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    input.parse::<Option<Token![,]>>().map(drop)
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn stored(field: syn::Field, case: Case) -> Stored {
        let mut errors = Errors::default();
        let stored = Stored::new(field.ident.as_ref().unwrap(), &field.attrs, case, &mut errors);
        errors.finish().unwrap();
        stored
    }

    #[test]
    fn a_field_is_stored_under_the_name_that_serde_gives_it() {
        assert_eq!(stored(parse_quote!(placed_at: u8), Case::Snake).name, "placed_at");
        assert_eq!(stored(parse_quote!(placed_at: u8), Case::Camel).name, "placedAt");
        assert_eq!(stored(parse_quote!(placed_at: u8), Case::Pascal).name, "PlacedAt");
        assert_eq!(stored(parse_quote!(placed_at: u8), Case::ScreamingKebab).name, "PLACED-AT");
        assert_eq!(stored(parse_quote!(r#type: u8), Case::Upper).name, "TYPE");
        assert_eq!(stored(parse_quote!(#[serde(default, rename = "x", alias = "y")] a: u8), Case::Camel).name, "x");
        assert_eq!(
            stored(parse_quote!(#[serde(rename(serialize = "x", deserialize = "x"))] a: u8), Case::Camel).name,
            "x"
        );
    }

    #[test]
    fn a_field_is_read_under_its_names() {
        let names =
            |field: syn::Field| read_under(&field.attrs).iter().map(LitStr::value).collect::<Vec<_>>().join(" ");
        assert_eq!(names(parse_quote!(#[serde(default, rename = "x", alias = "y")] a: u8)), "x y");
        assert_eq!(names(parse_quote!(#[serde(rename(serialize = "x", deserialize = "y"))] a: u8)), "y");
        assert_eq!(names(parse_quote!(#[serde(default)] a: u8)), "");
    }

    #[test]
    fn a_name_that_is_not_the_same_both_ways_is_refused() {
        let field: syn::Field = parse_quote!(#[serde(rename(serialize = "x", deserialize = "y"))] a: u8);
        let mut errors = Errors::default();
        Stored::new(field.ident.as_ref().unwrap(), &field.attrs, Case::Snake, &mut errors);
        assert!(errors.finish().is_err());
    }

    #[test]
    fn a_field_that_serde_alters_is_known() {
        let field = stored(parse_quote!(#[serde(skip)] a: u8), Case::Snake);
        assert_eq!((field.kept, field.altered), (false, Some("skip")));
        let field = stored(parse_quote!(#[serde(skip_serializing_if = "Option::is_none", default)] a: u8), Case::Snake);
        assert_eq!((field.kept, field.altered), (true, None));
        let field = stored(parse_quote!(#[serde(with = "hex")] a: u8), Case::Snake);
        assert_eq!((field.kept, field.altered), (true, Some("with")));
    }

    #[test]
    fn what_makes_a_field_readable_in_old_items_is_known() {
        let field = stored(parse_quote!(#[serde(default = "one", alias = "n", alias = "m")] a: u8), Case::Snake);
        assert_eq!((field.defaulted, &field.aliases[..]), (true, &["n".to_owned(), "m".to_owned()][..]));
        let field = stored(parse_quote!(#[serde(flatten)] a: Rest), Case::Snake);
        assert_eq!((field.defaulted, field.flattened), (false, true));
    }

    #[test]
    fn the_case_of_a_struct_is_read_beside_other_options() {
        let item: syn::ItemStruct = parse_quote! {
            #[serde(bound(serialize = "T: Clone"), deny_unknown_fields)]
            #[serde(rename_all = "camelCase")]
            struct A {}
        };
        assert_eq!(Case::of(&item.attrs, &mut Errors::default()), Case::Camel);
    }
}
