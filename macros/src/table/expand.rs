//! What `#[derive(Table)]` writes.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Type, Visibility};

use super::{
    described,
    index::Index,
    model::{Attribute, Fields, Table},
    options,
    projection::Projection,
    side::{Side, type_of},
    version::Version,
};
use crate::{
    names,
    registration::{option, register, source},
    spans::gathered,
    types,
};

pub(super) fn expand(table: &Table) -> TokenStream {
    let implementation = implementation(table);
    let constants = constants(&table.name, &table.visibility, &table.fields);
    let streamed = streamed(&table.name, table.stream);
    let indexes = table.indexes.iter().map(|index| index_type(table, index));
    let ttl = table.ttl.as_ref().map(|(_, ty)| {
        let (ty, place) = gathered(ty);
        quote_spanned! {place=> const _: () = ::skyloom::__private::assert_ttl::<#ty>(); }
    });
    let sides = table.sides();
    let parts = assertions(&sides);
    let versioned = table.version.as_ref().map(|version| versioned(&table.name, version));
    let entry = register("TABLES", "TableEntry", &entry(table));
    quote! {
        #implementation
        #constants
        #streamed
        #(#indexes)*
        #ttl
        #(#parts)*
        #versioned
        const _: () = { #entry };
    }
}

impl Table {
    fn sides(&self) -> Vec<&Side> {
        [Some(&self.partition), self.sort.as_ref()]
            .into_iter()
            .flatten()
            .chain(self.indexes.iter().flat_map(Index::sides))
            .collect()
    }
}

fn implementation(table: &Table) -> TokenStream {
    let name = &table.name;
    let text = names::text(name);
    let shape = shape(&table.partition, table.sort.as_ref());
    let (partition, sort) = (attribute(&table.partition), option(table.sort.as_ref().map(attribute)));
    let made = table.sides().into_iter().any(Side::is_template);
    let layout = made.then(|| layout(table));
    let read = if made {
        quote! { ::skyloom::__private::from_stored::<Self, Self>(item) }
    } else {
        quote! { ::skyloom::__private::from_item(item) }
    };
    let version = table.version.as_ref().map(version);
    quote! {
        impl ::skyloom::__private::FromItem for #name {
            fn from_item(item: ::skyloom::__private::Item) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                #read
            }
        }
        impl ::skyloom::Table for #name {
            const NAME: &'static str = #text;
            const PARTITION_KEY: &'static str = #partition;
            const SORT_KEY: ::core::option::Option<&'static str> = #sort;
            #version
            type Shape = #shape;
            #layout
        }
        impl ::skyloom::__private::bridge::Stored for #name {
            type Handle = ::skyloom::__private::TestTable<#name>;
            fn open(environment: &::skyloom::__private::bridge::Environment) -> Self::Handle {
                ::skyloom::__private::open_for_test(environment)
            }
        }
    }
}

