//! What `#[derive(Entity)]` writes.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;

use super::model::{Entity, Index};
use crate::{
    registration::{register, source},
    spans::gathered,
    table::{
        described,
        expand::{assertions, constants, own_sides, shape, version, versioned},
        model::Attribute,
        side::Side,
    },
};

pub(super) fn expand(entity: &Entity) -> TokenStream {
    let name = &entity.name;
    let implementation = implementation(entity);
    let constants = constants(name, &entity.visibility, &entity.fields);
    let indexes = entity.indexes.iter().map(|it| index(entity, it));
    let of_indexes = entity.indexes.iter().flat_map(Index::sides);
    let parts = assertions(&[&entity.partition, &entity.sort].into_iter().chain(of_indexes).collect::<Vec<_>>());
    let versioned = entity.version.as_ref().map(|version| versioned(name, version));
    let ttl = entity.plain.iter().map(|attribute| ttl(name, attribute));
    let source = source(name);
    let item = described::with_item(&entity.fields);
    let entry = quote! { ::skyloom::__private::EntityEntry::of::<#name>(#source)#item };
    let entry = register("ENTITIES", "EntityEntry", &entry);
    let unreserved = unreserved(entity);
    quote! {
        #implementation
        #constants
        #(#indexes)*
        #(#parts)*
        #versioned
        #(#ttl)*
        #unreserved
        const _: () = { #entry };
    }
}

/// That the field says when an item expires, if the table means it so, is an error at its type.
fn ttl(entity: &Ident, Attribute { ty, stored, .. }: &Attribute) -> TokenStream {
    let (name, (ty, place)) = (&stored.name, gathered(ty));
    let is_seconds = quote! { ::skyloom::__private::Ttl::<#ty>::IS_SECONDS };
    quote_spanned! {place=>
        const _: () = {
            #[allow(unused_imports)]
            use ::skyloom::__private::NoTtl as _;
            ::skyloom::__private::assert_entity_ttl::<#entity>(#name, #is_seconds);
        };
    }
}

/// That no field takes the place of what the table stores for itself is an error at the field.
fn unreserved(entity: &Entity) -> Option<TokenStream> {
    let of = &entity.name;
    let fields = entity.fields.attributes.iter().map(|Attribute { field, stored, .. }| {
        let name = &stored.name;
        quote_spanned! {field.span()=> ::skyloom::__private::assert_unreserved::<#of>(#name); }
    });
    (!entity.fields.attributes.is_empty()).then(|| quote! { const _: () = { #(#fields)* }; })
}

fn implementation(entity: &Entity) -> TokenStream {
    let Entity { name, kind, partition, sort, .. } = entity;
    let (table, place) = gathered(&entity.table);
    let (sides, shape) = (own_sides(partition, Some(sort)), shape(partition, Some(sort)));
    let version = entity.version.as_ref().map(version);
    let unstored = &entity.fields.unstored;
    let indexes = entity.indexes.iter().flat_map(Index::sides).map(Side::expand);
    let shared = quote_spanned! {place=> <#table as ::skyloom::__private::SharedTable> };
    quote! {
        impl ::skyloom::__private::FromItem for #name {
            fn from_item(item: ::skyloom::__private::Item) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                ::skyloom::__private::from_stored::<Self, Self>(item)
            }
        }
        impl ::skyloom::Table for #name {
            const NAME: &'static str = #shared::NAME;
            const PARTITION_KEY: &'static str = #shared::PARTITION_KEY;
            const SORT_KEY: ::core::option::Option<&'static str> = ::core::option::Option::Some(#shared::SORT_KEY);
            #version
            type Shape = #shape;
            #sides
            const LAYOUT: ::skyloom::__private::Layout = ::skyloom::__private::Layout {
                entity: ::core::option::Option::Some(::skyloom::__private::Discriminator {
                    attribute: #shared::DISCRIMINATOR,
                    name: #kind,
                }),
                indexes: &[#(#indexes),*],
                unstored: &[#(#unstored),*],
            };
            fn to_item(&self) -> ::core::result::Result<::skyloom::__private::Item, ::skyloom::__private::ItemError> {
                ::skyloom::__private::to_stored(self)
            }
        }
        impl ::skyloom::__private::Entity for #name {
            type Shared = #table;
        }
        impl ::skyloom::__private::ItemOf<#table> for #name {
            const KINDS: ::skyloom::__private::Kinds = ::skyloom::__private::kinds::<#name>();
        }
        impl ::skyloom::__private::bridge::Stored for #name {
            type Handle = ::skyloom::__private::TestTable<#name>;
            fn open(environment: &::skyloom::__private::bridge::Environment) -> Self::Handle {
                ::skyloom::__private::open_for_test(environment)
            }
        }
    }
}

/// How the entity is keyed in an index of its table. That the index is of another kind is an error at its name.
fn index(entity: &Entity, index: &Index) -> TokenStream {
    let (name, of) = (&index.name, &entity.name);
    let partition = index.partition.as_ref().unwrap_or(&entity.partition);
    let (sides, shape) = (own_sides(partition, index.sort.as_ref()), shape(partition, index.sort.as_ref()));
    let (has_partition, has_sort) = (index.partition.is_some(), index.sort.is_some());
    let check = quote_spanned! {name.span()=>
        const _: () = ::skyloom::__private::assert_index::<#name, #of>(#has_partition, #has_sort);
    };
    quote! {
        #[allow(private_interfaces)]
        impl ::skyloom::__private::IndexOf<#of> for #name {
            type Table = #of;
            type Shape = #shape;
            #sides
        }
        #check
    }
}
