use aws_sdk_dynamodb::types::{AttributeValue, Select};
use serde::Serialize;

use super::{
    Error, Item,
    attribute::Attribute,
    condition::Condition,
    cursor::{Cursor, Schema},
    definition::FromItem,
    expression::{Fragment, Placeholders},
    handle::Handle,
    item::ItemError,
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
#[derive(Debug)]
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
        }
    }

    /// All conditions that are added have to hold.
    pub(super) fn add_filter<T>(&mut self, condition: Condition<T>) {
        self.filter = Some(condition.of_any_table().added_to(self.filter.take()));
    }

    /// One page, in one request.
    pub(super) async fn page<T: FromItem>(self) -> Result<Page<T>, Error> {
        let request = self.request(false)?;
        let found = self.fetch(&request, self.start()?, self.limit.map(|limit| limit.max(1))).await?;
        let items = found.items.into_iter().map(T::from_item).collect::<Result<_, _>>()?;
        Ok(Page { items, next: found.last.as_ref().map(Cursor::of) })
    }

    /// All items, or as many as the limit says, in as many requests as it takes.
    pub(super) async fn all<T: FromItem>(self) -> Result<Vec<T>, Error> {
        let request = self.request(false)?;
        let wanted = self.limit.unwrap_or(usize::MAX);
        let (mut items, mut start) = (Vec::new(), self.start()?);
        while items.len() < wanted {
            let found = self.fetch(&request, start, self.evaluated(wanted - items.len())).await?;
            for item in found.items.into_iter().take(wanted - items.len()) {
                items.push(T::from_item(item)?);
            }
            start = found.last;
            if start.is_none() {
                break;
            }
        }
        Ok(items)
    }

    /// The first item.
    pub(super) async fn first<T: FromItem>(mut self) -> Result<Option<T>, Error> {
        self.limit = Some(1);
        Ok(self.all().await?.pop())
    }

    /// How many items there are, up to the limit.
    pub(super) async fn count(self) -> Result<usize, Error> {
        let request = self.request(true)?;
        let wanted = self.limit.unwrap_or(usize::MAX);
        let (mut count, mut start) = (0, self.start()?);
        while count < wanted {
            let found = self.fetch(&request, start, self.evaluated(wanted - count)).await?;
            count += found.count;
            start = found.last;
            if start.is_none() {
                break;
            }
        }
        Ok(count.min(wanted))
    }

    /// DynamoDB's `Limit` counts items before the filter; with one, asking for few would be many small requests.
    fn evaluated(&self, wanted: usize) -> Option<usize> {
        (self.limit.is_some() && self.filter.is_none()).then_some(wanted)
    }

    /// Where the first page begins. Whatever the cursor says, it is in the query's own partition.
    fn start(&self) -> Result<Option<Item>, Error> {
        let Some(cursor) = &self.after else { return Ok(None) };
        let mut key = cursor.key(&self.schema)?;
        if let Some(partition) = &self.partition {
            key.extend(partition.clone()?.into_iter().map(|(name, value)| (name.to_owned(), value)));
        }
        Ok(Some(key))
    }

    /// The part that is the same for each page.
    fn request(&self, count: bool) -> Result<Request, ItemError> {
        let mut placeholders = Placeholders::default();
        let key_condition = match &self.partition {
            Some(partition) => placeholders.write(self.key_condition(partition.clone()?))?,
            None => None,
        };
        let filter = placeholders.write(self.filter.clone().map(Condition::into_fragment).unwrap_or_default())?;
        let (names, values) = placeholders.finish();
        Ok(Request { key_condition, filter, names, values, select: count.then_some(Select::Count) })
    }

    fn key_condition(&self, partition: Vec<(&'static str, AttributeValue)>) -> Fragment {
        let equal = partition.into_iter().map(|(name, value)| Fragment::of(name).text(" = ").value(value));
        let sort = (!self.sort.is_empty()).then(|| self.sort.clone());
        equal.chain(sort).reduce(|before, next| before.text(" AND ").append(next)).unwrap_or_default()
    }

    async fn fetch(&self, request: &Request, start: Option<Item>, limit: Option<usize>) -> Result<Found, Error> {
        let limit = limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX));
        let found = match self.partition {
            Some(_) => self.query(request, start, limit).await,
            None => self.scan(request, start, limit).await,
        };
        found.map_err(|error| self.blame_cursor(error))
    }

    async fn query(&self, request: &Request, start: Option<Item>, limit: Option<i32>) -> Result<Found, Error> {
        let Request { key_condition, filter, names, values, select } = request.clone();
        let query = self.table.client.query().table_name(&self.table.name);
        let query = query
            .set_index_name(self.index.map(str::to_owned))
            .set_key_condition_expression(key_condition)
            .set_filter_expression(filter)
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
        let Request { filter, names, values, select, .. } = request.clone();
        let scan = self.table.client.scan().table_name(&self.table.name);
        let scan = scan
            .set_filter_expression(filter)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .set_select(select)
            .set_consistent_read(self.consistent.then_some(true))
            .set_exclusive_start_key(start)
            .set_limit(limit);
        let output = scan.send().await.map_err(Error::of)?;
        Ok(Found::new(output.items, output.count, output.last_evaluated_key))
    }

    /// A forged cursor can still name a place that cannot be or that the sort condition excludes. DynamoDB finds that out;
    /// of a query that is wrong otherwise, the first page already said so.
    fn blame_cursor(&self, error: Error) -> Error {
        match error {
            Error::Refused { code, .. } if self.after.is_some() && code == "ValidationException" => {
                Error::InvalidCursor
            }
            error => error,
        }
    }
}

#[derive(Clone, Debug)]
struct Request {
    key_condition: Option<String>,
    filter: Option<String>,
    names: Option<std::collections::HashMap<String, String>>,
    values: Option<Item>,
    select: Option<Select>,
}

struct Found {
    items: Vec<Item>,
    count: usize,
    last: Option<Item>,
}

impl Found {
    fn new(items: Option<Vec<Item>>, count: i32, last: Option<Item>) -> Self {
        let last = last.filter(|key| !key.is_empty());
        Self { items: items.unwrap_or_default(), count: usize::try_from(count).unwrap_or_default(), last }
    }
}
