use super::{
    Error, Item,
    selection::{Request, Selection},
};

/// The pages of a selection one after the other, each asked for when it is wanted, up to the limit.
#[derive(Debug)]
pub(super) struct Pages<'a> {
    selection: Selection<'a>,
    request: Request,
    position: Position,
    /// How many items may still come.
    left: usize,
}

#[derive(Debug)]
enum Position {
    /// The next page begins there, or at the beginning.
    At(Option<Item>),
    End,
}

/// What a page has.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) items: Vec<Item>,
    pub(super) count: usize,
    pub(super) last: Option<Item>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(selection: Selection<'a>, only_count: bool) -> Result<Self, Error> {
        let request = selection.request(only_count)?;
        let position = Position::At(selection.start()?);
        let left = selection.limit.unwrap_or(usize::MAX);
        Ok(Self { selection, request, position, left })
    }

    /// The next page, which may be empty; none after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Found>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        let Position::At(start) = std::mem::replace(&mut self.position, Position::End) else { return Ok(None) };
        let mut found = self.selection.fetch(&self.request, start, self.evaluated()).await?;
        found.items.truncate(self.left);
        found.count = found.count.min(self.left);
        self.left -= found.count;
        if let Some(last) = found.last.take() {
            self.position = Position::At(Some(last));
        }
        Ok(Some(found))
    }

    /// DynamoDB's `Limit` counts items before the filter; with one, asking for few would be many small requests.
    fn evaluated(&self) -> Option<usize> {
        (self.selection.limit.is_some() && self.selection.filter.is_none()).then_some(self.left)
    }
}
