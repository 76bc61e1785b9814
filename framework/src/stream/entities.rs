//! Which changes of a shared table a handler gets that takes some of its entities.
//!
//! The event source mapping lets no others through, so that the function does not run for them. Where it lets more
//! through than was meant, since it was made before the handler that runs now, the function leaves them out.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use skyloom_manifest::{Image, StreamFilter, Term, Test};

use super::filter;
use crate::registry::StreamEntry;

/// Entities of a shared table, by the attribute that says which one an item is.
pub(crate) type Entities = (&'static str, &'static [&'static str]);

/// The filters of a handler's mapping.
pub(crate) fn filters(entry: &StreamEntry) -> Vec<StreamFilter> {
    let mut filters: Vec<StreamFilter> = entry.filters.iter().copied().map(filter::filter).collect();
    let Some(entities) = entry.entities else { return filters };
    if filters.is_empty() {
        filters.push(StreamFilter { terms: Vec::new() });
    }
    filters.into_iter().map(|filter| limited(filter, entities)).collect()
}

/// The filter, for these entities only. It stays one filter, of which a mapping has few: where it does not follow from
/// it whether a record has the item before or after, either may be of the entity.
fn limited(filter: StreamFilter, entities: Entities) -> StreamFilter {
    if let Some(image) = image_of(&filter) {
        return with_entity(filter, image, entities);
    }
    let (mut terms, mut alternatives) = (Vec::new(), vec![StreamFilter { terms: Vec::new() }]);
    for term in filter.terms {
        match term {
            // A filter has one group of alternatives at most, so each of these is made for both items.
            Term::Any { of } => alternatives = of,
            term => terms.push(term),
        }
    }
    let of = alternatives.into_iter().flat_map(|alternative| {
        let images = image_of(&alternative).map_or(vec![Image::New, Image::Old], |image| vec![image]);
        images.into_iter().map(move |image| with_entity(alternative.clone(), image, entities))
    });
    let of = of.collect();
    terms.push(Term::Any { of });
    StreamFilter { terms }
}

/// The item that every record has for which the filter holds.
fn image_of(filter: &StreamFilter) -> Option<Image> {
    filter.terms.iter().find_map(|term| match term {
        Term::Event { names } if names.iter().all(|name| name != "REMOVE") => Some(Image::New),
        Term::Event { names } if names.iter().all(|name| name != "INSERT") => Some(Image::Old),
        Term::Attribute { test: Test::NotExists { .. }, .. } => None,
        Term::Attribute { image: image @ (Image::New | Image::Old), .. } => Some(*image),
        Term::Event { .. } | Term::Attribute { .. } | Term::Any { .. } => None,
    })
}

fn with_entity(mut filter: StreamFilter, image: Image, (attribute, names): Entities) -> StreamFilter {
    let test = Test::String { equals: names.iter().map(|name| (*name).to_owned()).collect() };
    filter.terms.push(Term::Attribute { image, attribute: attribute.to_owned(), within: Vec::new(), test });
    filter
}

/// Whether the item of an image is one of the entities.
pub(super) fn is_of(image: &RawValue, (attribute, names): Entities) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    struct Text {
        s: String,
    }
    let attributes: HashMap<String, &RawValue> = serde_json::from_str(image.get()).unwrap_or_default();
    let kind = attributes.get(attribute).and_then(|value| serde_json::from_str::<Text>(value.get()).ok());
    kind.is_some_and(|Text { s }| names.contains(&s.as_str()))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use skyloom_manifest::StartingPosition;

    use super::*;
    use crate::stream::filter::{FilterTerm, FilterTest, Operand, attribute};
    use crate::table::Attribute;

    struct Order;

    const STATUS: filter::Subject = attribute(Attribute::<Order, String>::new("status"), Operand::String);
    const PAID: FilterTerm = new(FilterTest::String(&["paid"]));

    const NO_STATUS: FilterTerm = new(FilterTest::NotExists);

    const fn new(test: FilterTest) -> FilterTerm {
        FilterTerm::Attribute { image: Image::New, subject: STATUS, within: &[], test }
    }

    fn check(filters: &'static [&'static [FilterTerm]], expected: Expect) {
        let entry = StreamEntry {
            table: "Shop",
            entities: Some(("entity", &["Order", "Line"])),
            batch_size: None,
            batch_window: None,
            starting_position: StartingPosition::TrimHorizon,
            retries: None,
            max_record_age: None,
            bisect: false,
            parallelization: None,
            tumbling_window: None,
            on_failure: None,
            filters,
        };
        let patterns = super::filters(&entry).into_iter().map(|filter| filter.pattern().to_string());
        expected.assert_eq(&patterns.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn without_a_filter_the_item_before_or_after_is_of_the_entity() {
        check(
            &[],
            expect![[
                r#"{"$or":[{"dynamodb":{"NewImage":{"entity":{"S":["Order","Line"]}}}},{"dynamodb":{"OldImage":{"entity":{"S":["Order","Line"]}}}}]}"#
            ]],
        );
    }

    #[test]
    fn a_filter_that_needs_an_item_has_the_entity_of_that_one() {
        check(
            &[&[PAID], &[FilterTerm::Event(&["REMOVE"])], &[FilterTerm::Event(&["INSERT", "MODIFY"])]],
            expect![[r#"
                {"dynamodb":{"NewImage":{"entity":{"S":["Order","Line"]},"status":{"S":["paid"]}}}}
                {"dynamodb":{"OldImage":{"entity":{"S":["Order","Line"]}}},"eventName":["REMOVE"]}
                {"dynamodb":{"NewImage":{"entity":{"S":["Order","Line"]}}},"eventName":["INSERT","MODIFY"]}"#]],
        );
    }

    #[test]
    fn the_entity_is_in_each_alternative() {
        check(
            &[&[FilterTerm::Any(&[&[PAID], &[FilterTerm::Event(&["INSERT", "REMOVE"])]])]],
            expect![[
                r#"{"$or":[{"dynamodb":{"NewImage":{"entity":{"S":["Order","Line"]},"status":{"S":["paid"]}}}},{"dynamodb":{"NewImage":{"entity":{"S":["Order","Line"]}}},"eventName":["INSERT","REMOVE"]},{"dynamodb":{"OldImage":{"entity":{"S":["Order","Line"]}}},"eventName":["INSERT","REMOVE"]}]}"#
            ]],
        );
    }

    #[test]
    fn an_attribute_that_is_not_there_says_nothing_of_the_item() {
        check(
            &[&[NO_STATUS]],
            expect![[
                r#"{"$or":[{"dynamodb":{"NewImage":{"entity":{"S":["Order","Line"]}}}},{"dynamodb":{"OldImage":{"entity":{"S":["Order","Line"]}}}}],"dynamodb":{"NewImage":{"status":{"S":[{"exists":false}]}}}}"#
            ]],
        );
    }

    #[test]
    fn an_item_says_which_entity_it_is() {
        let is_of = |image: &str| super::is_of(serde_json::from_str(image).unwrap(), ("entity", &["Order"]));
        assert!(is_of(r#"{"pk":{"S":"A"},"entity":{"S":"Order"}}"#));
        for other in [r#"{"entity":{"S":"Line"}}"#, r#"{"entity":{"N":"1"}}"#, r#"{"pk":{"S":"Order"}}"#] {
            assert!(!is_of(other), "{other}");
        }
    }
}
