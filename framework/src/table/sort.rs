//! Conditions on the sort key of a query.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    expression::Fragment,
    item::{ItemError, to_attribute},
    key::{Key, KeyLike, Parts, checked},
    side::Side,
    template::{LAST, Template},
    value::Text,
};

/// The first so many parts of a sort key.
#[derive(Debug)]
pub enum First<const N: usize> {}

/// What a condition compares the sort key `S` with: its value, or its leading parts. The first part is given bare, more of
/// them as a tuple.
#[diagnostic::on_unimplemented(
    message = "the sort key is of the type `{S}`, and `{Self}` is neither that nor its leading parts",
    note = "the first part is given bare, `sort_eq(&first)`, more of them as a tuple, `sort_eq((&first, &second))`"
)]
pub trait Leading<S, N> {
    /// The values of the parts.
    #[doc(hidden)]
    fn leading(&self) -> Result<Parts, ItemError>;
}

/// The beginning of a sort key `S`: of its text, or of the last of its leading parts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a sort key of the type `{S}` can begin with",
    note = "only strings begin with something; of several parts the last that is given, `(&first, \"2026-\")`"
)]
pub trait Beginning<S, N> {
    /// The values of the parts.
    #[doc(hidden)]
    fn beginning(&self) -> Result<Parts, ItemError>;
}

impl<K: Key, X: KeyLike<K>> Leading<K, First<1>> for X {
    fn leading(&self) -> Result<Parts, ItemError> {
        checked::<K>(to_attribute(self)?.into_iter().collect(), 1)
    }
}

impl<K: Key + Text, X: AsRef<str>> Beginning<K, First<1>> for X {
    fn beginning(&self) -> Result<Parts, ItemError> {
        Ok(vec![AttributeValue::S(self.as_ref().to_owned())])
    }
}

/// Of the key `(A, B, C)`: its first part, bare; its first two parts; all three.
macro_rules! leading {
    ($($key:ident)*; $first:ident $value:ident;) => {
        impl<$($key: Key,)* $value: KeyLike<$first>> Leading<($($key,)*), First<1>> for $value {
            fn leading(&self) -> Result<Parts, ItemError> {
                checked::<($($key,)*)>(to_attribute(self)?.into_iter().collect(), 1)
            }
        }

        impl<$($key: Key,)* $value: AsRef<str>> Beginning<($($key,)*), First<1>> for $value
        where
            $first: Text,
        {
            fn beginning(&self) -> Result<Parts, ItemError> {
                Ok(vec![AttributeValue::S(self.as_ref().to_owned())])
            }
        }
    };
    ($($key:ident)*; $n:literal $($part:ident $value:ident)*; $last:ident $end:ident) => {
        impl<$($key: Key,)* $($value: KeyLike<$part>,)* $end: KeyLike<$last>> Leading<($($key,)*), First<$n>>
            for ($($value,)* $end,)
        {
            fn leading(&self) -> Result<Parts, ItemError> {
                checked::<($($key,)*)>(list(to_attribute(self)?), $n)
            }
        }

        impl<$($key: Key,)* $($value: KeyLike<$part>,)* $end: AsRef<str>> Beginning<($($key,)*), First<$n>>
            for ($($value,)* $end,)
        where
            $last: Text,
        {
            fn beginning(&self) -> Result<Parts, ItemError> {
                #[allow(non_snake_case, reason = "the names are those of the types")]
                let ($($value,)* end,) = self;
                let mut parts = list(to_attribute(&($($value,)*))?);
                parts.push(AttributeValue::S(end.as_ref().to_owned()));
                checked::<($($key,)*)>(parts, $n)
            }
        }
    };
}

