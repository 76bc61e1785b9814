use std::{
    collections::BTreeSet,
    fmt,
    ops::{Deref, DerefMut},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{item::SET, key::Key, set_elements::SetAttribute};

/// A set of strings, numbers or bytes, stored as `SS`, `NS` or `BS`.
///
/// Its elements are of any type that can be a key: `String`, integers, [`Number`](super::Number), `Bytes`, and what
/// `#[derive(Key)]` makes of these. DynamoDB has no empty sets: an empty one is stored as an absent attribute, and an absent
/// attribute is read as an empty set, without `#[serde(default)]`. In JSON it is an array.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use skyloom::table::{self, Set};
///
/// #[derive(Serialize, Deserialize)]
/// struct Note {
///     id: String,
///     tags: Set<String>,
/// }
///
/// let mut note = Note { id: "n-1".into(), tags: Set::new() };
/// note.tags.insert("new".into());
/// let item = table::to_item(&note)?;
/// assert_eq!(item["tags"].as_ss(), Ok(&vec!["new".to_owned()]));
///
/// note.tags.clear();
/// let item = table::to_item(&note)?;
/// assert!(!item.contains_key("tags"));
/// assert!(table::from_item::<Note>(item)?.tags.is_empty());
/// # Ok::<_, table::ItemError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set<T>(BTreeSet<T>);

impl<T> Set<T> {
    /// An empty set.
    pub const fn new() -> Self {
        Self(BTreeSet::new())
    }

    /// The set as the standard library has it.
    pub fn into_inner(self) -> BTreeSet<T> {
        self.0
    }
}

impl<T: Key + Ord> Serialize for Set<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // It is an option, because it is read as one.
        serializer.serialize_newtype_struct(SET, &Some(&self.0))
    }
}

/// An absent field is an error of serde's, except where an option is wanted: so one is.
impl<'de, T: Key + Ord> Deserialize<'de> for Set<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<BTreeSet<T>>::deserialize(deserializer).map(|set| Self(set.unwrap_or_default()))
    }
}

/// Its elements can be added to and deleted from where it is stored.
impl<T: Key + Ord> SetAttribute for Set<T> {
    type Element = T;
}

impl<T> Deref for Set<T> {
    type Target = BTreeSet<T>;

    fn deref(&self) -> &BTreeSet<T> {
        &self.0
    }
}

impl<T> DerefMut for Set<T> {
    fn deref_mut(&mut self) -> &mut BTreeSet<T> {
        &mut self.0
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> From<BTreeSet<T>> for Set<T> {
    fn from(set: BTreeSet<T>) -> Self {
        Self(set)
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for Set<T> {
    fn from(elements: [T; N]) -> Self {
        Self(elements.into())
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self(elements.into_iter().collect())
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, elements: I) {
        self.0.extend(elements);
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::collections::btree_set::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = std::collections::btree_set::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use expect_test::{Expect, expect};
    use serde::{Deserialize, Serialize, de::DeserializeOwned};

    use super::{
        super::{
            Number,
            item::{from_item, parse_json, to_item, to_json},
        },
        *,
    };

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(bound = "T: Key + Ord")]
    struct Tagged<T> {
        tags: Set<T>,
    }

    #[track_caller]
    fn check<T: Key + Ord + fmt::Debug + DeserializeOwned>(tags: Set<T>, expected: Expect) {
        let value = Tagged { tags };
        let item = to_item(&value).unwrap();
        expected.assert_eq(&to_json(&item));
        assert_eq!(from_item::<Tagged<T>>(item).unwrap(), value);
    }

    #[test]
    fn each_element_type_has_its_set() {
        check(Set::from(["b".to_owned(), "a".to_owned()]), expect![[r#"{"tags":{"SS":["a","b"]}}"#]]);
        check(Set::from([10_u64, 9, 10]), expect![[r#"{"tags":{"NS":["9","10"]}}"#]]);
        let numbers = Set::from(["1.50", "-2"].map(|text| text.parse::<Number>().unwrap()));
        check(numbers, expect![[r#"{"tags":{"NS":["-2","1.5"]}}"#]]);
        check(Set::from([Bytes::from_static(&[0, 255])]), expect![[r#"{"tags":{"BS":["AP8="]}}"#]]);
    }

    #[test]
    fn an_empty_set_is_an_absent_attribute() {
        check(Set::<String>::new(), expect!["{}"]);
        check(Set::<i64>::new(), expect!["{}"]);
    }

    #[test]
    fn an_empty_set_in_a_list_is_a_null() {
        let item = to_item(
            &[("sets", vec![Set::<u8>::new(), Set::from([1])])]
                .into_iter()
                .collect::<std::collections::BTreeMap<_, _>>(),
        );
        let item = item.unwrap();
        expect![[r#"{"sets":{"L":[{"NULL":true},{"NS":["1"]}]}}"#]].assert_eq(&to_json(&item));
        let read: std::collections::BTreeMap<String, Vec<Set<u8>>> = from_item(item).unwrap();
        assert_eq!(read["sets"], [Set::new(), Set::from([1])]);
    }

    #[test]
    fn a_list_that_was_stored_before_it_was_a_set_is_read_as_one() {
        let item = parse_json(r#"{"tags":{"L":[{"S":"b"},{"S":"a"},{"S":"b"}]}}"#).unwrap();
        assert_eq!(from_item::<Tagged<String>>(item).unwrap().tags, Set::from(["a".to_owned(), "b".to_owned()]));
    }

    #[test]
    fn in_json_it_is_an_array_and_may_be_absent() {
        let tags = Tagged { tags: Set::from([2_u8, 1]) };
        assert_eq!(serde_json::to_string(&tags).unwrap(), r#"{"tags":[1,2]}"#);
        assert_eq!(serde_json::from_str::<Tagged<u8>>(r#"{"tags":[2,1]}"#).unwrap(), tags);
        assert!(serde_json::from_str::<Tagged<u8>>("{}").unwrap().tags.is_empty());
    }

    #[test]
    fn an_element_that_does_not_fit_is_named() {
        let item = parse_json(r#"{"tags":{"NS":["1","300"]}}"#).unwrap();
        let error = from_item::<Tagged<u8>>(item).unwrap_err();
        expect!["`tags[1]`: the number 300 is no u8"].assert_eq(&error.to_string());
    }

    #[test]
    fn elements_are_written_as_one_of_the_three_types() {
        #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        struct Odd(bool);
        impl Key for Odd {
            const TYPE: skyloom_manifest::AttributeType = skyloom_manifest::AttributeType::S;
        }
        let error = to_item(&Tagged { tags: Set::from([Odd(true)]) }).unwrap_err();
        expect!["`tags`: the elements of a set are all strings, all numbers or all bytes, and none is `None`"]
            .assert_eq(&error.to_string());
    }
}
