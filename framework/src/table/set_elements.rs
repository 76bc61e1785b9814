use std::collections::BTreeSet;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};

use super::{
    item::{ItemError, to_attribute},
    value::{AddedTo, ValueFor},
};

/// The type of an attribute that DynamoDB stores as a set, `SS`, `NS` or `BS`.
#[diagnostic::on_unimplemented(
    message = "an attribute of the type `{Self}` is not stored as a set",
    note = "`skyloom::table::Set` is; Rust's own sets and lists are stored as lists"
)]
pub trait SetAttribute {
    /// What it has: a string, a number or bytes.
    type Element;
}

/// Elements that can be deleted from a set of the type `S`: an array, a slice or a `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no elements of a set of the type `{S}`",
    note = "write an array, a slice or a `Vec` of elements"
)]
pub trait SetElements<S> {
    /// The set of them; none if there are none.
    #[doc(hidden)]
    fn elements(&self) -> Result<Option<AttributeValue>, ItemError>;
}

macro_rules! elements {
    ($([$($generics:tt)*] $type:ty;)*) => {$(
        impl<X: ValueFor<S::Element>, S: SetAttribute, $($generics)*> SetElements<S> for $type {
            fn elements(&self) -> Result<Option<AttributeValue>, ItemError> {
                set_of(self.iter().map(|element| to_attribute(element)))
            }
        }

        impl<X: ValueFor<S::Element>, S: SetAttribute, $($generics)*> SetElements<Option<S>> for $type {
            fn elements(&self) -> Result<Option<AttributeValue>, ItemError> {
                SetElements::<S>::elements(self)
            }
        }

        impl<X: ValueFor<S::Element>, S: SetAttribute, $($generics)*> AddedTo<S> for $type {
            fn amount(&self) -> Result<Option<AttributeValue>, ItemError> {
                SetElements::<S>::elements(self)
            }
        }
    )*};
}

elements! {
    [] &[X];
    [] Vec<X>;
    [const N: usize] [X; N];
}

/// The set of these values. DynamoDB refuses a value that is there twice, so that it is left out here.
pub(super) fn set_of(
    elements: impl IntoIterator<Item = Result<Option<AttributeValue>, ItemError>>,
) -> Result<Option<AttributeValue>, ItemError> {
    let (mut strings, mut numbers, mut blobs) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for element in elements {
        match element? {
            Some(AttributeValue::S(text)) => _ = strings.insert(text),
            Some(AttributeValue::N(number)) => _ = numbers.insert(number),
            Some(AttributeValue::B(blob)) => _ = blobs.insert(blob.into_inner()),
            _ => return Err(ItemError::new("the elements of a set are strings, numbers or bytes")),
        }
    }
    match (strings.is_empty(), numbers.is_empty(), blobs.is_empty()) {
        (true, true, true) => Ok(None),
        (false, true, true) => Ok(Some(AttributeValue::Ss(strings.into_iter().collect()))),
        (true, false, true) => Ok(Some(AttributeValue::Ns(numbers.into_iter().collect()))),
        (true, true, false) => Ok(Some(AttributeValue::Bs(blobs.into_iter().map(Blob::new).collect()))),
        _ => Err(ItemError::new("the elements of a set are all of one type")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_of_one_type_and_has_each_element_once() {
        let string = |text: &str| Ok(Some(AttributeValue::S(text.into())));
        let number = || Ok(Some(AttributeValue::N("1".into())));
        let strings = Some(AttributeValue::Ss(vec!["a".into(), "b".into()]));
        assert_eq!(set_of([string("b"), string("a"), string("b")]), Ok(strings));
        assert_eq!(set_of([]), Ok(None));
        assert!(set_of([string("a"), number()]).is_err());
        assert!(set_of([Ok(Some(AttributeValue::Bool(true)))]).is_err());
    }
}
