use std::collections::BTreeMap;

use expect_test::{Expect, expect};

use super::{super::expression::Placeholders, *};

struct Order;
const STATUS: Attribute<Order, String> = Attribute::new("status");
const CENTS: Attribute<Order, Option<u64>> = Attribute::new("cents");
const TOTAL: Attribute<Order, u64> = Attribute::new("total");
const TAGS: Attribute<Order, Vec<String>> = Attribute::new("tags");
const RATIO: Attribute<Order, f64> = Attribute::new("ratio");
const PAID: Attribute<Order, bool> = Attribute::new("paid");

fn write(condition: Condition<Order>) -> Result<String, String> {
    let mut placeholders = Placeholders::default();
    let text = placeholders.write(condition.into_fragment()).map_err(|error| error.to_string())?.unwrap_or_default();
    let (names, _) = placeholders.finish();
    let names: BTreeMap<_, _> = names.unwrap_or_default().into_iter().collect();
    Ok(names.iter().fold(text, |text, (key, name)| text.replace(key, name)))
}

/// The expression with its names.
fn check(condition: Condition<Order>, expected: Expect) {
    expected.assert_eq(&write(condition).unwrap());
}

/// What is wrong with it, which is found when the request is made.
fn check_error(condition: Condition<Order>, expected: Expect) {
    expected.assert_eq(&write(condition).unwrap_err());
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
    check(CENTS.is_type(DataType::Number), expect!["attribute_type(cents, :v0)"]);
    check(TAGS.size().gt(3), expect!["size(tags) > :v0"]);
    check(STATUS.size().between(1, 9), expect!["size(status) BETWEEN :v0 AND :v1"]);
    check(TAGS.at(0).begins_with("a"), expect!["begins_with(tags[0], :v0)"]);
}

#[test]
fn an_attribute_can_be_compared_with_another() {
    check(CENTS.ge(TOTAL), expect!["cents >= total"]);
    check(TOTAL.eq(CENTS), expect!["total = cents"]);
    check(TOTAL.between(5, CENTS), expect!["total BETWEEN :v0 AND cents"]);
    check(TAGS.at(0).ne(TAGS.at(1)), expect!["tags[0] <> tags[1]"]);
    check_error(TOTAL.le(TOTAL), expect!["`total`: DynamoDB does not compare an attribute with itself"]);
}

#[test]
fn none_is_an_absent_attribute() {
    check(CENTS.eq(None), expect!["attribute_not_exists(cents)"]);
    check(CENTS.ne(None), expect!["attribute_exists(cents)"]);
    check_error(CENTS.lt(None), expect!["`cents`: `None` cannot be compared"]);
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
    let many = STATUS.is_in((0..150).map(|n| n.to_string()));
    assert_eq!(write(many).unwrap().matches(" IN (").count(), 2);
}

#[test]
fn a_value_that_cannot_be_stored_or_ordered_is_found_when_the_request_is_made() {
    check_error(RATIO.gt(f64::NAN).and(STATUS.eq("a")), expect!["`ratio`: DynamoDB has no number for NaN"]);
    check_error(PAID.gt(false), expect!["`paid`: DynamoDB orders strings, numbers and binary, and not BOOL"]);
    check_error(TOTAL.between(9, 1), expect!["`total`: the bounds are reversed: `between` takes the least first"]);
    check_error(
        STATUS.between("b", "a"),
        expect!["`status`: the bounds are reversed: `between` takes the least first"],
    );
    check(STATUS.between("a", "a"), expect!["status BETWEEN :v0 AND :v1"]);
}

#[test]
fn an_expression_over_dynamodbs_limits_is_not_sent() {
    let many = |count| (0..count).map(|_| TOTAL.exists()).reduce(Condition::and).unwrap();
    assert!(write(many(150)).is_ok()); // 150 functions, 149 times AND
    check_error(
        many(151),
        expect!["an expression has at most 300 operators and functions in DynamoDB, and this one has 301"],
    );
    check_error(
        STATUS.is_in((0..700).map(|n| n.to_string())),
        expect!["an expression has at most 4096 bytes in DynamoDB, and this one has 4863"],
    );
}
