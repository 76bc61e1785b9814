//! What `#[derive(Collection)]` writes.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::model::{Collection, Variant};
use crate::spans::gathered;

pub(super) fn expand(collection: &Collection) -> TokenStream {
    let name = &collection.name;
    let (first, place) = gathered(&collection.first.entity);
    let (read, kinds) = (read(collection), kinds(collection, &first));
    let partition = match &collection.index {
        None => of_table(collection, &first),
        Some(index) => of_index(collection, &gathered(index).0, &first),
    };
    let members = collection.others.iter().map(|Variant { entity, .. }| {
        let (entity, place) = gathered(entity);
        quote_spanned! {place=>
            const _: () = ::skyloom::__private::assert_same_table::<#first, #entity>();
        }
    });
    let names = distinct_names(collection);
    quote! {
        #read
        impl ::skyloom::__private::ItemOf<<#first as ::skyloom::__private::Entity>::Shared> for #name {
            const KINDS: ::skyloom::__private::Kinds = #kinds;
        }
        #partition
        #(#members)*
        #(#names)*
    }
    .into_iter()
    .chain(quote_spanned! {place=> const _: () = ::skyloom::__private::assert_entity::<#first>(); })
    .collect()
}

/// That an item of one entity is not read as another is an error at the second.
fn distinct_names(collection: &Collection) -> Vec<TokenStream> {
    let names = names(collection);
    let checks = collection.others.iter().enumerate().map(|(at, Variant { entity, .. })| {
        let (entity, place) = gathered(entity);
        let before = names.iter().take(at + 1);
        quote_spanned! {place=>
            const _: () = ::skyloom::__private::assert_another_name::<#entity>(&[#(#before),*]);
        }
    });
    checks.collect()
}

/// The entity is found by the discriminator.
fn read(collection: &Collection) -> TokenStream {
    let name = &collection.name;
    let (first, _) = gathered(&collection.first.entity);
    let all = std::iter::once(&collection.first).chain(&collection.others);
    let branches = all.map(|Variant { name: variant, entity }| {
        let (entity, _) = gathered(entity);
        quote! {
            if kind == ::skyloom::__private::entity_name::<#entity>() {
                return ::skyloom::__private::FromItem::from_item(item).map(#name::#variant);
            }
        }
    });
    let names = names(collection);
    quote! {
        impl ::skyloom::__private::FromItem for #name {
            fn from_item(item: ::skyloom::__private::Item) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                let kind = ::skyloom::__private::kind_of::<#first>(&item)?;
                #(#branches)*
                ::core::result::Result::Err(::skyloom::__private::not_in_collection(&kind, &[#(#names),*]))
            }
        }
    }
}

/// A collection of the table's partitions.
fn of_table(collection: &Collection, first: &TokenStream) -> TokenStream {
    let name = &collection.name;
    let names = names(collection);
    let checks = collection.others.iter().map(|Variant { entity, .. }| {
        let (entity, place) = gathered(entity);
        quote_spanned! {place=>
            const _: () = ::skyloom::__private::assert_same_partition(
                <#first as ::skyloom::Table>::PARTITION,
                <#entity as ::skyloom::Table>::PARTITION,
            );
        }
    });
    quote! {
        impl ::skyloom::__private::Collection for #name {
            type First = #first;
            const ENTITIES: &'static [&'static str] = &[#(#names),*];
        }
        #(#checks)*
    }
}

/// A collection of an index's partitions.
fn of_index(collection: &Collection, index: &TokenStream, first: &TokenStream) -> TokenStream {
    let (name, kinds) = (&collection.name, kinds(collection, first));
    let of = |entity: &TokenStream| quote! { <#index as ::skyloom::__private::IndexOf<#entity>> };
    let of_first = of(first);
    let checks = collection.others.iter().map(|Variant { entity, .. }| {
        let (entity, place) = gathered(entity);
        let of_entity = of(&entity);
        quote_spanned! {place=>
            const _: () = ::skyloom::__private::assert_same_partition(#of_first::PARTITION, #of_entity::PARTITION);
        }
    });
    quote! {
        impl ::skyloom::__private::IndexOf<#name> for #index {
            type Table = #first;
            type Shape = ::skyloom::__private::CollectionShape<#of_first::Shape>;
            const PARTITION: ::skyloom::__private::Side = #of_first::PARTITION;
            const SORT: ::core::option::Option<::skyloom::__private::Side> =
                ::skyloom::__private::raw_sort::<#index>();
            const KINDS: ::skyloom::__private::Kinds = #kinds;
        }
        #(#checks)*
    }
}

/// Which entities it has, and the attribute that tells them.
fn kinds(collection: &Collection, first: &TokenStream) -> TokenStream {
    let names = names(collection);
    quote! {
        ::core::option::Option::Some((
            <<#first as ::skyloom::__private::Entity>::Shared as ::skyloom::__private::SharedTable>::DISCRIMINATOR,
            &[#(#names),*],
        ))
    }
}

fn names(collection: &Collection) -> Vec<TokenStream> {
    let all = std::iter::once(&collection.first).chain(&collection.others);
    all.map(|Variant { entity, .. }| {
        let (entity, _) = gathered(entity);
        quote! { ::skyloom::__private::entity_name::<#entity>() }
    })
    .collect()
}
