//! A query, and what it means in Rust.

use proptest::{option, prelude::*};
use serde::{Deserialize, Serialize};
use skyloom::table::Number;

use crate::{
    answers::Answer,
    rows::{Row, number, stored, text},
};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Question {
    pub(crate) source: Source,
    /// A shelf, or a colour.
    pub(crate) partition: u8,
    pub(crate) comparison: Option<Comparison>,
    /// What the sort key is compared with, whichever it is; the least of a range, and the greatest.
    pub(crate) texts: (String, String),
    pub(crate) numbers: (Number, Number),
    pub(crate) descending: bool,
    pub(crate) filter: Option<Filter>,
    pub(crate) limit: Option<u32>,
    /// Only where it can be.
    pub(crate) consistent: bool,
    pub(crate) reading: Reading,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Source {
    Texts,
    TextsByNumber,
    TextsByColour,
    Numbers,
    NumbersByText,
    NumbersByColour,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Between,
    /// Of a number: that it is not less.
    Begins,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Filter {
    SizeIsLess(i8),
    HasSize,
    HasNoSize,
}

/// How the items are asked for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Reading {
    All,
    First,
    Count,
    /// The limit is that of a page.
    Pages,
    Stream,
    Select,
}

/// A sort key, in DynamoDB's order.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Sort {
    Text(String),
    Number(Number),
}

impl Question {
    /// Says what is wrong with the answer of tables that have these rows, if something is.
    pub(crate) fn check(&self, rows: &[Row], answer: &Answer) -> Result<(), String> {
        let expected = self.meaning(rows);
        let limit = self.limit.map_or(usize::MAX, |limit| limit as usize);
        match answer {
            Answer::Count(count) => same(*count, expected.len().min(limit)),
            Answer::Items(found) => self.check_items(found, &expected, limit),
            Answer::First(found) => self.check_items(found.as_slice(), &expected, 1),
            Answer::Pages(pages) => {
                same(pages.iter().all(|page| page.len() <= limit), true)?;
                self.check_items(&pages.concat(), &expected, usize::MAX)
            }
            Answer::Selected(found) => {
                same(found.len(), expected.len().min(limit))?;
                same(found.iter().all(|it| expected.iter().any(|row| (&row.text, row.number) == (&it.0, it.1))), true)
            }
        }
    }

    /// Items with the same sort key are in an index in no order, so that only their keys are compared one by one.
    fn check_items(&self, found: &[Row], expected: &[Row], limit: usize) -> Result<(), String> {
        let keys = |rows: &[Row]| rows.iter().map(|row| self.sort_of(row)).collect::<Vec<_>>();
        same(keys(found), keys(&expected[..expected.len().min(limit)]))?;
        for (place, row) in found.iter().enumerate() {
            if !expected.contains(row) || found[..place].contains(row) {
                return Err(format!("{row:?} is there twice, or should not be"));
            }
        }
        Ok(())
    }

    fn meaning(&self, rows: &[Row]) -> Vec<Row> {
        let mut rows = match self.source {
            Source::Texts | Source::TextsByNumber | Source::TextsByColour => {
                stored(rows, |row| (row.shelf, row.text.clone()))
            }
            Source::Numbers | Source::NumbersByText | Source::NumbersByColour => {
                stored(rows, |row| (row.shelf, row.number))
            }
        };
        rows.retain(|row| self.is_in_partition(row) && self.is_in_range(row) && self.passes(row));
        rows.sort_by(|one, other| self.sort_of(one).partial_cmp(&self.sort_of(other)).expect("of the same kind"));
        if self.descending {
            rows.reverse();
        }
        rows
    }

    fn is_in_partition(&self, row: &Row) -> bool {
        match self.source {
            Source::TextsByColour | Source::NumbersByColour => row.colour == Some(self.partition),
            Source::Texts | Source::TextsByNumber | Source::Numbers | Source::NumbersByText => {
                row.shelf == self.partition
            }
        }
    }

    fn sorts_by_text(&self) -> bool {
        matches!(self.source, Source::Texts | Source::NumbersByText | Source::NumbersByColour)
    }

    fn sort_of(&self, row: &Row) -> Sort {
        if self.sorts_by_text() { Sort::Text(row.text.clone()) } else { Sort::Number(row.number) }
    }

    fn is_in_range(&self, row: &Row) -> bool {
        let (sort, (least, greatest)) = match self.sort_of(row) {
            Sort::Text(text) if matches!(self.comparison, Some(Comparison::Begins)) => {
                return text.starts_with(&self.texts.0);
            }
            sort @ Sort::Text(_) => (sort, (Sort::Text(self.texts.0.clone()), Sort::Text(self.texts.1.clone()))),
            sort @ Sort::Number(_) => (sort, (Sort::Number(self.numbers.0), Sort::Number(self.numbers.1))),
        };
        match self.comparison {
            None => true,
            Some(Comparison::Equal) => sort == least,
            Some(Comparison::Less) => sort < least,
            Some(Comparison::LessOrEqual) => sort <= least,
            Some(Comparison::Greater) => sort > least,
            Some(Comparison::GreaterOrEqual | Comparison::Begins) => sort >= least,
            Some(Comparison::Between) => least <= sort && sort <= greatest,
        }
    }

    fn passes(&self, row: &Row) -> bool {
        match self.filter {
            None => true,
            Some(Filter::SizeIsLess(size)) => row.size.is_some_and(|it| it < size),
            Some(Filter::HasSize) => row.size.is_some(),
            Some(Filter::HasNoSize) => row.size.is_none(),
        }
    }
}

fn same<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{found:?} instead of {expected:?}")) }
}

pub(crate) fn question() -> impl Strategy<Value = Question> {
    use Comparison::{Begins, Between, Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    let sources = vec![
        Source::Texts,
        Source::TextsByNumber,
        Source::TextsByColour,
        Source::Numbers,
        Source::NumbersByText,
        Source::NumbersByColour,
    ];
    let comparisons = vec![Equal, Less, LessOrEqual, Greater, GreaterOrEqual, Between, Begins];
    let readings = vec![Reading::All, Reading::First, Reading::Count, Reading::Pages, Reading::Stream, Reading::Select];
    let filter = prop_oneof![(-2..=2_i8).prop_map(Filter::SizeIsLess), Just(Filter::HasSize), Just(Filter::HasNoSize),];
    let range = (
        option::weighted(0.8, prop::sample::select(comparisons)),
        (text(), text()).prop_map(|(one, other)| if one < other { (one, other) } else { (other, one) }),
        (number(), number()).prop_map(|(one, other)| (one.min(other), one.max(other))),
    );
    let how = (any::<bool>(), option::of(filter), option::of(1..12_u32), any::<bool>());
    (prop::sample::select(sources), 0..3_u8, range, how, prop::sample::select(readings)).prop_map(
        |(source, partition, (comparison, texts, numbers), (descending, filter, limit, consistent), reading)| {
            Question { source, partition, comparison, texts, numbers, descending, filter, limit, consistent, reading }
        },
    )
}
