use expect_test::{Expect, expect};
use skyloom_manifest::{AttributeType, Entity, ItemShape, KeyAttribute, KeyAttributes, StoredType, StreamView};

use super::*;
use crate::template::fixture;

/// What is found after this was done to the shop.
fn check(change: impl FnOnce(&mut Manifest), expected: Expect) {
    check_from(fixture::shop(), change, expected);
}

fn check_from(before: Manifest, change: impl FnOnce(&mut Manifest), expected: Expect) {
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
        expect![[r#"
            src/lib.rs:10: `Order`: replaces the table: its partition key was `shopper` (S) and is `shopper` (N)
                CloudFormation makes a new, empty table; the old one is kept with all its items, which nothing reads any more.
                Instead: declare the new table under a name of its own, copy the items, and remove the old one when nothing uses it.
            src/lib.rs:10: `Order`: replaces the table: its sort key was `id` (S) and is none
                CloudFormation makes a new, empty table; the old one is kept with all its items, which nothing reads any more.
                Instead: declare the new table under a name of its own, copy the items, and remove the old one when nothing uses it."#]],
    );
    check(
        |shop| shop.tables[1].name = "Parcel".into(),
        expect![[r#"
        src/lib.rs:30: `Shipment`: replaces the table: it is not declared any more; `Parcel` would be another table
            the table leaves the stack and is kept with all its items, which nothing reads any more.
            Instead: keep the struct's name, which is the table's; or copy the items first."#]],
    );
    check(
        |shop| shop.tables.truncate(1),
        expect![[r#"
        src/lib.rs:30: `Shipment`: replaces the table: it is not declared any more
            the table leaves the stack and is kept with all its items, which nothing reads any more.
            Instead: keep the struct's name, which is the table's; or copy the items first."#]],
    );
}

#[test]
fn local_indexes_are_made_with_their_table() {
    check(
        |shop| {
            let mut another = shop.tables[0].indexes[1].clone();
            another.name = "ByDay".into();
            shop.tables[0].indexes[1].sort_key = Some(KeyAttributes::One(number("weight")));
            shop.tables[0].indexes.push(another);
        },
        expect![[r#"
            src/lib.rs:10: `Order`: replaces the table: its local index `ByDay` is new
                local indexes are fixed when a table is made: CloudFormation makes a new, empty one, and the old one is kept with all its items.
                Instead: use a global index, which can be added and removed at any time; leave a local one that is not used.
            src/lib.rs:10: `Order`: replaces the table: its local index `ByTotal` has another key or projection
                local indexes are fixed when a table is made: CloudFormation makes a new, empty one, and the old one is kept with all its items.
                Instead: use a global index, which can be added and removed at any time; leave a local one that is not used."#]],
    );
    check(
        |shop| shop.tables[0].indexes.truncate(1),
        expect![[r#"
        src/lib.rs:10: `Order`: replaces the table: its local index `ByTotal` is not there any more
            local indexes are fixed when a table is made: CloudFormation makes a new, empty one, and the old one is kept with all its items.
            Instead: use a global index, which can be added and removed at any time; leave a local one that is not used."#]],
    );
}

#[test]
fn a_global_index_is_added_or_removed_alone_and_never_changed() {
    check(
        |shop| shop.tables[0].indexes[0].sort_key = None,
        expect![[r#"
        src/lib.rs:10: `Order`: rebuilds an index: its index `ByStatus` has another key or projection
            DynamoDB cannot change an index: it is removed and made anew from all items, and CloudFormation refuses both at once.
            Instead: add an index of another name, let the handlers read that one, and then remove this one."#]],
    );
    check(
        |shop| {
            let by_status = shop.tables[0].indexes.remove(0);
            let (mut day, mut week) = (by_status.clone(), by_status);
            day.name = "ByDay".into();
            week.name = "ByWeek".into();
            shop.tables[0].indexes.extend([day, week]);
        },
        expect![[r#"
            src/lib.rs:10: `Order`: needs several deploys: its indexes `ByStatus`, `ByDay`, `ByWeek` are added or removed at once
                DynamoDB adds or removes one global index of a table in an update, and CloudFormation refuses more; no item is touched.
                Instead: deploy them one after the other."#]],
    );
    check(|shop| _ = shop.tables[0].indexes.remove(0), expect![[""]]);
}

#[test]
fn the_type_of_an_indexed_attribute_is_that_of_the_stored_items() {
    check(
        |shop| shop.tables[0].indexes[0].partition_key = KeyAttributes::One(number("status")),
        expect![[r#"
        src/lib.rs:10: `Order`: rebuilds an index: its index `ByStatus` has another key or projection
            DynamoDB cannot change an index: it is removed and made anew from all items, and CloudFormation refuses both at once.
            Instead: add an index of another name, let the handlers read that one, and then remove this one.
        src/lib.rs:10: `Order`: breaks stored data: the type of its attribute `status`, which an index has as a key, was S and is N
            items with the old type are missing from the index, and cannot be read as what the struct says now.
            Instead: add a field of another name and type, write both for a while, and index the new one."#]],
    );
}

#[test]
fn another_stream_expiry_or_kind_of_table_comes_at_a_price() {
    check(
        |shop| {
            shop.tables[0].stream = Some(StreamView::KeysOnly);
            shop.tables[0].ttl = Some("gone_at".into());
            shop.tables[0].options.replicas = vec!["us-east-1".into()];
        },
        expect![[r#"
            src/lib.rs:10: `Order`: replaces the table: it changes between a table of one region and a global table
                CloudFormation cannot change the one resource into the other, and refuses or makes an empty table.
                Instead: declare the new table under a name of its own and copy the items, or import the table into the stack as what it shall be.
            src/lib.rs:10: `Order`: replaces the stream: its stream was NEW_AND_OLD_IMAGES and is KEYS_ONLY
                the stream ends and another one begins: changes that no handler has read by then are not read any more.
                Instead: let the handlers catch up while nothing writes, then deploy.
            src/lib.rs:10: `Order`: needs several deploys: its TTL attribute was `expires_at` and is `gone_at`
                items that have only the old attribute are never removed, and DynamoDB refuses to change it in one step.
                Instead: deploy without `ttl`, write the new attribute to the items, and deploy with the new `ttl` after an hour."#]],
    );
}

#[test]
fn an_entity_finds_its_items_by_its_templates() {
    let entity = |name: &str, sort: &str| Entity {
        name: name.into(),
        source: None,
        partition: "CUSTOMER#{customer}".into(),
        sort: Some(sort.into()),
        item: None,
    };
    let mut shop = fixture::shop();
    shop.tables[0].entities = vec![entity("Order", "ORDER#{id}"), entity("Quote", "QUOTE#{id}")];
    check_from(shop.clone(), |shop| shop.tables[0].entities.push(entity("Note", "NOTE#{id}")), expect![[""]]);
    check_from(
        shop,
        |shop| shop.tables[0].entities = vec![entity("Order", "ORDER#{id:08}")],
        expect![[r#"
        src/lib.rs:10: `Order`: breaks stored data: the key of `Order` was made of `CUSTOMER#{customer}`, `ORDER#{id}` and is made of `CUSTOMER#{customer}`, `ORDER#{id:08}`
            the stored items stay, and nothing of the application finds or reads them.
            Instead: declare an entity of another name with the new key, copy the items, and remove the old one.
        src/lib.rs:10: `Order`: breaks stored data: it has no `Quote` any more
            the stored items stay, and nothing of the application finds or reads them.
            Instead: keep its name with `name = "…"` if the struct is only called otherwise; or delete the items first."#]],
    );
}

/// A shop whose orders have these attributes; one whose name ends with `?` may be missing.
fn shop_of(attributes: &[(&str, StoredType)]) -> Manifest {
    let mut shop = fixture::shop();
    shop.tables[0].item = Some(shape(attributes));
    shop
}

fn shape(attributes: &[(&str, StoredType)]) -> ItemShape {
    let mut shape = ItemShape::default();
    for (name, kind) in attributes {
        let bare = name.trim_end_matches('?');
        shape.attributes.insert(bare.into(), *kind);
        if bare != *name {
            shape.optional.insert(bare.into());
        }
    }
    shape
}

#[test]
fn another_type_of_an_attribute_is_an_error_for_who_reads_an_old_item() {
    check_from(
        shop_of(&[("id", StoredType::S), ("tags", StoredType::L), ("total", StoredType::N), ("x", StoredType::Any)]),
        |shop| {
            let types =
                [("id", StoredType::N), ("tags", StoredType::Ss), ("total", StoredType::S), ("x", StoredType::N)];
            shop.tables[0].item = Some(shape(&types));
        },
        expect![[r#"
            src/lib.rs:10: `Order`: breaks stored data: the type of its attribute `tags` was L and is SS
                stored items are read, but an update that adds to or takes from the attribute fails on them.
                Instead: `put` each item once as it was read, before anything updates it.
            src/lib.rs:10: `Order`: breaks stored data: the type of its attribute `total` was N and is S
                no item that is stored with the old type is read: it fails with `total: invalid type`, and a caller gets 500.
                Instead: add a field of another name with `#[serde(default)]`, and write both until each item has it; or read both types with `#[serde(deserialize_with = "…")]`."#]],
    );
}

#[test]
fn what_old_items_lack_is_told_unless_it_may_be_missing() {
    let new = [("id", StoredType::S), ("carrier", StoredType::S), ("note?", StoredType::S), ("weight", StoredType::N)];
    check_from(
        shop_of(&[("id", StoredType::S), ("weight?", StoredType::N)]),
        |shop| shop.tables[0].item = Some(shape(&new)),
        expect![[r#"
            src/lib.rs:10: `Order`: breaks stored data: its attribute `carrier` is new, and each item has to have it
                no item that is stored without it is read: it fails with `missing field carrier`, and a caller gets 500.
                Instead: make it an `Option`, or write `#[serde(default)]`, until each item has it.
            src/lib.rs:10: `Order`: breaks stored data: its attribute `weight` could be missing, and each item has to have it now
                no item that is stored without it is read: it fails with `missing field weight`, and a caller gets 500.
                Instead: make it an `Option`, or write `#[serde(default)]`, until each item has it."#]],
    );
    let mut unknown = shop_of(&[]);
    unknown.tables[0].item = None;
    check_from(unknown, |shop| shop.tables[0].item = Some(shape(&new)), expect![[""]]);
}

#[test]
fn an_attribute_that_nothing_reads_any_more_is_told_and_a_renamed_one_is_recognised() {
    check_from(
        shop_of(&[("note?", StoredType::S), ("total_cents", StoredType::N)]),
        |shop| shop.tables[0].item = Some(shape(&[("total?", StoredType::N)])),
        expect![[r#"
            src/lib.rs:10: `Order`: leaves stored data unread: its attribute `note` is not there any more
                the stored values stay and nothing reads them; the next `put` of an item removes them.
                Instead: keep the field until nobody needs its values, or copy them before.
            src/lib.rs:10: `Order`: leaves stored data unread: its attribute `total_cents` is not there any more
                the stored values stay and nothing reads them; the next `put` of an item removes them.
                Instead: if it is `total` now, keep its stored name with `#[serde(rename = "total_cents")]`, or read both with `#[serde(alias = "total_cents")]`."#]],
    );
    check_from(
        shop_of(&[("total_cents", StoredType::N)]),
        |shop| {
            let aliases = [("total_cents".into(), "total".into())].into();
            shop.tables[0].item = Some(ItemShape { aliases, ..shape(&[("total", StoredType::N)]) });
        },
        expect![[""]],
    );
    check_from(
        shop_of(&[("note?", StoredType::S), ("total", StoredType::N)]),
        |shop| shop.tables[0].item = Some(ItemShape { open: true, ..shape(&[("total", StoredType::N)]) }),
        expect![[""]],
    );
}

#[test]
fn an_alias_that_is_dropped_leaves_the_items_that_have_it() {
    let attributes = [("total", StoredType::N), ("note?", StoredType::S)];
    let aliases = [("sum".into(), "total".into()), ("remark".into(), "note".into())].into();
    let mut shop = shop_of(&attributes);
    shop.tables[0].item = Some(ItemShape { aliases, ..shape(&attributes) });
    check_from(
        shop,
        |shop| shop.tables[0].item = Some(shape(&attributes)),
        expect![[r#"
        src/lib.rs:10: `Order`: leaves stored data unread: its attribute `note` is not read under the name `remark` any more
            items that were not written since are read as if they did not have it.
            Instead: keep `#[serde(alias = "remark")]` until each item was written again.
        src/lib.rs:10: `Order`: breaks stored data: its attribute `total` is not read under the name `sum` any more
            no item that was not written since is read: it fails with `missing field total`.
            Instead: keep `#[serde(alias = "sum")]` until each item was written again."#]],
    );
}

#[test]
fn an_entity_is_known_by_what_its_items_say() {
    let entity = |name: &str, item: ItemShape| Entity {
        name: name.into(),
        source: None,
        partition: "CUSTOMER#{customer}".into(),
        sort: Some("ORDER#{id}".into()),
        item: Some(item),
    };
    let mut shop = fixture::shop();
    shop.tables[0].discriminator = Some("entity".into());
    shop.tables[0].entities = vec![entity("Order", shape(&[("total", StoredType::N)]))];
    check_from(
        shop.clone(),
        |shop| shop.tables[0].entities = vec![entity("Purchase", shape(&[("total", StoredType::N)]))],
        expect![[r#"
            src/lib.rs:10: `Order`: breaks stored data: `Order` is called `Purchase` now, which its items say of themselves
                the stored items say `Order`: reading one is an error, and queries leave them out.
                Instead: keep what they say with `name = "Order"` in `#[entity(…)]`; or write the new name to each item before."#]],
    );
    check_from(
        shop,
        |shop| {
            shop.tables[0].discriminator = Some("kind".into());
            shop.tables[0].entities = vec![entity("Order", shape(&[("total", StoredType::S)]))];
        },
        expect![[r#"
            src/lib.rs:10: `Order`: breaks stored data: the attribute that says which entity an item is was `entity` and is `kind`
                no stored item says what it is where it is looked for: reading one is an error, and queries leave all out.
                Instead: keep the attribute, `discriminator = "…"`; or write the new one to each item before this is deployed.
            src/lib.rs:10: `Order`: breaks stored data: the type of the attribute `total` of `Order` was N and is S
                no item that is stored with the old type is read: it fails with `total: invalid type`, and a caller gets 500.
                Instead: add a field of another name with `#[serde(default)]`, and write both until each item has it; or read both types with `#[serde(deserialize_with = "…")]`."#]],
    );
}
