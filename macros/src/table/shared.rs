//! A table that several entities share: a struct without fields.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Ident, LitStr, Visibility};

use super::{
    expand, index,
    options::{self, IndexOptions, TableOptions},
    parse,
};
use crate::{
    errors::Errors,
    item, names,
    registration::{option, register, source},
    setting::Setting,
    settings::Settings,
};

/// A shared table that exists is valid.
pub(super) struct Shared {
    name: Ident,
    visibility: Visibility,
    partition: LitStr,
    sort: LitStr,
    discriminator: LitStr,
    stream: Option<&'static str>,
    ttl: Option<LitStr>,
    options: TableOptions,
    indexes: Vec<Index>,
}

/// An index over attributes that the entities fill.
struct Index {
    name: Ident,
    /// Nothing for one that has the table's own key the other way round.
    keys: Option<(LitStr, Option<LitStr>)>,
    local: bool,
    options: IndexOptions,
}

pub(super) fn new(input: &DeriveInput) -> syn::Result<Shared> {
    let mut errors = Errors::default();
    item::check_name_and_generics(input, "Table", &mut errors);
    let known = [&["partition", "sort", "discriminator", "stream", "ttl"], options::TABLE].concat();
    let settings = item::settings(&input.attrs, "table", &mut errors);
    let settings = Settings::of(settings, "#[table(…)]", &known, &mut errors);
    let mut attribute = |option: &str, default: &str| {
        let text = settings.read(option, &mut errors, |it| it.text(default)).cloned();
        text.unwrap_or_else(|| LitStr::new(default, input.ident.span()))
    };
    let (partition, sort) = (attribute("partition", "pk"), attribute("sort", "sk"));
    let discriminator = attribute("discriminator", "entity");
    let ttl = settings.read("ttl", &mut errors, |it| it.text("expires_at")).cloned();
    let stream = settings.read("stream", &mut errors, |it| it.choice(&super::model::VIEWS));
    let names: Vec<&LitStr> = [&partition, &sort, &discriminator].into_iter().chain(&ttl).collect();
    check_distinct(&names, &mut errors);
    let all = parse::indexes(&input.attrs, &mut errors);
    index::check_names(&all, &mut errors);
    let read = |(name, settings)| index_of(name, settings, &partition, &sort, &mut errors);
    let indexes: Vec<Option<Index>> = all.into_iter().map(read).collect();
    let indexes: Vec<Index> = indexes.into_iter().flatten().collect();
    let options = options::table(&settings, stream, &mut errors);
    options.check_indexes(indexes.iter().map(|index| &index.options), &mut errors);
    errors.finish()?;
    Ok(Shared {
        name: input.ident.clone(),
        visibility: input.vis.clone(),
        partition,
        sort,
        discriminator,
        stream,
        ttl,
        options,
        indexes,
    })
}

fn check_distinct(names: &[&LitStr], errors: &mut Errors) {
    for (at, name) in names.iter().enumerate() {
        if name.value().is_empty() || name.value().contains(['{', '}']) {
            errors.push(name, "this names an attribute, `pk`: the templates are those of the entities");
        }
        if names[..at].iter().any(|other| other.value() == name.value()) {
            errors.push(name, format!("another attribute of the table is `{}` already", name.value()));
        }
    }
}

