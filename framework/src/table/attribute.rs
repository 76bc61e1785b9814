use std::{fmt, marker::PhantomData};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;

use super::{
    condition::Condition,
    expression::Fragment,
    item::{ItemError, to_attribute},
    value::{ElementOf, Text, ValueFor},
};

/// An attribute of the table `T` whose values are of the type `V`. `#[derive(Table)]` makes one for each field.
pub struct Attribute<T, V> {
    name: &'static str,
    types: PhantomData<fn() -> (T, V)>,
}

/// DynamoDB's limit of the operands of `IN`.
const IN_OPERANDS: usize = 100;

impl<T, V> Attribute<T, V> {
    /// The attribute of that name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, types: PhantomData }
    }

    /// Its name as stored.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// It has that value. To be equal to `None` is to be absent.
    pub fn eq(self, value: impl ValueFor<V>) -> Condition<T> {
        match to_attribute(&value) {
            Ok(None) => self.not_exists(),
            value => self.compare(" = ", value),
        }
    }

    /// It has another value, or none.
    pub fn ne(self, value: impl ValueFor<V>) -> Condition<T> {
        match to_attribute(&value) {
            Ok(None) => self.exists(),
            value => self.compare(" <> ", value),
        }
    }

    /// It is less.
    pub fn lt(self, value: impl ValueFor<V>) -> Condition<T> {
        self.compare(" < ", to_attribute(&value))
    }

    /// It is less or equal.
    pub fn le(self, value: impl ValueFor<V>) -> Condition<T> {
        self.compare(" <= ", to_attribute(&value))
    }

    /// It is greater.
    pub fn gt(self, value: impl ValueFor<V>) -> Condition<T> {
        self.compare(" > ", to_attribute(&value))
    }

    /// It is greater or equal.
    pub fn ge(self, value: impl ValueFor<V>) -> Condition<T> {
        self.compare(" >= ", to_attribute(&value))
    }

    /// It is one of the two, or between them.
    pub fn between(self, least: impl ValueFor<V>, greatest: impl ValueFor<V>) -> Condition<T> {
        let least = Fragment::of(self.name).text(" BETWEEN ").value_of(self.name, to_attribute(&least));
        Condition::new(least.text(" AND ").value_of(self.name, to_attribute(&greatest)))
    }

    /// It is one of these. It is none of an empty list.
    pub fn is_in<X: ValueFor<V>>(self, values: impl IntoIterator<Item = X>) -> Condition<T> {
        let values: Vec<X> = values.into_iter().collect();
        let lists = values.chunks(IN_OPERANDS).map(|values| Condition::new(self.in_list(values)));
        lists.reduce(Condition::or).unwrap_or_else(|| self.exists().and(self.not_exists()))
    }

    fn in_list<X: ValueFor<V>>(self, values: &[X]) -> Fragment {
        let operands = values.iter().map(|value| Fragment::default().value_of(self.name, to_attribute(value)));
        let list = operands.fold(Fragment::default(), Fragment::listed);
        Fragment::of(self.name).text(" IN ").append(list.in_parentheses())
    }

    /// The item has it.
    pub fn exists(self) -> Condition<T> {
        Condition::new(exists(self.name))
    }

    /// The item does not have it.
    pub fn not_exists(self) -> Condition<T> {
        Condition::new(not_exists(self.name))
    }

    /// It is a string that begins with that one.
    pub fn begins_with(self, prefix: impl AsRef<str>) -> Condition<T>
    where
        V: Text,
    {
        self.function("begins_with(", prefix.as_ref())
    }

    /// It is a string with that one in it, or a list or set with that element.
    pub fn contains(self, element: impl ElementOf<V>) -> Condition<T> {
        self.function("contains(", &element)
    }

    fn compare(self, operator: &'static str, value: Result<Option<AttributeValue>, ItemError>) -> Condition<T> {
        Condition::new(Fragment::of(self.name).text(operator).value_of(self.name, value))
    }

    fn function(self, name: &'static str, operand: &(impl Serialize + ?Sized)) -> Condition<T> {
        let call = Fragment::default().text(name).name(self.name).text(", ");
        let call = call.value_of(self.name, to_attribute(operand));
        Condition::new(call.text(")"))
    }
}

/// The item has the attribute.
pub(super) fn exists(name: &'static str) -> Fragment {
    Fragment::default().text("attribute_exists(").name(name).text(")")
}

