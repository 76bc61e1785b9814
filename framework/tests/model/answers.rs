//! The same queries as a handler asks them.

use serde::{Deserialize, Serialize};
use skyloom::{
    Error, Json, Read, ReadIndex, Write, handler,
    table::{self, Attribute, Condition, Consistent, FromItem, Number, Page, Query, Sorted},
};

use crate::{
    question::{Comparison, Filter, Question, Reading, Source},
    rows::{Numbers, NumbersByColour, NumbersByText, Row, Texts, TextsByColour, TextsByNumber, stored},
};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Items(Vec<Row>),
    First(Option<Row>),
    Count(usize),
    Pages(Vec<Vec<Row>>),
    Selected(Vec<(String, Number)>),
}

/// Stores the rows in both tables and asks them every question.
#[handler(invoke)]
#[expect(clippy::too_many_arguments, reason = "each is a source that can be asked")]
async fn answers(
    Json((rows, questions)): Json<(Vec<Row>, Vec<Question>)>,
    put_texts: Write<Texts>,
    put_numbers: Write<Numbers>,
    texts: Read<Texts>,
    numbers: Read<Numbers>,
    texts_by_number: ReadIndex<TextsByNumber>,
    texts_by_colour: ReadIndex<TextsByColour>,
    numbers_by_text: ReadIndex<NumbersByText>,
    numbers_by_colour: ReadIndex<NumbersByColour>,
) -> Result<Json<Vec<Answer>>, Error> {
    let all: Vec<Texts> = stored(&rows, |row| (row.shelf, row.text.clone())).into_iter().map(Into::into).collect();
    put_texts.put_many(&all).await?;
    let all: Vec<Numbers> = stored(&rows, |row| (row.shelf, row.number)).into_iter().map(Into::into).collect();
    put_numbers.put_many(&all).await?;
    let mut answers = Vec::new();
    for question in &questions {
        let partition = question.partition;
        answers.push(match question.source {
            Source::Texts => {
                answer(question, || consistently(question, by_text(question, texts.query(partition)))).await?
            }
            Source::TextsByNumber => {
                answer(question, || consistently(question, by_number(question, texts_by_number.query(partition))))
                    .await?
            }
            Source::TextsByColour => answer(question, || by_number(question, texts_by_colour.query(partition))).await?,
            Source::Numbers => {
                answer(question, || consistently(question, by_number(question, numbers.query(partition)))).await?
            }
            Source::NumbersByText => {
                answer(question, || consistently(question, by_text(question, numbers_by_text.query(partition)))).await?
            }
            Source::NumbersByColour => {
                answer(question, || by_text(question, numbers_by_colour.query(partition))).await?
            }
        });
    }
    Ok(Json(answers))
}

fn by_text<'a, T, S: Sorted<Sort = String>, O>(question: &Question, query: Query<'a, T, S, O>) -> Query<'a, T, S, O> {
    let (least, greatest) = &question.texts;
    match question.comparison {
        None => query,
        Some(Comparison::Equal) => query.sort_eq(least),
        Some(Comparison::Less) => query.sort_lt(least),
        Some(Comparison::LessOrEqual) => query.sort_le(least),
        Some(Comparison::Greater) => query.sort_gt(least),
        Some(Comparison::GreaterOrEqual) => query.sort_ge(least),
        Some(Comparison::Between) => query.sort_between(least, greatest),
        Some(Comparison::Begins) => query.sort_begins_with(least),
    }
}

fn by_number<'a, T, S: Sorted<Sort = Number>, O>(question: &Question, query: Query<'a, T, S, O>) -> Query<'a, T, S, O> {
    let (least, greatest) = question.numbers;
    match question.comparison {
        None => query,
        Some(Comparison::Equal) => query.sort_eq(least),
        Some(Comparison::Less) => query.sort_lt(least),
        Some(Comparison::LessOrEqual) => query.sort_le(least),
        Some(Comparison::Greater) => query.sort_gt(least),
        Some(Comparison::GreaterOrEqual | Comparison::Begins) => query.sort_ge(least),
        Some(Comparison::Between) => query.sort_between(least, greatest),
    }
}

fn consistently<'a, T, S: Sorted, O: Consistent>(question: &Question, query: Query<'a, T, S, O>) -> Query<'a, T, S, O> {
    if question.consistent { query.consistent() } else { query }
}

/// `begin` begins the query anew, for each of its pages.
async fn answer<'a, T, S, O>(
    question: &Question,
    begin: impl Fn() -> Query<'a, T, S, O>,
) -> Result<Answer, table::Error>
where
    T: FromItem + Into<Row>,
    S: Sorted,
{
    let query = || {
        let mut query = begin();
        if question.descending {
            query = query.descending();
        }
        if let Some(filter) = question.filter {
            query = query.filter(filter.condition());
        }
        match question.limit {
            Some(limit) => query.limit(limit),
            None => query,
        }
    };
    Ok(match question.reading {
        Reading::All => Answer::Items(rows(query().all().await?)),
        Reading::First => Answer::First(query().first().await?.map(Into::into)),
        Reading::Count => Answer::Count(query().count().await?),
        Reading::Pages => Answer::Pages(pages(query).await?),
        Reading::Stream => {
            let (mut stream, mut items) = (query().stream(), Vec::new());
            while let Some(item) = stream.try_next().await? {
                items.push(item);
            }
            Answer::Items(rows(items))
        }
        Reading::Select => {
            let (text, number) = (Attribute::<T, String>::new("text"), Attribute::<T, Number>::new("number"));
            Answer::Selected(query().select((text, number)).all().await?)
        }
    })
}

async fn pages<'a, T, S, O>(query: impl Fn() -> Query<'a, T, S, O>) -> Result<Vec<Vec<Row>>, table::Error>
where
    T: FromItem + Into<Row>,
    S: Sorted,
{
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let Page { items, next, .. } = query().after(after).page().await?;
        pages.push(rows(items));
        after = next;
        if after.is_none() {
            return Ok(pages);
        }
    }
}

fn rows<T: Into<Row>>(items: Vec<T>) -> Vec<Row> {
    items.into_iter().map(Into::into).collect()
}

impl Filter {
    fn condition<T>(self) -> Condition<T> {
        let size = Attribute::<T, Option<i8>>::new("size");
        match self {
            Self::SizeIsLess(least) => size.lt(least),
            Self::HasSize => size.exists(),
            Self::HasNoSize => size.not_exists(),
        }
    }
}
