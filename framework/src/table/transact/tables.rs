use std::fmt;

use aws_sdk_dynamodb::Client;

use super::{
    super::{definition::Table, handle::Handle},
    read::TransactReadTable,
    write::TransactTable,
};
use crate::{Action, Needs, Rejection, Scope};

/// The tables of a transaction: a table, or a tuple of up to eight.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the tables of a transaction",
    label = "no table and no tuple of tables",
    note = "write `Transact<Order>` for one table and `Transact<(Order, Stock)>` for several, up to eight"
)]
pub trait TableList: 'static {
    /// What a handler needs to write them.
    const WRITES: Needs;
    /// What a handler needs to read them.
    const READS: Needs;
    /// A [`TransactTable`] for each.
    type Writers<'a>;
    /// A [`TransactReadTable`] for each.
    type Readers<'a>;

    #[doc(hidden)]
    fn open(scope: &Scope) -> Result<Handles, Rejection>;
    #[doc(hidden)]
    fn writers(handles: &Handles) -> Self::Writers<'_>;
    #[doc(hidden)]
    fn readers(handles: &Handles) -> Self::Readers<'_>;
}

/// The deployed tables of a list, in its order.
#[derive(Clone)]
pub struct Handles {
    first: Handle,
    others: Vec<Handle>,
}

impl Handles {
    pub(super) fn new(first: Handle, others: Vec<Handle>) -> Self {
        Self { first, others }
    }

    pub(super) fn client(&self) -> &Client {
        &self.first.client
    }

    fn iter(&self) -> impl Iterator<Item = &Handle> {
        [&self.first].into_iter().chain(&self.others)
    }
}

impl fmt::Debug for Handles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|table| &table.name)).finish()
    }
}

const WRITES: &[Action] = &[Action::PutItem, Action::UpdateItem, Action::DeleteItem, Action::ConditionCheckItem];
const READS: &[Action] = &[Action::GetItem];

impl<T: Table> TableList for T {
    const WRITES: Needs = Needs::table::<T>(WRITES);
    const READS: Needs = Needs::table::<T>(READS);
    type Writers<'a> = TransactTable<'a, T>;
    type Readers<'a> = TransactReadTable<'a, T>;

    fn open(scope: &Scope) -> Result<Handles, Rejection> {
        Ok(Handles::new(Handle::of::<T>(scope)?, Vec::new()))
    }

    fn writers(handles: &Handles) -> Self::Writers<'_> {
        TransactTable::new(&handles.first)
    }

    fn readers(handles: &Handles) -> Self::Readers<'_> {
        TransactReadTable::new(&handles.first)
    }
}

/// `first` takes the first table, the others follow it; each name is a type and its place among the others.
macro_rules! tuple {
    ($first:ident $($table:ident $place:tt)*) => {
        impl<$first: Table, $($table: Table),*> TableList for ($first, $($table,)*) {
            const WRITES: Needs = Needs::All(&[Needs::table::<$first>(WRITES), $(Needs::table::<$table>(WRITES)),*]);
            const READS: Needs = Needs::All(&[Needs::table::<$first>(READS), $(Needs::table::<$table>(READS)),*]);
            type Writers<'a> = (TransactTable<'a, $first>, $(TransactTable<'a, $table>,)*);
            type Readers<'a> = (TransactReadTable<'a, $first>, $(TransactReadTable<'a, $table>,)*);

            fn open(scope: &Scope) -> Result<Handles, Rejection> {
                Ok(Handles::new(Handle::of::<$first>(scope)?, vec![$(Handle::of::<$table>(scope)?),*]))
            }

            fn writers(handles: &Handles) -> Self::Writers<'_> {
                (TransactTable::new(&handles.first), $(TransactTable::new(&handles.others[$place]),)*)
            }

            fn readers(handles: &Handles) -> Self::Readers<'_> {
                (TransactReadTable::new(&handles.first), $(TransactReadTable::new(&handles.others[$place]),)*)
            }
        }
    };
}

tuple!(A);
tuple!(A B 0);
tuple!(A B 0 C 1);
tuple!(A B 0 C 1 D 2);
tuple!(A B 0 C 1 D 2 E 3);
tuple!(A B 0 C 1 D 2 E 3 F 4);
tuple!(A B 0 C 1 D 2 E 3 F 4 G 5);
tuple!(A B 0 C 1 D 2 E 3 F 4 G 5 H 6);
