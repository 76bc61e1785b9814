//! `"ORDER#{placed_at}#{id:08}"`: the syntax of a key that is made of fields.

use syn::LitStr;

use crate::errors::Errors;

/// A template, its fields not yet looked up.
pub(crate) struct Text {
    pub(crate) pieces: Vec<Raw>,
}

pub(crate) enum Raw {
    Literal(String),
    Field { name: String, digits: usize },
}

/// The most digits that a number of 64 bits has.
const DIGITS: usize = 20;

/// Whether a string is a template and not the name of a field.
pub(crate) fn is_template(text: &LitStr) -> bool {
    text.value().contains(['{', '}'])
}

/// Reads a template, or says what is wrong with it.
pub(crate) fn parse(text: &LitStr, errors: &mut Errors) -> Option<Text> {
    let value = text.value();
    match pieces(&value).and_then(|pieces| check(&pieces).map(|()| pieces)) {
        Ok(pieces) => Some(Text { pieces }),
        Err(message) => {
            errors.push(text, message);
            None
        }
    }
}

fn pieces(text: &str) -> Result<Vec<Raw>, String> {
    let (mut pieces, mut literal, mut rest) = (Vec::new(), String::new(), text);
    while let Some(next) = rest.chars().next() {
        if rest.starts_with("{{") || rest.starts_with("}}") {
            literal.push(next);
            rest = &rest[2..];
        } else if next == '{' {
            let Some((field, after)) = rest[1..].split_once('}') else {
                return Err("a brace is not closed: write `{field}`, or `{{` for the brace itself".into());
            };
            pieces.extend((!literal.is_empty()).then(|| Raw::Literal(std::mem::take(&mut literal))));
            pieces.push(field_of(field)?);
            rest = after;
        } else if next == '}' {
            return Err("a brace is closed that is not open: write `}}` for the brace itself".into());
        } else {
            literal.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    pieces.extend((!literal.is_empty()).then_some(Raw::Literal(literal)));
    Ok(pieces)
}

/// `id` or `id:08`.
fn field_of(text: &str) -> Result<Raw, String> {
    let (name, format) = text.split_once(':').map_or((text, None), |(name, format)| (name, Some(format)));
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err(format!("`{{{text}}}` names no field: write `{{field}}`"));
    }
    let digits = match format {
        None => 0,
        Some(format) => digits(format).ok_or_else(|| {
            format!("`:{format}` is no number of digits that zeros fill up: write `{{{name}:08}}`, up to 0{DIGITS}")
        })?,
    };
    Ok(Raw::Field { name: name.into(), digits })
}

fn digits(format: &str) -> Option<usize> {
    let digits = format.strip_prefix('0')?.parse().ok()?;
    (1..=DIGITS).contains(&digits).then_some(digits)
}

/// What cannot be read back, or not be a key.
fn check(pieces: &[Raw]) -> Result<(), String> {
    if pieces.is_empty() {
        return Err("a key is not empty: write a template such as `ORDER#{id}`".into());
    }
    for pair in pieces.windows(2) {
        if let [Raw::Field { name, .. }, Raw::Field { name: next, .. }] = pair {
            return Err(format!(
                "where `{name}` ends and `{next}` begins cannot be told: write text between them, `{{{name}}}#{{{next}}}`"
            ));
        }
    }
    let names: Vec<&str> = pieces.iter().filter_map(Raw::field).collect();
    match names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        Some((_, name)) => Err(format!("`{name}` is in the template twice: once is enough to read it back")),
        None => Ok(()),
    }
}

impl Raw {
    pub(crate) fn field(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Field { name, .. } => Some(name),
        }
    }
}
