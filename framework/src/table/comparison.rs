use std::cmp::Ordering;

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    attribute::Attribute,
    condition::Condition,
    data_type::DataType,
    expression::Fragment,
    item::{ItemError, to_attribute},
    operand::{Operand, Term},
    path::{DocumentPath, Place},
    size::Size,
    value::{ElementOf, Text, ValueFor},
};

/// DynamoDB's limit of the operands of `IN`.
const IN_OPERANDS: usize = 100;

/// The conditions on an attribute. On an item without it each is false, except [`ne`](Self::ne),
/// [`not_exists`](Self::not_exists), and `!` of one that is false.
impl<T, V, P: Place> Attribute<T, V, P> {
    /// It has that value. To be equal to `None` is to be absent.
    pub fn eq(self, other: impl Operand<T, V>) -> Condition<T> {
        match other.into_term() {
            Term::Value(Ok(None)) => self.not_exists(),
            other => self.left().compare(" = ", other),
        }
    }

    /// It has another value, or none.
    pub fn ne(self, other: impl Operand<T, V>) -> Condition<T> {
        match other.into_term() {
            Term::Value(Ok(None)) => self.exists(),
            other => self.left().compare(" <> ", other),
        }
    }

    /// It is less.
    pub fn lt(self, other: impl Operand<T, V>) -> Condition<T> {
        self.left().order(" < ", other.into_term())
    }

    /// It is less or equal.
    pub fn le(self, other: impl Operand<T, V>) -> Condition<T> {
        self.left().order(" <= ", other.into_term())
    }

    /// It is greater.
    pub fn gt(self, other: impl Operand<T, V>) -> Condition<T> {
        self.left().order(" > ", other.into_term())
    }

    /// It is greater or equal.
    pub fn ge(self, other: impl Operand<T, V>) -> Condition<T> {
        self.left().order(" >= ", other.into_term())
    }

    /// It is one of the two, or between them.
    pub fn between(self, least: impl Operand<T, V>, greatest: impl Operand<T, V>) -> Condition<T> {
        self.left().between(least.into_term(), greatest.into_term())
    }

    /// It is one of these. It is none of an empty list.
    pub fn is_in<X: ValueFor<V>>(self, values: impl IntoIterator<Item = X>) -> Condition<T> {
        let values: Vec<_> = values.into_iter().map(|value| to_attribute(&value)).collect();
        let lists = values.chunks(IN_OPERANDS).map(|values| self.clone().left().one_of(values));
        lists.reduce(Condition::or).unwrap_or_else(|| self.clone().exists().and(self.not_exists()))
    }

    /// The item has it.
    pub fn exists(self) -> Condition<T> {
        Condition::new(call("attribute_exists(", self.into_document_path().into_fragment()))
    }

    /// The item does not have it.
    pub fn not_exists(self) -> Condition<T> {
        Condition::new(call("attribute_not_exists(", self.into_document_path().into_fragment()))
    }

    /// It is stored as a value of that type.
    pub fn is_type(self, data_type: DataType) -> Condition<T> {
        self.function("attribute_type(", Ok(Some(AttributeValue::S(data_type.as_str().to_owned()))))
    }

    /// It is a string that begins with that one.
    pub fn begins_with(self, prefix: impl AsRef<str>) -> Condition<T>
    where
        V: Text,
    {
        self.function("begins_with(", to_attribute(prefix.as_ref()))
    }

    /// It is a string with that one in it, or a list or set with that element.
    pub fn contains(self, element: impl ElementOf<V>) -> Condition<T> {
        self.function("contains(", to_attribute(&element))
    }

    /// How long a string is in bytes of UTF-8, or binary in bytes; how many elements a list, map or set has.
    ///
    /// ```
    /// # use serde::{Deserialize, Serialize};
    /// # use skyloom::{Table, table::Condition};
    /// # #[derive(Table, Serialize, Deserialize)]
    /// # struct Order { #[partition_key] id: String, tags: Vec<String> }
    /// let condition: Condition<Order> = Order::TAGS.size().lt(10);
    /// ```
    pub fn size(self) -> Size<T> {
        Size::of(self.into_document_path())
    }

    fn left(self) -> Left {
        Left::of(self.into_document_path())
    }

