use expect_test::{Expect, expect};
use skyloom_manifest::{AttributeType, KeyAttribute, StreamView};

use super::*;
use crate::template::fixture;

/// What is found after this was done to the shop.
fn check(change: impl FnOnce(&mut Manifest), expected: Expect) {
    let before = fixture::shop();
    let mut after = before.clone();
    change(&mut after);
    let findings: Vec<_> = compare(&before, &after).iter().map(ToString::to_string).collect();
    expected.assert_eq(&findings.join("\n"));
}

fn number(attribute: &str) -> KeyAttribute {
    KeyAttribute { attribute: attribute.into(), kind: AttributeType::N }
}

#[test]
fn what_is_not_stored_can_change_freely() {
    check(
        |shop| {
            shop.functions.clear();
            shop.tables[0].options = fixture::shop_with_table_options().tables[0].options.clone();
            shop.tables[1].stream = Some(StreamView::KeysOnly);
            shop.tables[1].ttl = Some("expires_at".into());
            let mut added = shop.tables[1].clone();
            added.name = "Basket".into();
            shop.tables.push(added);
        },
        expect![[""]],
    );
}

#[test]
fn another_key_is_another_table() {
    check(
        |shop| {
            shop.tables[0].partition_key = number("shopper");
            shop.tables[0].sort_key = None;
        },
        expect![[""]],
    );
    check(|shop| shop.tables[1].name = "Parcel".into(), expect![[""]]);
    check(|shop| shop.tables.truncate(1), expect![[""]]);
}

#[test]
fn local_indexes_are_made_with_their_table() {
    check(
        |shop| {
            let mut another = shop.tables[0].indexes[1].clone();
            another.name = "ByDay".into();
            shop.tables[0].indexes[1].sort_key = Some(number("weight"));
            shop.tables[0].indexes.push(another);
        },
        expect![[""]],
    );
    check(|shop| shop.tables[0].indexes.truncate(1), expect![[""]]);
}

#[test]
fn a_global_index_is_added_or_removed_alone_and_never_changed() {
    check(|shop| shop.tables[0].indexes[0].sort_key = None, expect![[""]]);
    check(
        |shop| {
            let by_status = shop.tables[0].indexes.remove(0);
            let (mut day, mut week) = (by_status.clone(), by_status);
            day.name = "ByDay".into();
            week.name = "ByWeek".into();
            shop.tables[0].indexes.extend([day, week]);
        },
        expect![[""]],
    );
    check(|shop| _ = shop.tables[0].indexes.remove(0), expect![[""]]);
}

#[test]
fn the_type_of_an_indexed_attribute_is_that_of_the_stored_items() {
    check(|shop| shop.tables[0].indexes[0].partition_key = number("status"), expect![[""]]);
}

#[test]
fn another_stream_expiry_or_kind_of_table_comes_at_a_price() {
    check(
        |shop| {
            shop.tables[0].stream = Some(StreamView::KeysOnly);
            shop.tables[0].ttl = Some("gone_at".into());
            shop.tables[0].options.replicas = vec!["us-east-1".into()];
        },
        expect![[""]],
    );
}