/// How the items of a table with templates are stored.
fn layout(table: &Table) -> TokenStream {
    let unstored = &table.fields.unstored;
    let indexes = table.indexes.iter().flat_map(Index::own_sides).filter(|side| side.is_template()).map(Side::expand);
    let own = own_sides(&table.partition, table.sort.as_ref());
    quote! {
        #own
        const LAYOUT: ::skyloom::__private::Layout = ::skyloom::__private::Layout {
            entity: ::core::option::Option::None,
            indexes: &[#(#indexes),*],
            unstored: &[#(#unstored),*],
        };
        fn to_item(&self) -> ::core::result::Result<::skyloom::__private::Item, ::skyloom::__private::ItemError> {
            ::skyloom::__private::to_stored(self)
        }
    }
}

/// How both sides of a key are stored.
pub(crate) fn own_sides(partition: &Side, sort: Option<&Side>) -> TokenStream {
    let (partition, sort) = (partition.expand(), option(sort.map(Side::expand)));
    quote! {
        const PARTITION: ::skyloom::__private::Side = #partition;
        const SORT: ::core::option::Option<::skyloom::__private::Side> = #sort;
    }
}

/// The one attribute of a side of a table's key.
fn attribute(side: &Side) -> TokenStream {
    match side {
        Side::Template { attribute, .. } => attribute.clone(),
        Side::Field(_) | Side::Fields(_) => {
            let name = side.keys().first().map(|key| key.attribute.clone());
            quote! { #name }
        }
    }
}

/// That the parts of templates can be written as text is an error at the field's type.
pub(crate) fn assertions(sides: &[&Side]) -> Vec<TokenStream> {
    let mut seen = Vec::new();
    let mut all = Vec::new();
    for (key, digits) in sides.iter().flat_map(|side| side.made_of()) {
        if seen.contains(&(&key.field, digits)) {
            continue;
        }
        seen.push((&key.field, digits));
        let (ty, place) = gathered(&key.ty);
        all.push(quote_spanned! {place=> const _: () = ::skyloom::__private::assert_part::<#ty>(#digits); });
    }
    all
}

/// Which attribute has the version.
pub(crate) fn version(Version { attribute, .. }: &Version) -> TokenStream {
    quote! { const VERSION: ::core::option::Option<&'static str> = ::core::option::Option::Some(#attribute); }
}

/// That the items have a version, which is of a type that can be one.
pub(crate) fn versioned(name: &Ident, version: &Version) -> TokenStream {
    let (ty, place) = gathered(&version.ty);
    let check = quote_spanned! {place=> const _: () = ::skyloom::__private::assert_version::<#ty>(); };
    quote! {
        impl ::skyloom::__private::Versioned for #name {}
        #check
    }
}

/// `Order::STATUS` for each field.
pub(crate) fn constants(name: &Ident, visibility: &Visibility, fields: &Fields) -> TokenStream {
    let attributes = fields.attributes.iter().map(|Attribute { field, ty, stored }| {
        let (attribute, constant) = (&stored.name, names::constant(field, field.span()));
        let doc = format!("The attribute `{attribute}`.");
        quote! {
            #[doc = #doc]
            #visibility const #constant: ::skyloom::__private::Attribute<#name, #ty> =
                ::skyloom::__private::Attribute::new(#attribute);
        }
    });
    let parts = fields.key_parts.iter().map(|Attribute { field, ty, stored }| {
        let (attribute, constant) = (&stored.name, names::constant(field, field.span()));
        let doc = format!("The part `{attribute}` of the key.");
        quote! {
            #[doc = #doc]
            #visibility const #constant: ::skyloom::__private::KeyPart<#name, #ty> =
                ::skyloom::__private::KeyPart::new(#attribute);
        }
    });
    quote! {
        // A field's type may be less visible than the struct, whose visibility its constant has.
        #[allow(private_interfaces, dead_code)]
        impl #name { #(#attributes)* #(#parts)* }
    }
}

pub(crate) fn streamed(name: &Ident, stream: Option<&str>) -> Option<TokenStream> {
    let text = names::text(name);
    let view = view(stream?);
    Some(quote! {
        impl ::skyloom::__private::Streamed for #name {
            const NAME: &'static str = #text;
            const VIEW: ::skyloom::__private::StreamView = #view;
        }
    })
}

pub(crate) fn view(variant: &str) -> TokenStream {
    let variant = format_ident!("{variant}");
    quote! { ::skyloom::__private::StreamView::#variant }
}

/// The type that stands for an index.
fn index_type(table: &Table, index: &Index) -> TokenStream {
    let (name, visibility, of) = (&index.name, &table.visibility, &table.name);
    let marker = marker(name, visibility, of, index.local);
    let (text, local) = (names::text(name), index.local);
    let projected = index.projected.as_ref().map(|projected| projected.expand(of, name, visibility));
    let item = index.projected.as_ref().map_or(of, |projected| &projected.name);
    let (shape, sides) =
        (shape(&index.partition, index.sort.as_ref()), own_sides(&index.partition, index.sort.as_ref()));
    quote! {
        #marker
        #projected
        impl ::skyloom::__private::Index for #name {
            type Item = #item;
            const TABLE: &'static str = <#of as ::skyloom::Table>::NAME;
            const NAME: &'static str = #text;
            const LOCAL: bool = #local;
        }
        #[allow(private_interfaces)]
        impl ::skyloom::__private::IndexOf<#item> for #name {
            type Table = #of;
            type Shape = #shape;
            #sides
        }
    }
}

/// The type itself, which has no values of interest.
pub(crate) fn marker(name: &Ident, visibility: &Visibility, of: &Ident, local: bool) -> TokenStream {
    let local = local.then(|| quote! { impl ::skyloom::__private::LocalIndex for #name {} });
    let doc = format!("The index `{}` of [`{}`].", names::text(name), names::text(of));
    quote! {
        #[doc = #doc]
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
        #[allow(dead_code)]
        #visibility struct #name;
        #local
    }
}

/// The types of a key. A sort key that is always the same is none in calls.
pub(crate) fn shape(partition: &Side, sort: Option<&Side>) -> TokenStream {
    let (partition_types, partition_place) = types_of(partition);
    let partition_type = type_of(&partition_types);
    let is_sure = partition.keys().iter().all(|key| is_surely_a_key(&key.ty));
    match sort.map(types_of).filter(|(types, _)| !types.is_empty()) {
        None => quote_spanned! {partition_place=> ::skyloom::__private::PartitionOnly<#partition_type> },
        Some((sort_types, sort_place)) => {
            let sort_type = type_of(&sort_types);
            // That a type cannot be a key is an error of the whole shape, so this has the place of the suspect.
            let place = if is_sure { sort_place } else { partition_place };
            quote_spanned! {place=> ::skyloom::__private::PartitionAndSort<#partition_type, #sort_type> }
        }
    }
}

/// The types of a side's parts, and where the suspect among them stands.
fn types_of(side: &Side) -> (Vec<TokenStream>, Span) {
    let keys = side.keys();
    let gathered: Vec<(TokenStream, Span)> = keys.iter().map(|key| gathered(&key.ty)).collect();
    let suspect = keys.iter().position(|key| !is_surely_a_key(&key.ty)).unwrap_or(0);
    let place = gathered.get(suspect).map_or_else(Span::call_site, |(_, place)| *place);
    (gathered.into_iter().map(|(tokens, _)| tokens).collect(), place)
}

fn is_surely_a_key(ty: &Type) -> bool {
    ["String", "Bytes", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"]
        .iter()
        .any(|name| types::is_named(ty, name))
}

fn entry(table: &Table) -> TokenStream {
    let name = &table.name;
    let source = source(name);
    let indexes = table.indexes.iter().map(|index| {
        let (name, options) = (&index.name, options::with_index(&index.options));
        let projection = projection(&index.projection);
        quote! { ::skyloom::__private::IndexEntry::of::<#name>(#projection)#options }
    });
    let stream = option(table.stream.map(view));
    let ttl = option(table.ttl.as_ref().map(|(attribute, _)| attribute));
    let (item, options) = (described::with_item(&table.fields), options::with_table(&table.options));
    quote! {
        ::skyloom::__private::TableEntry::of::<#name>(#source, &[#(#indexes),*], #stream, #ttl)#item #options
    }
}

fn projection(projection: &Projection) -> TokenStream {
    let entry = quote! { ::skyloom::__private::ProjectionEntry };
    match projection {
        Projection::All => quote! { #entry::All },
        Projection::KeysOnly => quote! { #entry::KeysOnly },
        Projection::Include(included) => {
            let attributes = included.iter().map(|it| &it.attribute);
            quote! { #entry::Include(&[#(#attributes),*]) }
        }
    }
}
