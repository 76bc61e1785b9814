use std::fmt;

use serde::{de, ser};

/// Why a value cannot be an item, or an item cannot be the value that is wanted, and where in it:
/// `` `address.lines[2].zip`: invalid type: string "x", expected u32 ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemError {
    message: String,
    /// From the inside out, as it is found.
    path: Vec<Step>,
    /// Which item it is, where that is known: `Order {id: "1"}`.
    item: Option<Box<str>>,
    kind: Kind,
}

/// What an error is about, which decides the variant of [`Error`](super::super::Error) that it becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::table) enum Kind {
    /// A value does not fit its attribute or its type.
    #[default]
    Conversion,
    /// A value cannot be a key.
    Key,
    /// There is more than DynamoDB takes.
    Size,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    Index(usize),
}

impl ItemError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), path: Vec::new(), item: None, kind: Kind::default() }
    }

    /// Says that the error is inside the attribute or field of that name.
    pub(crate) fn in_field(mut self, name: &str) -> Self {
        self.path.push(Step::Field(name.to_owned()));
        self
    }

    /// Says which item the error is about.
    pub(in crate::table) fn in_item(mut self, item: &impl fmt::Display) -> Self {
        self.item = Some(item.to_string().into());
        self
    }

    pub(in crate::table) fn of_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    pub(in crate::table) fn kind(&self) -> Kind {
        self.kind
    }

    /// Says that the error is inside that element of a list.
    pub(in crate::table) fn at_index(mut self, index: usize) -> Self {
        self.path.push(Step::Index(index));
        self
    }

    /// Where in the item it is: `address.lines[2].zip`; empty for the item itself.
    pub fn path(&self) -> String {
        let mut text = String::new();
        for step in self.path.iter().rev() {
            match step {
                Step::Field(name) if text.is_empty() => text.push_str(name),
                Step::Field(name) => text.extend([".", name]),
                Step::Index(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}

impl fmt::Display for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.path.is_empty(), &self.item) {
            (false, Some(item)) => write!(f, "`{}` of {item}: ", self.path())?,
            (false, None) => write!(f, "`{}`: ", self.path())?,
            (true, Some(item)) => write!(f, "{item}: ")?,
            (true, None) => {}
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ItemError {}

impl ser::Error for ItemError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

impl de::Error for ItemError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}
