use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;
use skyloom_manifest::AttributeType;

use super::item::ItemError;

/// How the text of a key is made of fields: `ORDER#{placed_at}#{id:08}`.
///
/// Writing and reading are exact inverses. What could not be read back as it was, such as a value with the text in it that
/// ends it in the key, is an error before anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template(pub &'static [Piece]);

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that is the same in each key.
    Text(&'static str),
    /// The value of a field.
    Part {
        /// The field's attribute.
        attribute: &'static str,
        /// Its type, a string or a number.
        kind: AttributeType,
        /// To how many digits zeros fill it up, so that numbers sort; 0 for none.
        digits: usize,
    },
}

/// The last character of all: no key that a template makes has it, so that it ends what begins with a text.
pub(super) const LAST: char = '\u{10FFFF}';

impl Template {
    /// The text that every key begins with.
    pub(super) const fn literal(&self) -> &'static str {
        match self.0 {
            [Piece::Text(text), ..] => text,
            _ => "",
        }
    }

    /// The attributes that are the parts of the key, in their order.
    pub(super) fn attributes(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Part { attribute, .. } => Some(*attribute),
            Piece::Text(_) => None,
        })
    }

    /// The key of all its parts, or what all keys with these leading parts begin with.
    pub(super) fn render(&self, parts: &[AttributeValue]) -> Result<String, ItemError> {
        let (mut text, mut parts) = (String::new(), parts.iter());
        for (at, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Part { attribute, digits, .. } => {
                    let Some(part) = parts.next() else { break };
                    let part = written(part, *digits).and_then(|part| ended(part, self.0.get(at + 1)));
                    text.push_str(&part.map_err(|error| error.in_field(attribute))?);
                }
            }
        }
        Ok(text)
    }

    /// The parts of a key, by attribute.
    pub(super) fn parse(&self, key: &str) -> Result<Vec<(&'static str, AttributeValue)>, ItemError> {
        let other = || ItemError::new(format!("the key `{key}` is not of the form `{self}`"));
        let (mut rest, mut parts) = (key, Vec::new());
        for (at, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Text(literal) => rest = rest.strip_prefix(literal).ok_or_else(other)?,
                Piece::Part { attribute, kind, digits } => {
                    let end = match self.0.get(at + 1) {
                        Some(Piece::Text(literal)) => rest.find(literal).ok_or_else(other)?,
                        _ => rest.len(),
                    };
                    let (text, after) = rest.split_at(end);
                    parts.push((*attribute, read(text, *kind, *digits).ok_or_else(other)?));
                    rest = after;
                }
            }
        }
        if rest.is_empty() { Ok(parts) } else { Err(other()) }
    }
}

/// The text of a part.
fn written(part: &AttributeValue, digits: usize) -> Result<String, ItemError> {
    match part {
        AttributeValue::S(text) if text.is_empty() => Err(ItemError::new("a part of a key is not empty")),
        AttributeValue::S(text) if text.contains(LAST) => {
            Err(ItemError::new("a part of a key does not have the character U+10FFFF"))
        }
        AttributeValue::S(text) => Ok(text.clone()),
        AttributeValue::N(number) if digits == 0 => Ok(number.clone()),
        AttributeValue::N(number) if !number.bytes().all(|digit| digit.is_ascii_digit()) => {
            Err(ItemError::new(format!("{number} does not sort as text: only whole numbers from 0 on do")))
        }
        AttributeValue::N(number) if number.len() > digits => {
            Err(ItemError::new(format!("{number} has more than the {digits} digits that its key has for it")))
        }
        AttributeValue::N(number) => Ok(format!("{number:0>digits$}")),
        _ => Err(ItemError::new("a part of a key is a string or a number")),
    }
}

/// The part as it is, if the text that follows does not begin inside it: there, reading would end it.
fn ended(part: String, next: Option<&Piece>) -> Result<String, ItemError> {
    let Some(Piece::Text(end)) = next else { return Ok(part) };
    if format!("{part}{end}").find(end) == Some(part.len()) {
        return Ok(part);
    }
    Err(ItemError::new(format!(
        "`{part}` cannot be a part of a key in which `{end}` follows it, as it has that itself"
    )))
}

/// The value of a part that was written as this text.
fn read(text: &str, kind: AttributeType, digits: usize) -> Option<AttributeValue> {
    match kind {
        _ if text.is_empty() => None,
        AttributeType::S => Some(AttributeValue::S(text.to_owned())),
        AttributeType::N if digits == 0 => Some(AttributeValue::N(text.to_owned())),
        AttributeType::N if text.len() != digits || !text.bytes().all(|digit| digit.is_ascii_digit()) => None,
        AttributeType::N => {
            let number = text.trim_start_matches('0');
            Some(AttributeValue::N(if number.is_empty() { "0" } else { number }.to_owned()))
        }
        AttributeType::B => None,
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(&text.replace('{', "{{").replace('}', "}}")),
            Piece::Part { attribute, digits: 0, .. } => write!(f, "{{{attribute}}}"),
            Piece::Part { attribute, digits, .. } => write!(f, "{{{attribute}:0{digits}}}"),
        })
    }
}