leading! { A B; A U; }
leading! { A B; 2 A U; B V }
leading! { A B C; A U; }
leading! { A B C; 2 A U; B V }
leading! { A B C; 3 A U B V; C W }
leading! { A B C D; A U; }
leading! { A B C D; 2 A U; B V }
leading! { A B C D; 3 A U B V; C W }
leading! { A B C D; 4 A U B V C W; D X }
leading! { A B C D E; A U; }
leading! { A B C D E; 2 A U; B V }
leading! { A B C D E; 3 A U B V; C W }
leading! { A B C D E; 4 A U B V C W; D X }
leading! { A B C D E; 5 A U B V C W D X; E Y }
leading! { A B C D E F; A U; }
leading! { A B C D E F; 2 A U; B V }
leading! { A B C D E F; 3 A U B V; C W }
leading! { A B C D E F; 4 A U B V C W; D X }
leading! { A B C D E F; 5 A U B V C W D X; E Y }
leading! { A B C D E F; 6 A U B V C W D X E Y; F Z }

/// The elements of a tuple.
fn list(tuple: Option<AttributeValue>) -> Parts {
    match tuple {
        Some(AttributeValue::L(parts)) => parts,
        other => other.into_iter().collect(),
    }
}

/// Where the sort key has to lie.
#[derive(Clone, Debug)]
pub(super) enum Range {
    /// Its leading parts are these.
    Equal(Parts),
    /// The last of these leading parts is less, and those before it are equal.
    Less(Parts),
    LessOrEqual(Parts),
    Greater(Parts),
    GreaterOrEqual(Parts),
    Between(Parts, Parts),
    /// The last of these leading parts begins with that text.
    Begins(Parts),
}

impl Range {
    /// The condition, for a sort key that is stored so.
    pub(super) fn on(self, side: &Side) -> Fragment {
        match side {
            Side::Attribute(name) => in_attribute(name, self),
            Side::Attributes(names) => in_attributes(names, self),
            Side::Template(name, template) => {
                in_text(name, template, self).unwrap_or_else(|error| Fragment::failed(error.in_field(name)))
            }
        }
    }
}

/// The condition that the key begins as every key of its template does, which in a shared partition keeps others out.
pub(super) fn within(side: &Side) -> Fragment {
    match side {
        Side::Template(name, template) if side.is_constant() => {
            Fragment::of(*name).text(" = ").value(text(template.literal()))
        }
        Side::Template(name, template) if !template.literal().is_empty() => begins_with(name, text(template.literal())),
        _ => Fragment::default(),
    }
}

fn in_attribute(name: &'static str, range: Range) -> Fragment {
    let compare = |operator, mut parts: Parts| match parts.pop() {
        Some(part) => Fragment::of(name).text(operator).value(part),
        None => Fragment::default(),
    };
    match range {
        Range::Equal(parts) => compare(" = ", parts),
        Range::Less(parts) => compare(" < ", parts),
        Range::LessOrEqual(parts) => compare(" <= ", parts),
        Range::Greater(parts) => compare(" > ", parts),
        Range::GreaterOrEqual(parts) => compare(" >= ", parts),
        Range::Between(mut least, mut greatest) => match (least.pop(), greatest.pop()) {
            (Some(least), Some(greatest)) => between(name, least, greatest),
            _ => Fragment::default(),
        },
        Range::Begins(mut parts) => parts.pop().map_or_else(Fragment::default, |part| begins_with(name, part)),
    }
}

/// DynamoDB takes equality of the leading attributes, and one other condition on the last that is given.
fn in_attributes(names: &'static [&'static str], range: Range) -> Fragment {
    let last = range.last();
    let before = match range.leading() {
        Ok(parts) => names.iter().zip(parts).map(|(name, part)| Fragment::of(*name).text(" = ").value(part)),
        Err(error) => return Fragment::failed(error),
    };
    let on = before.len();
    let conditions = before.chain(names.get(on).map(|name| in_attribute(name, last)));
    conditions.reduce(|before, next| before.text(" AND ").append(next)).unwrap_or_default()
}