fn index_of(
    name: Ident,
    settings: Vec<Setting>,
    table_partition: &LitStr,
    table_sort: &LitStr,
    errors: &mut Errors,
) -> Option<Index> {
    let known = [&["partition", "sort", "local"], options::INDEX].concat();
    let settings = Settings::of(settings, "#[index(…)]", &known, errors);
    let local = settings.read("local", errors, Setting::flag).unwrap_or(false);
    let options = options::index(&settings, local, errors);
    let partition = settings.read("partition", errors, |it| it.text("gsi1pk")).cloned();
    let sort = settings.read("sort", errors, |it| it.text("gsi1sk")).cloned();
    let is_of_table = |text: &LitStr| [table_partition.value(), table_sort.value()].contains(&text.value());
    let is = |text: &Option<LitStr>, other: &LitStr| text.as_ref().is_some_and(|text| text.value() == other.value());
    if !local && is(&partition, table_sort) && is(&sort, table_partition) {
        return Some(Index { name, keys: None, local, options });
    }
    for text in [&partition, &sort].into_iter().flatten().filter(|text| is_of_table(text)) {
        let message = "an index has attributes of its own, or the table's key the other way round";
        let (partition, sort) = (table_partition.value(), table_sort.value());
        errors.push(text, format!("{message}: `partition = \"{sort}\", sort = \"{partition}\"`"));
    }
    match (local, &partition, &sort) {
        (true, None, Some(_)) => Some(Index { name, keys: Some((table_partition.clone(), sort)), local, options }),
        (true, ..) => {
            errors.push(&name, format!("a local index has a sort key and the table's partition key: write `#[index({name}, local, sort = \"lsi1sk\")]`"));
            None
        }
        (false, None, _) => {
            errors
                .push(&name, format!("an index has a partition key: write `#[index({name}, partition = \"gsi1pk\")]`"));
            None
        }
        (false, Some(key), _) => Some(Index { name, keys: Some((key.clone(), sort)), local, options }),
    }
}

impl Shared {
    pub(super) fn expand(&self) -> TokenStream {
        let Self { name, partition, sort, discriminator, .. } = self;
        let ttl = option(self.ttl.as_ref());
        let text = names::text(name);
        let streamed = expand::streamed(name, self.stream);
        let indexes = self.indexes.iter().map(|index| self.index(index));
        let entry = register("TABLES", "TableEntry", &self.entry());
        quote! {
            impl ::skyloom::__private::SharedTable for #name {
                const NAME: &'static str = #text;
                const PARTITION_KEY: &'static str = #partition;
                const SORT_KEY: &'static str = #sort;
                const DISCRIMINATOR: &'static str = #discriminator;
                const TTL: ::core::option::Option<&'static str> = #ttl;
            }
            #streamed
            #(#indexes)*
            const _: () = { #entry };
        }
    }

    fn entry(&self) -> TokenStream {
        let name = &self.name;
        let source = source(name);
        let indexes = self.indexes.iter().map(|index| {
            let (name, options) = (&index.name, options::with_index(&index.options));
            quote! { ::skyloom::__private::IndexEntry::of_shared::<#name>()#options }
        });
        let (stream, ttl) = (option(self.stream.map(expand::view)), option(self.ttl.as_ref()));
        let options = options::with_table(&self.options);
        quote! { ::skyloom::__private::TableEntry::of_shared::<#name>(#source, &[#(#indexes),*], #stream, #ttl)#options }
    }

    fn index(&self, index: &Index) -> TokenStream {
        let (name, of, local) = (&index.name, &self.name, index.local);
        let text = names::text(name);
        let marker = expand::marker(name, &self.visibility, of, local);
        let (partition, sort) = index.keys.clone().unwrap_or_else(|| (self.sort.clone(), Some(self.partition.clone())));
        let sort = option(sort);
        let inverted = index.keys.is_none().then(|| inverted(name, of));
        quote! {
            #marker
            impl ::skyloom::__private::Index for #name {
                type Item = #of;
                const TABLE: &'static str = <#of as ::skyloom::__private::SharedTable>::NAME;
                const NAME: &'static str = #text;
                const LOCAL: bool = #local;
            }
            impl ::skyloom::__private::SharedIndex for #name {
                type Shared = #of;
                const PARTITION_KEY: &'static str = #partition;
                const SORT_KEY: ::core::option::Option<&'static str> = #sort;
            }
            #inverted
        }
    }
}

/// Every entity is in an index that has the table's key the other way round.
fn inverted(name: &Ident, of: &Ident) -> TokenStream {
    quote! {
        impl<E: ::skyloom::__private::Entity<Shared = #of>> ::skyloom::__private::IndexOf<E> for #name
        where
            E::Shape: ::skyloom::__private::Invertible,
        {
            type Table = E;
            type Shape = <E::Shape as ::skyloom::__private::Invertible>::Inverted;
            const PARTITION: ::skyloom::__private::Side = ::skyloom::__private::inverted::<E>();
            const SORT: ::core::option::Option<::skyloom::__private::Side> =
                ::core::option::Option::Some(<E as ::skyloom::Table>::PARTITION);
        }
    }
}