/// Does not compile for a type that a template cannot write as text.
#[track_caller]
pub const fn assert_part<K: super::Key>(digits: usize) {
    assert!(!matches!(K::TYPE, AttributeType::B), "a template is made of strings and numbers, and this field is bytes");
    assert!(
        digits == 0 || matches!(K::TYPE, AttributeType::N),
        "zeros fill up numbers only, and this field is not a number: write the field's name alone"
    );
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PART: fn(&'static str, AttributeType, usize) -> Piece =
        |attribute, kind, digits| Piece::Part { attribute, kind, digits };

    fn template() -> Template {
        let pieces = vec![
            Piece::Text("ORDER#"),
            PART("at", AttributeType::S, 0),
            Piece::Text("#-#"),
            PART("number", AttributeType::N, 4),
            Piece::Text("#"),
            PART("id", AttributeType::S, 0),
        ];
        Template(pieces.leak())
    }

    fn text(text: &str) -> AttributeValue {
        AttributeValue::S(text.into())
    }

    fn number(number: i64) -> AttributeValue {
        AttributeValue::N(number.to_string())
    }

    #[test]
    fn a_key_is_written_and_read_back() {
        let parts = [text("2026-07"), number(12), text("a#-#b#")];
        let key = template().render(&parts).unwrap();
        assert_eq!(key, "ORDER#2026-07#-#0012#a#-#b#");
        let values: Vec<_> = template().parse(&key).unwrap().into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, parts);
        assert_eq!(template().to_string(), "ORDER#{at}#-#{number:04}#{id}");
    }

    #[test]
    fn leading_parts_are_what_the_key_begins_with() {
        assert_eq!(template().render(&[]).unwrap(), "ORDER#");
        assert_eq!(template().render(&[text("2026")]).unwrap(), "ORDER#2026#-#");
        assert_eq!(template().render(&[text("2026"), number(7)]).unwrap(), "ORDER#2026#-#0007#");
    }

    #[test]
    fn what_could_not_be_read_back_is_refused() {
        let refused = |at: &str, count: i64, id: &str| {
            template().render(&[text(at), number(count), text(id)]).unwrap_err().to_string()
        };
        assert_eq!(refused("", 1, "a"), "`at`: a part of a key is not empty");
        let has_it = "cannot be a part of a key in which `#-#` follows it, as it has that itself";
        assert_eq!(refused("a#-#b", 1, "a"), format!("`at`: `a#-#b` {has_it}"));
        assert_eq!(refused("a#-", 1, "a"), format!("`at`: `a#-` {has_it}"));
        assert_eq!(refused("a", 12345, "a"), "`number`: 12345 has more than the 4 digits that its key has for it");
        assert_eq!(refused("a", -1, "a"), "`number`: -1 does not sort as text: only whole numbers from 0 on do");
        assert_eq!(refused("a", 1, "\u{10FFFF}"), "`id`: a part of a key does not have the character U+10FFFF");
    }

    #[test]
    fn a_key_of_another_form_is_told() {
        for key in ["", "ORDER#", "ORDER#a#-#12#b", "ORDER#a#-#+012#b", "LINE#a#-#0012#b", "ORDER#a#-#0012#"] {
            let error = template().parse(key).unwrap_err().to_string();
            assert_eq!(error, format!("the key `{key}` is not of the form `ORDER#{{at}}#-#{{number:04}}#{{id}}`"));
        }
    }

    proptest! {
        /// That reading gives back what was written makes keys of different values different.
        #[test]
        fn every_key_that_is_written_is_read_back(at in "[#ab-]{0,5}", count in 0..12000_i64, id in "[#a-]{0,3}") {
            let parts = [text(&at), number(count), text(&id)];
            if let Ok(key) = template().render(&parts) {
                let read: Vec<_> = template().parse(&key).unwrap().into_iter().map(|(_, value)| value).collect();
                prop_assert_eq!(read, parts);
            }
        }

        /// A text that can be read as a key is the one that is written for what was read.
        #[test]
        fn every_text_that_is_read_is_written_again(key in "ORDER#[#a0-]{1,12}") {
            if let Ok(parts) = template().parse(&key) {
                let values: Vec<_> = parts.into_iter().map(|(_, value)| value).collect();
                prop_assert_eq!(template().render(&values).ok(), Some(key));
            }
        }
    }
}
