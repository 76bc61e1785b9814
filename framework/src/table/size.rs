use std::{fmt, marker::PhantomData};

use super::{comparison::Left, condition::Condition, operand::Operand, path::DocumentPath};

/// The size of an attribute of the table `T`: [`Attribute::size`](super::Attribute::size).
pub struct Size<T> {
    path: DocumentPath,
    table: PhantomData<fn() -> T>,
}

impl<T> Size<T> {
    pub(super) fn of(path: DocumentPath) -> Self {
        Self { path, table: PhantomData }
    }

    /// It is that.
    pub fn eq(self, other: impl Operand<T, usize>) -> Condition<T> {
        Left::size_of(self.path).compare(" = ", other.into_term())
    }

    /// It is another.
    pub fn ne(self, other: impl Operand<T, usize>) -> Condition<T> {
        Left::size_of(self.path).compare(" <> ", other.into_term())
    }

    /// It is less.
    pub fn lt(self, other: impl Operand<T, usize>) -> Condition<T> {
        Left::size_of(self.path).order(" < ", other.into_term())
    }

    /// It is less or equal.
    pub fn le(self, other: impl Operand<T, usize>) -> Condition<T> {
        Left::size_of(self.path).order(" <= ", other.into_term())
    }

    /// It is greater.
    pub fn gt(self, other: impl Operand<T, usize>) -> Condition<T> {
        Left::size_of(self.path).order(" > ", other.into_term())
    }

    /// It is greater or equal.
    pub fn ge(self, other: impl Operand<T, usize>) -> Condition<T> {
        Left::size_of(self.path).order(" >= ", other.into_term())
    }

    /// It is one of the two, or between them.
    pub fn between(self, least: impl Operand<T, usize>, greatest: impl Operand<T, usize>) -> Condition<T> {
        Left::size_of(self.path).between(least.into_term(), greatest.into_term())
    }
}

impl<T> Clone for Size<T> {
    fn clone(&self) -> Self {
        Self::of(self.path.clone())
    }
}

impl<T> fmt::Debug for Size<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Size").field(&format_args!("{}", self.path)).finish()
    }
}
