use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;

use super::{
    attribute::Attribute,
    expression::Fragment,
    item::{ItemError, to_attribute},
    path::{DocumentPath, Place},
    value::ValueFor,
};

/// What an attribute of the type `V` can be compared with or set to: a value ([`ValueFor`]), or another attribute of the
/// table `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a value for an attribute of the type `{V}` nor such an attribute"
)]
pub trait Operand<T, V> {
    /// What of the two it is.
    #[doc(hidden)]
    fn into_term(self) -> Term;
}

impl<T, V, X: ValueFor<V> + Serialize> Operand<T, V> for X {
    fn into_term(self) -> Term {
        Term::Value(to_attribute(&self))
    }
}

impl<T, V, W: Alike<V>, P: Place> Operand<T, V> for Attribute<T, W, P> {
    fn into_term(self) -> Term {
        Term::Path(self.into_document_path())
    }
}

/// Types of attributes that DynamoDB compares with each other. An `Option` is stored as what it holds.
#[diagnostic::on_unimplemented(
    message = "an attribute of the type `{V}` cannot be compared with one of the type `{Self}`"
)]
pub trait Alike<V> {}

impl<V> Alike<V> for V {}
impl<V> Alike<Option<V>> for V {}
impl<V> Alike<V> for Option<V> {}

/// One side of a comparison.
#[derive(Debug)]
pub enum Term {
    /// A value; none for `None`.
    Value(Result<Option<AttributeValue>, ItemError>),
    /// An attribute.
    Path(DocumentPath),
}

impl Term {
    /// As a part of an expression; an error will name the attribute that it is for.
    pub(super) fn into_fragment(self, name: &str) -> Fragment {
        match self {
            Self::Value(value) => Fragment::default().value_of(name, value),
            Self::Path(path) => path.into_fragment(),
        }
    }
}