impl Range {
    /// The parts before the last, which have to be equal.
    fn leading(&self) -> Result<Parts, ItemError> {
        let (Self::Equal(parts)
        | Self::Less(parts)
        | Self::LessOrEqual(parts)
        | Self::Greater(parts)
        | Self::GreaterOrEqual(parts)
        | Self::Between(parts, _)
        | Self::Begins(parts)) = self;
        let leading = &parts[..parts.len().saturating_sub(1)];
        match self {
            Self::Between(_, greatest) if greatest.len() != parts.len() || !greatest.starts_with(leading) => {
                Err(ItemError::new("both ends of `sort_between` have the same leading parts, up to the last"))
            }
            _ => Ok(leading.to_vec()),
        }
    }

    /// The same condition on the last part alone.
    fn last(&self) -> Self {
        let last = |parts: &Parts| parts.last().cloned().into_iter().collect();
        match self {
            Self::Equal(parts) => Self::Equal(last(parts)),
            Self::Less(parts) => Self::Less(last(parts)),
            Self::LessOrEqual(parts) => Self::LessOrEqual(last(parts)),
            Self::Greater(parts) => Self::Greater(last(parts)),
            Self::GreaterOrEqual(parts) => Self::GreaterOrEqual(last(parts)),
            Self::Between(least, greatest) => Self::Between(last(least), last(greatest)),
            Self::Begins(parts) => Self::Begins(last(parts)),
        }
    }
}

/// Keys that a template makes lie between texts. No condition leaves what all its keys begin with: other items of the
/// partition are beyond.
fn in_text(name: &'static str, template: &Template, range: Range) -> Result<Fragment, ItemError> {
    let count = template.attributes().count();
    let first = |parts: &Parts| template.render(parts);
    let end = |parts: &Parts| Ok(if parts.len() < count { after_all(&first(parts)?) } else { first(parts)? });
    let (all_first, all_last) = (template.literal().to_owned(), after_all(template.literal()));
    let between = |least: String, greatest: String| Ok(between(name, text(&least), text(&greatest)));
    let compare = |operator, bound: String| Ok(Fragment::of(name).text(operator).value(text(&bound)));
    let alone = all_first.is_empty(); // DynamoDB takes no empty text for a key
    match range {
        Range::Equal(parts) if parts.len() < count => Ok(begins_with(name, text(&first(&parts)?))),
        Range::Equal(parts) => Ok(Fragment::of(name).text(" = ").value(text(&first(&parts)?))),
        Range::Less(parts) if alone => compare(" < ", first(&parts)?),
        Range::Less(parts) => between(all_first, just_before(&first(&parts)?)),
        Range::LessOrEqual(parts) if alone => compare(" <= ", end(&parts)?),
        Range::LessOrEqual(parts) => between(all_first, end(&parts)?),
        Range::Greater(parts) if alone => compare(" > ", end(&parts)?),
        Range::Greater(parts) => between(end(&parts)? + "\0", all_last),
        Range::GreaterOrEqual(parts) if alone => compare(" >= ", first(&parts)?),
        Range::GreaterOrEqual(parts) => between(first(&parts)?, all_last),
        Range::Between(least, greatest) => between(first(&least)?, end(&greatest)?),
        Range::Begins(mut parts) => {
            let Some(AttributeValue::S(beginning)) = parts.pop() else { return Ok(Fragment::default()) };
            Ok(begins_with(name, text(&(first(&parts)? + &beginning))))
        }
    }
}

/// What sorts after all that begins with this text, and that nothing is.
fn after_all(text: &str) -> String {
    let mut text = text.to_owned();
    text.push(LAST);
    text
}

/// What sorts after all keys that are less than this one, none of which has [`LAST`].
fn just_before(text: &str) -> String {
    let mut text = text.to_owned();
    let before = text.pop().and_then(|last| (char::MIN..last).next_back());
    text.extend(before.into_iter().flat_map(|before| [before, LAST]));
    text
}

fn between(name: &'static str, least: AttributeValue, greatest: AttributeValue) -> Fragment {
    Fragment::of(name).text(" BETWEEN ").value(least).text(" AND ").value(greatest)
}

fn begins_with(name: &'static str, prefix: AttributeValue) -> Fragment {
    Fragment::default().text("begins_with(").name(name).text(", ").value(prefix).text(")")
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}
