use std::{fmt, marker::PhantomData, ops::Not};

use super::expression::Fragment;

/// A condition on an item of the table `T`, made by the methods of its attributes.
///
/// ```
/// # use skyloom::table::{Attribute, Condition};
/// # struct Order;
/// # impl Order {
/// #     const STATUS: Attribute<Self, String> = Attribute::new("status");
/// #     const TOTAL_CENTS: Attribute<Self, u64> = Attribute::new("total_cents");
/// #     const NOTE: Attribute<Self, Option<String>> = Attribute::new("note");
/// # }
/// let condition: Condition<Order> =
///     Order::STATUS.eq("open").and(Order::TOTAL_CENTS.between(1, 999).or(!Order::NOTE.contains("gift")));
/// ```
#[must_use]
pub struct Condition<T> {
    fragment: Fragment,
    joined: Joined,
    table: PhantomData<fn() -> T>,
}

/// What holds a condition together, so that parentheses are only where they are needed: DynamoDB limits their nesting.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Joined {
    Single,
    And,
    Or,
}

impl<T> Condition<T> {
    pub(super) fn new(fragment: Fragment) -> Self {
        Self { fragment, joined: Joined::Single, table: PhantomData }
    }

    /// Both hold.
    pub fn and(self, other: Self) -> Self {
        self.join(Joined::And, " AND ", other)
    }

    /// At least one holds.
    pub fn or(self, other: Self) -> Self {
        self.join(Joined::Or, " OR ", other)
    }

    fn join(self, joined: Joined, word: &'static str, other: Self) -> Self {
        let fragment = self.operand(joined).operator(word).append(other.operand(joined));
        Self { joined, ..Self::new(fragment) }
    }

    fn operand(self, of: Joined) -> Fragment {
        if self.joined == Joined::Single || self.joined == of { self.fragment } else { self.fragment.in_parentheses() }
    }

    /// Both, where there may be none before.
    pub(super) fn added_to(self, before: Option<Self>) -> Self {
        match before {
            Some(before) => before.and(self),
            None => self,
        }
    }

    /// The same condition, for what is alike for all tables.
    pub(super) fn of_any_table(self) -> Condition<()> {
        Condition { fragment: self.fragment, joined: self.joined, table: PhantomData }
    }

    pub(super) fn into_fragment(self) -> Fragment {
        self.fragment
    }
}

/// It does not hold.
impl<T> Not for Condition<T> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(Fragment::default().operator("NOT ").append(self.fragment.in_parentheses()))
    }
}

impl<T> Clone for Condition<T> {
    fn clone(&self) -> Self {
        Self { fragment: self.fragment.clone(), joined: self.joined, table: PhantomData }
    }
}

impl<T> fmt::Debug for Condition<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Condition").field(&self.fragment).finish()
    }
}