    fn function(self, name: &'static str, operand: Result<Option<AttributeValue>, ItemError>) -> Condition<T> {
        let path = self.into_document_path();
        let operand = Fragment::default().value_of(&path.to_string(), operand);
        Condition::new(call(name, path.into_fragment().text(", ").append(operand)))
    }
}

fn call(name: &'static str, arguments: Fragment) -> Fragment {
    Fragment::default().operator(name).append(arguments).text(")")
}

/// The left side of a comparison.
pub(super) struct Left {
    path: DocumentPath,
    of_size: bool,
}

impl Left {
    fn of(path: DocumentPath) -> Self {
        Self { path, of_size: false }
    }

    pub(super) fn size_of(path: DocumentPath) -> Self {
        Self { path, of_size: true }
    }

    pub(super) fn compare<T>(self, operator: &'static str, right: Term) -> Condition<T> {
        let right = self.right(right);
        Condition::new(self.into_fragment().operator(operator).append(right))
    }

    /// A comparison that DynamoDB refuses of values that have no order.
    pub(super) fn order<T>(self, operator: &'static str, right: Term) -> Condition<T> {
        let right = self.ordered(right);
        self.compare(operator, right)
    }

    pub(super) fn between<T>(self, least: Term, greatest: Term) -> Condition<T> {
        let (least, greatest) = (self.ordered(least), self.ordered(greatest));
        let reversed = is_reversed(&least, &greatest).then(|| {
            let why = ItemError::new("the bounds are reversed: `between` takes the least first");
            Fragment::failed(why.in_field(&self.path.to_string()))
        });
        let (least, greatest) = (self.right(least), self.right(greatest));
        let between = self.into_fragment().operator(" BETWEEN ").append(least).text(" AND ").append(greatest);
        Condition::new(between.append(reversed.unwrap_or_default()))
    }

    pub(super) fn one_of<T>(self, values: &[Result<Option<AttributeValue>, ItemError>]) -> Condition<T> {
        let operands = values.iter().map(|value| self.right(Term::Value(value.clone())));
        let list = operands.fold(Fragment::default(), Fragment::listed).in_parentheses();
        Condition::new(self.into_fragment().operator(" IN ").append(list))
    }

    fn right(&self, right: Term) -> Fragment {
        match right {
            Term::Path(path) if !self.of_size && path.is_same_as(&self.path) => {
                let why = ItemError::new("DynamoDB does not compare an attribute with itself");
                Fragment::failed(why.in_field(&path.to_string()))
            }
            right => right.into_fragment(&self.path.to_string()),
        }
    }

    fn ordered(&self, right: Term) -> Term {
        match right {
            Term::Value(Ok(Some(value))) => Term::Value(ordered(value).map(Some)),
            other => other,
        }
    }

    fn into_fragment(self) -> Fragment {
        let path = self.path.into_fragment();
        if self.of_size { call("size(", path) } else { path }
    }
}

fn ordered(value: AttributeValue) -> Result<AttributeValue, ItemError> {
    match value {
        AttributeValue::S(_) | AttributeValue::N(_) | AttributeValue::B(_) => Ok(value),
        other => {
            let kind = DataType::of(&other).map_or("this type", DataType::as_str);
            Err(ItemError::new(format!("DynamoDB orders strings, numbers and binary, and not {kind}")))
        }
    }
}

/// Whether DynamoDB would refuse these bounds. Numbers that no `f64` tells apart are left to it.
fn is_reversed(least: &Term, greatest: &Term) -> bool {
    let (Term::Value(Ok(Some(least))), Term::Value(Ok(Some(greatest)))) = (least, greatest) else { return false };
    let order = match (least, greatest) {
        (AttributeValue::S(least), AttributeValue::S(greatest)) => Some(least.as_bytes().cmp(greatest.as_bytes())),
        (AttributeValue::B(least), AttributeValue::B(greatest)) => Some(least.as_ref().cmp(greatest.as_ref())),
        (AttributeValue::N(least), AttributeValue::N(greatest)) => {
            let number = |text: &str| text.parse::<f64>().ok();
            number(least).zip(number(greatest)).and_then(|(least, greatest)| least.partial_cmp(&greatest))
        }
        _ => None,
    };
    order == Some(Ordering::Greater)
}

#[cfg(test)]
mod tests;