/// The item does not have the attribute.
pub(super) fn not_exists(name: &'static str) -> Fragment {
    Fragment::default().text("attribute_not_exists(").name(name).text(")")
}

impl<T, V> Clone for Attribute<T, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, V> Copy for Attribute<T, V> {}

impl<T, V> fmt::Debug for Attribute<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Attribute").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use expect_test::{Expect, expect};

    use super::{super::expression::Placeholders, *};

    struct Order;
    const STATUS: Attribute<Order, String> = Attribute::new("status");
    const CENTS: Attribute<Order, Option<u64>> = Attribute::new("cents");
    const TAGS: Attribute<Order, Vec<String>> = Attribute::new("tags");
    const RATIO: Attribute<Order, f64> = Attribute::new("ratio");

    /// The expression, its names in order, and how many values it has.
    fn check(condition: Condition<Order>, expected: Expect) {
        let mut placeholders = Placeholders::default();
        let text = placeholders.write(condition.into_fragment()).unwrap().unwrap_or_default();
        let (names, _) = placeholders.finish();
        let names: BTreeMap<_, _> = names.unwrap_or_default().into_iter().collect();
        expected.assert_eq(&names.iter().fold(text, |text, (key, name)| text.replace(key, name)));
    }

    #[test]
    fn each_comparison_has_its_expression() {
        check(STATUS.eq("open"), expect!["status = :v0"]);
        let open = "open".to_owned();
        check(STATUS.ne(&open), expect!["status <> :v0"]);
        check(CENTS.lt(5), expect!["cents < :v0"]);
        check(CENTS.le(5), expect!["cents <= :v0"]);
        check(CENTS.gt(Some(5)), expect!["cents > :v0"]);
        check(CENTS.ge(5), expect!["cents >= :v0"]);
        check(CENTS.between(1, 9), expect!["cents BETWEEN :v0 AND :v1"]);
        check(STATUS.is_in(["a", "b"]), expect!["status IN (:v0, :v1)"]);
        check(STATUS.begins_with("a"), expect!["begins_with(status, :v0)"]);
        check(STATUS.contains("a"), expect!["contains(status, :v0)"]);
        check(TAGS.contains("a"), expect!["contains(tags, :v0)"]);
        check(CENTS.exists(), expect!["attribute_exists(cents)"]);
        check(CENTS.not_exists(), expect!["attribute_not_exists(cents)"]);
    }

    #[test]
    fn none_is_an_absent_attribute() {
        check(CENTS.eq(None), expect!["attribute_not_exists(cents)"]);
        check(CENTS.ne(None), expect!["attribute_exists(cents)"]);
        let error = Placeholders::default().write(CENTS.lt(None).into_fragment()).unwrap_err();
        assert_eq!(error.to_string(), "`cents`: `None` cannot be compared");
    }

    #[test]
    fn parentheses_are_where_they_are_needed() {
        let (a, b, c) = (|| STATUS.exists(), || CENTS.exists(), || TAGS.exists());
        check(
            a().and(b()).and(c()),
            expect!["attribute_exists(status) AND attribute_exists(cents) AND attribute_exists(tags)"],
        );
        check(
            a().and(b().or(c())),
            expect!["attribute_exists(status) AND (attribute_exists(cents) OR attribute_exists(tags))"],
        );
        check((!a()).or(b()), expect!["NOT (attribute_exists(status)) OR attribute_exists(cents)"]);
        check(!(a().or(b())), expect!["NOT (attribute_exists(status) OR attribute_exists(cents))"]);
    }

    #[test]
    fn a_list_of_any_length_can_be_searched() {
        check(STATUS.is_in([""; 0]), expect!["attribute_exists(status) AND attribute_not_exists(status)"]);
        let mut placeholders = Placeholders::default();
        let many = STATUS.is_in((0..150).map(|n| n.to_string()));
        let text = placeholders.write(many.into_fragment()).unwrap().unwrap();
        assert_eq!(text.matches(" IN (").count(), 2);
        assert_eq!(placeholders.finish().1.unwrap().len(), 150);
    }

    #[test]
    fn a_value_that_cannot_be_stored_is_found_when_the_request_is_made() {
        let error = Placeholders::default().write(RATIO.gt(f64::NAN).and(STATUS.eq("a")).into_fragment()).unwrap_err();
        assert_eq!(error.to_string(), "`ratio`: DynamoDB has no number for NaN");
    }
}
