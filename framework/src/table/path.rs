use std::{borrow::Cow, fmt};

use super::{expression::Fragment, item::ItemError};

/// The place of an attribute that is not inside another one.
#[derive(Clone, Copy, Debug)]
pub struct TopLevel(pub(super) &'static str);

/// The place of a value inside an attribute, however deep: `address.lines[2]`.
#[derive(Clone, Debug)]
pub struct DocumentPath {
    steps: Vec<Step>,
    /// Why one of the steps is none, kept until the request is made.
    error: Option<ItemError>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(Cow<'static, str>),
    Index(usize),
}

/// Where in an item an attribute is: [`TopLevel`] or a [`DocumentPath`].
pub trait Place: Clone + fmt::Debug {
    /// The steps to it.
    #[doc(hidden)]
    fn into_document_path(self) -> DocumentPath;
}

impl Place for TopLevel {
    fn into_document_path(self) -> DocumentPath {
        DocumentPath::of(self.0)
    }
}

impl Place for DocumentPath {
    fn into_document_path(self) -> DocumentPath {
        self
    }
}

/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.Attributes.html>: how many `.` and `[0]`.
const MOST_DEREFERENCES: usize = 32;

impl DocumentPath {
    pub(super) fn of(name: &'static str) -> Self {
        Self { steps: vec![Step::Name(Cow::Borrowed(name))], error: None }
    }

    /// What is at `inner` of the document that is here.
    pub(super) fn then(mut self, inner: Self) -> Self {
        self.steps.extend(inner.steps);
        self.error = self.error.or(inner.error);
        self
    }

    /// That element of the list that is here.
    pub(super) fn at(mut self, index: usize) -> Self {
        self.steps.push(Step::Index(index));
        self
    }

    /// The value of that key of the map that is here.
    pub(super) fn entry(mut self, key: Result<String, ItemError>) -> Self {
        match key {
            Ok(key) if key.is_empty() => self.fail(ItemError::new("DynamoDB has no document path to an empty key")),
            Ok(key) => self.steps.push(Step::Name(Cow::Owned(key))),
            Err(error) => self.fail(error),
        }
        self
    }

    fn fail(&mut self, error: ItemError) {
        let error = error.in_field(&self.to_string());
        self.error.get_or_insert(error);
    }

    /// The attribute that it begins with.
    pub(super) fn top_level(&self) -> &str {
        match self.steps.first() {
            Some(Step::Name(name)) => name,
            Some(Step::Index(_)) | None => "",
        }
    }

    pub(super) fn is_top_level(&self) -> bool {
        self.steps.len() == 1
    }

    /// Whether an update cannot change both: one is inside the other, or they take the same value for a list and a map.
    pub(super) fn collides_with(&self, other: &Self) -> bool {
        let first_difference = self.steps.iter().zip(&other.steps).find(|(mine, theirs)| mine != theirs);
        match first_difference {
            None => true,
            Some((Step::Name(_), Step::Name(_)) | (Step::Index(_), Step::Index(_))) => false,
            Some(_) => true,
        }
    }

    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.steps == other.steps
    }

    pub(super) fn into_fragment(self) -> Fragment {
        if let Some(error) = self.error {
            return Fragment::failed(error);
        }
        if self.steps.len() > MOST_DEREFERENCES + 1 {
            let most = format!("a document path is at most {MOST_DEREFERENCES} levels deep");
            return Fragment::failed(ItemError::new(most).in_field(&self.to_string()));
        }
        self.steps.into_iter().enumerate().fold(Fragment::default(), |before, (place, step)| match step {
            Step::Name(name) if place == 0 => before.name(name),
            Step::Name(name) => before.text(".").name(name),
            Step::Index(index) => before.index(index),
        })
    }
}

/// As an error names it.
impl fmt::Display for DocumentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.steps.iter().enumerate() {
            match step {
                Step::Name(name) if place == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(names: &[&'static str]) -> DocumentPath {
        let mut names = names.iter();
        let first = DocumentPath::of(names.next().unwrap());
        names.fold(first, |path, name| match name.parse() {
            Ok(index) => path.at(index),
            Err(_) => path.entry(Ok((*name).to_owned())),
        })
    }

    #[test]
    fn paths_collide_where_one_is_inside_the_other_or_they_see_another_type() {
        let cases: [(&[&'static str], &[&'static str], bool); 8] = [
            (&["a"], &["a"], true),
            (&["a"], &["a", "b"], true),
            (&["a", "b", "1"], &["a", "b"], true),
            (&["a", "1"], &["a", "b"], true),
            (&["a"], &["b"], false),
            (&["a", "b"], &["a", "c"], false),
            (&["a", "1"], &["a", "2"], false),
            (&["a", "b", "c"], &["x", "b"], false),
        ];
        for (one, two, collide) in cases {
            assert_eq!(path(one).collides_with(&path(two)), collide, "{one:?} {two:?}");
            assert_eq!(path(two).collides_with(&path(one)), collide, "{two:?} {one:?}");
        }
    }

    #[test]
    fn an_empty_key_has_no_path() {
        let mut placeholders = super::super::expression::Placeholders::default();
        let error = placeholders.write(path(&["a", "b", ""]).into_fragment()).unwrap_err();
        assert_eq!(error.to_string(), "`a.b`: DynamoDB has no document path to an empty key");
    }
}
