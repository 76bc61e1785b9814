/// Whether something holds, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    /// It depends on something that is not known here: what it would allow is not allowed, and what it would deny is denied.
    Unknown,
}

impl Truth {
    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    pub(super) fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::No => Self::No,
            Self::Yes => other(),
            Self::Unknown if other() == Self::No => Self::No,
            Self::Unknown => Self::Unknown,
        }
    }

    pub(super) fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Yes;
        for truth in truths {
            match truth {
                Self::No => return Self::No,
                Self::Unknown => all = Self::Unknown,
                Self::Yes => {}
            }
        }
        all
    }

    pub(super) fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        Self::all(truths.into_iter().map(Self::not)).not()
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, No, Unknown, Yes};

    #[test]
    fn what_is_unknown_matters_only_where_nothing_else_decides() {
        assert_eq!((Truth::all([Yes, Unknown]), Truth::all([Unknown, No])), (Unknown, No));
        assert_eq!((Truth::any([No, Unknown]), Truth::any([Unknown, Yes])), (Unknown, Yes));
        assert_eq!((Unknown.and(|| No), Unknown.and(|| Yes), Yes.and(|| Unknown)), (No, Unknown, Unknown));
        assert_eq!((Truth::all([]), Truth::any([]), Unknown.not()), (Yes, No, Unknown));
    }
}
