use std::{fmt, marker::PhantomData};

use super::{
    document::{Holds, List, Map},
    item::to_map_key,
    path::{DocumentPath, Place, TopLevel},
    value::ValueFor,
};

/// An attribute of the table `T` whose values are of the type `V`. `#[derive(Table)]` makes one for each field.
///
/// What is inside it has a document path, which can be used wherever an attribute can.
///
/// ```
/// # use std::collections::BTreeMap;
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Document, Table, table::Condition};
/// # #[derive(Table, Serialize, Deserialize)]
/// # struct Order { #[partition_key] id: String, address: Address, lines: Vec<Line>, rates: BTreeMap<String, u32> }
/// # #[derive(Document, Serialize, Deserialize)] struct Address { city: String }
/// # #[derive(Document, Serialize, Deserialize)] struct Line { sku: String }
/// let conditions: [Condition<Order>; 3] = [
///     Order::ADDRESS.then(Address::CITY).eq("Oslo"),       // a field of a struct
///     Order::LINES.at(0).then(Line::SKU).exists(),         // an element of a list
///     Order::RATES.entry("eu.standard").le(5),             // an entry of a map
/// ];
/// ```
pub struct Attribute<T, V, P = TopLevel> {
    place: P,
    types: PhantomData<fn() -> (T, V)>,
}

impl<T, V> Attribute<T, V> {
    /// The attribute of that name.
    pub const fn new(name: &'static str) -> Self {
        Self { place: TopLevel(name), types: PhantomData }
    }

    /// Its name as stored.
    pub const fn name(self) -> &'static str {
        self.place.0
    }
}

impl<T, V, P: Place> Attribute<T, V, P> {
    /// An attribute of the document that this one holds.
    pub fn then<D, W>(self, nested: impl IntoPath<D, W>) -> Attribute<T, W, DocumentPath>
    where
        V: Holds<D>,
    {
        Attribute::at_path(self.into_document_path().then(nested.into_path().place))
    }

    /// The element of the list with that index, from 0.
    pub fn at(self, index: usize) -> Attribute<T, V::Element, DocumentPath>
    where
        V: List,
    {
        Attribute::at_path(self.into_document_path().at(index))
    }

    /// The entry of the map with that key, whatever characters are in it.
    pub fn entry(self, key: impl ValueFor<V::Key>) -> Attribute<T, V::Value, DocumentPath>
    where
        V: Map,
    {
        Attribute::at_path(self.into_document_path().entry(to_map_key(&key)))
    }

    pub(super) fn into_document_path(self) -> DocumentPath {
        self.place.into_document_path()
    }
}

impl<T, V> Attribute<T, V, DocumentPath> {
    fn at_path(place: DocumentPath) -> Self {
        Self { place, types: PhantomData }
    }
}

/// An attribute of the table or document `T`, or a document path from one, whose values are of the type `V`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an attribute of `{T}`",
    note = "the attributes of a table and of a document are constants of its type, `{T}::FIELD`",
    note = "a field that the key is made of is none, and does not change: delete the item and put another"
)]
pub trait IntoPath<T, V> {
    /// The path from the item.
    fn into_path(self) -> Attribute<T, V, DocumentPath>;
}

impl<T, V, P: Place> IntoPath<T, V> for Attribute<T, V, P> {
    fn into_path(self) -> Attribute<T, V, DocumentPath> {
        Attribute::at_path(self.into_document_path())
    }
}

impl<T, V, P: Clone> Clone for Attribute<T, V, P> {
    fn clone(&self) -> Self {
        Self { place: self.place.clone(), types: PhantomData }
    }
}

impl<T, V, P: Copy> Copy for Attribute<T, V, P> {}

impl<T, V, P: Place> fmt::Debug for Attribute<T, V, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.clone().into_document_path();
        f.debug_tuple("Attribute").field(&format_args!("{path}")).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use super::{super::expression::Placeholders, *};

    struct Order;
    struct Address;
    const ADDRESS: Attribute<Order, Option<Address>> = Attribute::new("address");
    const LINES: Attribute<Address, Vec<String>> = Attribute::new("lines");
    const PRICES: Attribute<Order, BTreeMap<String, HashMap<u8, Address>>> = Attribute::new("prices");
    const DEEP: Attribute<Address, Box<Address>> = Attribute::new("d");

    fn check<V>(path: impl IntoPath<Order, V>, expected: &str) {
        let mut placeholders = Placeholders::default();
        let text = placeholders.write(path.into_path().into_document_path().into_fragment()).unwrap().unwrap();
        let (names, _) = placeholders.finish();
        assert_eq!(names.unwrap().iter().fold(text, |text, (key, name)| text.replace(key, name)), expected);
    }

    #[test]
    fn a_path_leads_through_options_boxes_lists_and_maps() {
        check(ADDRESS, "address");
        check(ADDRESS.then(LINES), "address.lines");
        check(ADDRESS.then(DEEP).then(DEEP).then(LINES).at(3), "address.d.d.lines[3]");
        check(ADDRESS.then(LINES.at(3)), "address.lines[3]");
        check(PRICES.entry("eu").entry(7).then(LINES), "prices.eu.7.lines");
    }

    #[test]
    fn a_dot_in_a_key_is_no_step() {
        let path = PRICES.entry("a.b[0]").into_document_path().into_fragment();
        let mut placeholders = Placeholders::default();
        assert_eq!(placeholders.write(path), Ok(Some("#n0.#n1".into())));
        assert_eq!(placeholders.finish().0.unwrap()["#n1"], "a.b[0]");
    }

    #[test]
    fn a_path_of_more_than_32_levels_is_not_sent() {
        let deep = |levels: usize| (2..levels).fold(ADDRESS.then(DEEP), |path, _| path.then(DEEP)).then(LINES);
        let write = |path: Attribute<_, _, DocumentPath>| {
            Placeholders::default().write(path.into_document_path().into_fragment())
        };
        assert!(write(deep(32)).is_ok());
        let error = write(deep(33)).unwrap_err().to_string();
        assert!(error.starts_with("`address.d.d."), "{error}");
        assert!(error.ends_with(".lines`: a document path is at most 32 levels deep"), "{error}");
    }

    #[test]
    fn a_path_is_shown_as_it_is_written() {
        assert_eq!(format!("{:?}", ADDRESS.then(LINES).at(3)), "Attribute(address.lines[3])");
        assert_eq!(format!("{ADDRESS:?}"), "Attribute(address)");
    }
}
