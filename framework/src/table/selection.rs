use aws_sdk_dynamodb::types::{AttributeValue, Select};
use serde::Serialize;

use super::{
    Error, Item,
    attribute::Attribute,
    condition::Condition,
    cursor::{Cursor, Schema},
    expression::{Fragment, Placeholders},
    handle::Handle,
    item::{ItemError, to_json},
    limits::{KeySide, check_key_value},
    pages::{Found, Pages},
    parallel_scan::Segment,
    side::Side,
    sort,
};

/// Some of the items that a query or scan finds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page<T> {
    /// The items. A filter, or DynamoDB's limit of 1 MB for a page, can make them fewer than the limit, even none.
    pub items: Vec<T>,
    /// Where the next page begins; without it there is none.
    pub next: Option<Cursor>,
}

/// What a query and a scan have in common: a request that is made page by page.
#[derive(Clone, Debug)]
pub(super) struct Selection<'a> {
    pub(super) table: &'a Handle,
    pub(super) index: Option<&'static str>,
    pub(super) schema: Schema,
    /// The partition of a query; a scan has none.
    pub(super) partition: Option<Result<Vec<(&'static str, AttributeValue)>, ItemError>>,
    pub(super) sort: Fragment,
    pub(super) filter: Option<Condition<()>>,
    pub(super) limit: Option<usize>,
    pub(super) after: Option<Cursor>,
    pub(super) descending: bool,
    pub(super) consistent: bool,
    /// The attributes that are read; empty for all.
    pub(super) projection: Vec<&'static str>,
    pub(super) segment: Option<Segment>,
}

impl<'a> Selection<'a> {
    pub(super) fn new(table: &'a Handle, schema: Schema) -> Self {
        let sort = schema.sort.as_ref().map(sort::within).unwrap_or_default();
        let filter =
            schema.kinds.map(|(attribute, names)| Attribute::<(), String>::new(attribute).is_in(names.iter().copied()));
        Self {
            table,
            index: None,
            schema,
            partition: None,
            sort,
            filter,
            limit: None,
            after: None,
            descending: false,
            consistent: false,
            projection: Vec::new(),
            segment: None,
        }
    }

    /// All conditions that are added have to hold.
    pub(super) fn add_filter<T>(&mut self, condition: Condition<T>) {
        self.filter = Some(condition.of_any_table().added_to(self.filter.take()));
    }

    /// One page, in one request.
    pub(super) async fn page<T>(&self, read: impl Fn(Item) -> Result<T, ItemError>) -> Result<Page<T>, Error> {
        let request = self.request(false)?;
        let found = self.fetch(&request, self.start()?, self.limit.map(|limit| limit.max(1))).await?;
        let items = found.items.into_iter().map(read).collect::<Result<_, _>>()?;
        let next = found.last.map(|key| Cursor::sealed(&key, &self.table.cursor_key, &self.binding()?)).transpose()?;
        Ok(Page { items, next })
    }

    /// All items, or as many as the limit says, in as many requests as it takes.
    pub(super) async fn all<T>(&self, read: impl Fn(Item) -> Result<T, ItemError>) -> Result<Vec<T>, Error> {
        let (mut items, mut pages) = (Vec::new(), Pages::new(self.clone(), false)?);
        while let Some(page) = pages.next().await? {
            for item in page.items {
                items.push(read(item)?);
            }
        }
        Ok(items)
    }

    /// The first item.
    pub(super) async fn first<T>(&self, read: impl Fn(Item) -> Result<T, ItemError>) -> Result<Option<T>, Error> {
        let first = Self { limit: Some(1), ..self.clone() };
        Ok(first.all(read).await?.pop())
    }

    /// How many items there are, up to the limit.
    pub(super) async fn count(self) -> Result<usize, Error> {
        let (mut count, mut pages) = (0, Pages::new(self, true)?);
        while let Some(page) = pages.next().await? {
            count += page.count;
        }
        Ok(count)
    }

    /// Where the first page begins.
    pub(super) fn start(&self) -> Result<Option<Item>, Error> {
        let Some(cursor) = &self.after else { return Ok(None) };
        Ok(Some(cursor.open(&self.table.cursor_key, &self.binding()?, &self.schema)?))
    }

    /// What a cursor is good for: this partition of this table or index, in this order, with the same kind of condition on
    /// the sort key. Its values are not part of it, because they may follow the clock from page to page.
    fn binding(&self) -> Result<Vec<u8>, Error> {
        let partition = match &self.partition {
            Some(partition) => {
                let partition = partition.clone()?.into_iter();
                to_json(&partition.map(|(name, value)| (name.to_owned(), value)).collect())
            }
            None => String::new(),
        };
        let sort = Placeholders::default().write(self.sort.clone())?;
        let segments = self.segment.map_or(String::new(), |segment| format!("{}/{}", segment.index, segment.of));
        let parts = [
            self.table.name.as_str(),
            self.index.unwrap_or_default(),
            &partition,
            sort.as_deref().unwrap_or_default(),
            if self.descending { "descending" } else { "ascending" },
            &segments,
        ];
        Ok(parts.iter().flat_map(|part| [&(part.len() as u64).to_be_bytes()[..], part.as_bytes()].concat()).collect())
    }

