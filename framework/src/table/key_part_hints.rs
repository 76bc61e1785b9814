//! Conditions that a part of a key does not have, so that who writes one is told what a query has instead. They cannot be called:
//! no type implements the trait that they want.

use super::{condition::Condition, layout::KeyPart};

/// A field that is an attribute of its own.
#[diagnostic::on_unimplemented(
    message = "the key is made of this field, which is no attribute of its own and has no conditions",
    label = "it is stored in the key alone",
    note = "what a query wants of the key it says by itself: `query(&partition).sort_begins_with(…)`",
    note = "whether the item is there is `exists()` and `not_exists()` of its type"
)]
pub trait Stored<T> {
    #[doc(hidden)]
    fn condition(self) -> Condition<T>;
}

macro_rules! conditions {
    ($($name:ident($($value:ident)?)),+ $(,)?) => {
        impl<T, V> KeyPart<T, V> {
            $(
                #[doc(hidden)]
                pub fn $name$(<$value>)?(self $(, _: $value)?) -> Condition<T>
                where
                    Self: Stored<T>,
                {
                    self.condition()
                }
            )+
        }
    };
}

conditions!(eq(X), ne(X), lt(X), le(X), gt(X), ge(X), is_in(X), begins_with(X), contains(X), exists(), not_exists());
