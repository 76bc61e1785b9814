use std::{fmt, marker::PhantomData};

use serde::de::DeserializeOwned;

use super::{
    Error, Item, Page,
    attribute::Attribute,
    item::{ItemError, from_attribute},
    items::Items,
    selection::Selection,
};

/// Attributes of the table `T` that are read without the others: one, or a tuple of up to eight.
pub trait AttributeList<T>: Send + Sync + 'static {
    /// Their values: one, or a tuple.
    type Values: Send + 'static;

    #[doc(hidden)]
    fn names(&self) -> Vec<&'static str>;
    #[doc(hidden)]
    fn read(&self, item: Item) -> Result<Self::Values, ItemError>;
}

impl<T: 'static, V: DeserializeOwned + Send + 'static> AttributeList<T> for Attribute<T, V> {
    type Values = V;

    fn names(&self) -> Vec<&'static str> {
        vec![(*self).name()]
    }

    fn read(&self, mut item: Item) -> Result<V, ItemError> {
        take(*self, &mut item)
    }
}

fn take<T, V: DeserializeOwned>(attribute: Attribute<T, V>, item: &mut Item) -> Result<V, ItemError> {
    from_attribute(item.remove(attribute.name())).map_err(|error| error.in_field(attribute.name()))
}

macro_rules! tuple {
    ($($value:ident $place:tt),*) => {
        impl<T: 'static, $($value: DeserializeOwned + Send + 'static),*> AttributeList<T> for ($(Attribute<T, $value>,)*) {
            type Values = ($($value,)*);

            fn names(&self) -> Vec<&'static str> {
                vec![$(self.$place.name()),*]
            }

            fn read(&self, mut item: Item) -> Result<Self::Values, ItemError> {
                Ok(($(take(self.$place, &mut item)?,)*))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

/// A query or scan of some attributes: [`Query::select`](super::Query::select). It is paid for as one of whole items.
#[must_use = "nothing is read before `page`, `all`, `first` or `stream`"]
pub struct Select<'a, T, L> {
    selection: Selection<'a>,
    list: L,
    table: PhantomData<fn() -> T>,
}

impl<'a, T, L: AttributeList<T>> Select<'a, T, L> {
    pub(super) fn new(selection: Selection<'a>, list: L) -> Self {
        Self { selection: Selection { projection: list.names(), ..selection }, list, table: PhantomData }
    }

    /// One page, in one request. Only [`Page::next`] says whether there are more.
    pub async fn page(self) -> Result<Page<L::Values>, Error> {
        self.selection.page(|item| self.list.read(item)).await
    }

    /// The values of all items, or as many as the limit says, in as many requests as it takes.
    pub async fn all(self) -> Result<Vec<L::Values>, Error> {
        self.selection.all(|item| self.list.read(item)).await
    }

    /// The values of the first item.
    pub async fn first(self) -> Result<Option<L::Values>, Error> {
        self.selection.first(|item| self.list.read(item)).await
    }

    /// The values one after the other; a page is asked for when those of the one before are taken.
    pub fn stream(self) -> Items<'a, L::Values> {
        let list = self.list;
        Items::of(self.selection, move |item| list.read(item))
    }
}

impl<T, L> fmt::Debug for Select<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Select").field(&self.selection).finish()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::super::recorder::{Order, Recorder};

    #[tokio::test]
    async fn only_the_attributes_that_are_named_are_read() {
        let items = json!({"Items": [{"status": {"S": "open"}, "note": {"S": "x"}}, {"status": {"S": "paid"}}]});
        let recorder = Recorder::answering([items]);
        let orders = recorder.read::<Order>();
        let query = orders.query("ann").filter(Order::CENTS.gt(1)).select((Order::STATUS, Order::NOTE));
        let expected = [("open".to_owned(), Some("x".to_owned())), ("paid".to_owned(), None)];
        assert_eq!(query.all().await.unwrap(), expected);
        expect![[r##"Query {"ExpressionAttributeNames":{"#n0":"shopper","#n1":"cents","#n2":"status","#n3":"note"},"ExpressionAttributeValues":{":v0":{"S":"ann"},":v1":{"N":"1"}},"FilterExpression":"#n1 > :v1","KeyConditionExpression":"#n0 = :v0","ProjectionExpression":"#n2, #n3"}"##]].assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn one_attribute_is_no_tuple() {
        let recorder = Recorder::answering([json!({"Items": [{"cents": {"N": "5"}}]})]);
        assert_eq!(recorder.scan::<Order>().items().select(Order::CENTS).all().await.unwrap(), [5]);
    }

    #[tokio::test]
    async fn an_attribute_that_is_missing_is_named() {
        let recorder = Recorder::answering([json!({"Items": [{}]})]);
        let error = recorder.read::<Order>().query("ann").select(Order::CENTS).first().await.unwrap_err();
        assert_eq!(error.to_string(), "`cents`: the item has no such attribute");
    }
}