    /// The part that is the same for each page.
    pub(super) fn request(&self, count: bool) -> Result<Request, ItemError> {
        let mut placeholders = Placeholders::default();
        let key_condition = match &self.partition {
            Some(partition) => placeholders.write(self.key_condition(partition.clone()?)?)?,
            None => None,
        };
        let filter = placeholders.write(self.filter.clone().map(Condition::into_fragment).unwrap_or_default())?;
        let projection = placeholders.write(self.projected())?;
        let (names, values) = placeholders.finish();
        Ok(Request { key_condition, filter, projection, names, values, select: count.then_some(Select::Count) })
    }

    fn key_condition(&self, partition: Vec<(&'static str, AttributeValue)>) -> Result<Fragment, ItemError> {
        partition.iter().try_for_each(|(name, value)| check_key_value(name, value, KeySide::Partition))?;
        let sort = self.schema.sort.as_ref().map_or("", Side::name);
        self.sort.values().try_for_each(|value| check_key_value(sort, value, KeySide::Sort))?;
        let equal = partition.into_iter().map(|(name, value)| Fragment::of(name).text(" = ").value(value));
        let sort = (!self.sort.is_empty()).then(|| self.sort.clone());
        Ok(equal.chain(sort).reduce(|before, next| before.text(" AND ").append(next)).unwrap_or_default())
    }

    fn projected(&self) -> Fragment {
        self.projection.iter().fold(Fragment::default(), |list, name| list.listed(Fragment::of(*name)))
    }

    pub(super) async fn fetch(
        &self,
        request: &Request,
        start: Option<Item>,
        limit: Option<usize>,
    ) -> Result<Found, Error> {
        let limit = limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX));
        let found = match self.partition {
            Some(_) => self.query(request, start, limit).await,
            None => self.scan(request, start, limit).await,
        };
        found.map_err(|error| self.blame_cursor(error))
    }

    async fn query(&self, request: &Request, start: Option<Item>, limit: Option<i32>) -> Result<Found, Error> {
        let Request { key_condition, filter, projection, names, values, select } = request.clone();
        let query = self.table.client.query().table_name(&self.table.name);
        let query = query
            .set_index_name(self.index.map(str::to_owned))
            .set_key_condition_expression(key_condition)
            .set_filter_expression(filter)
            .set_projection_expression(projection)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .set_select(select)
            .set_scan_index_forward(self.descending.then_some(false))
            .set_consistent_read(self.consistent.then_some(true))
            .set_exclusive_start_key(start)
            .set_limit(limit);
        let output = query.send().await.map_err(Error::of)?;
        Ok(Found::new(output.items, output.count, output.last_evaluated_key))
    }

    async fn scan(&self, request: &Request, start: Option<Item>, limit: Option<i32>) -> Result<Found, Error> {
        let Request { filter, projection, names, values, select, .. } = request.clone();
        let scan = self.table.client.scan().table_name(&self.table.name);
        let scan = scan
            .set_filter_expression(filter)
            .set_projection_expression(projection)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .set_select(select)
            .set_segment(self.segment.and_then(|segment| i32::try_from(segment.index).ok()))
            .set_total_segments(self.segment.and_then(|segment| i32::try_from(segment.of).ok()))
            .set_consistent_read(self.consistent.then_some(true))
            .set_exclusive_start_key(start)
            .set_limit(limit);
        let output = scan.send().await.map_err(Error::of)?;
        Ok(Found::new(output.items, output.count, output.last_evaluated_key))
    }

    /// A cursor of the same query can still be at a place that the sort condition of this one excludes. DynamoDB finds that
    /// out; of a query that is wrong otherwise, the first page already said so.
    fn blame_cursor(&self, error: Error) -> Error {
        match error {
            Error::Refused { code, .. } if self.after.is_some() && code == "ValidationException" => {
                Error::InvalidCursor
            }
            error => error,
        }
    }
}

/// The part of a request that is the same for each page.
#[derive(Clone, Debug)]
pub(super) struct Request {
    key_condition: Option<String>,
    filter: Option<String>,
    projection: Option<String>,
    names: Option<std::collections::HashMap<String, String>>,
    values: Option<Item>,
    select: Option<Select>,
}

impl Found {
    fn new(items: Option<Vec<Item>>, count: i32, last: Option<Item>) -> Self {
        let last = last.filter(|key| !key.is_empty());
        Self { items: items.unwrap_or_default(), count: usize::try_from(count).unwrap_or_default(), last }
    }
}
