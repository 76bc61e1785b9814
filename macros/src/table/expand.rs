//! What `#[derive(Table)]` writes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Type;

use super::{
    index::Index,
    model::{Attribute, Key, Table},
    options,
};
use crate::{
    names,
    registration::{option, register, source},
    spans::gathered,
    types,
};

pub(super) fn expand(table: &Table) -> TokenStream {
    let implementation = implementation(table);
    let constants = constants(table);
    let streamed = streamed(table);
    let indexes = table.indexes.iter().map(|index| index_type(table, index));
    let ttl = table.ttl.as_ref().map(|(_, ty)| {
        let (ty, place) = gathered(ty);
        quote_spanned! {place=> const _: () = ::skyloom::__private::assert_ttl::<#ty>(); }
    });
    let entry = register("TABLES", "TableEntry", &entry(table));
    quote! {
        #implementation
        #constants
        #streamed
        #(#indexes)*
        #ttl
        const _: () = { #entry };
    }
}

fn implementation(table: &Table) -> TokenStream {
    let name = &table.name;
    let text = names::text(name);
    let Keys { partition, sort, shape } = keys(&table.partition_key, table.sort_key.as_ref());
    quote! {
        impl ::skyloom::__private::FromItem for #name {
            fn from_item(item: ::skyloom::__private::Item) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                ::skyloom::__private::from_item(item)
            }
        }
        impl ::skyloom::Table for #name {
            const NAME: &'static str = #text;
            const PARTITION_KEY: &'static str = #partition;
            const SORT_KEY: ::core::option::Option<&'static str> = #sort;
            type Shape = #shape;
        }
        impl ::skyloom::__private::bridge::Stored for #name {
            type Handle = ::skyloom::__private::TestTable<#name>;
            fn open(environment: &::skyloom::__private::bridge::Environment) -> Self::Handle {
                ::skyloom::__private::open_for_test(environment)
            }
        }
    }
}

/// `Order::STATUS` for each field.
fn constants(table: &Table) -> TokenStream {
    let (name, visibility) = (&table.name, &table.visibility);
    let constants = table.attributes.iter().map(|Attribute { field, ty, name: attribute }| {
        let constant = names::constant(field, field.span());
        let doc = format!("The attribute `{attribute}`.");
        quote! {
            #[doc = #doc]
            #visibility const #constant: ::skyloom::__private::Attribute<#name, #ty> =
                ::skyloom::__private::Attribute::new(#attribute);
        }
    });
    quote! {
        // A field's type may be less visible than the struct, whose visibility its constant has.
        #[allow(private_interfaces, dead_code)]
        impl #name { #(#constants)* }
    }
}

fn streamed(table: &Table) -> Option<TokenStream> {
    let name = &table.name;
    let view = view(table.stream?);
    Some(quote! {
        impl ::skyloom::__private::Streamed for #name {
            const VIEW: ::skyloom::__private::StreamView = #view;
        }
    })
}

fn view(variant: &str) -> TokenStream {
    let variant = format_ident!("{variant}");
    quote! { ::skyloom::__private::StreamView::#variant }
}

/// The type that stands for an index.
fn index_type(table: &Table, index: &Index) -> TokenStream {
    let (name, visibility, of) = (&index.name, &table.visibility, &table.name);
    let text = names::text(name);
    let doc = format!("The index `{text}` of [`{}`].", names::text(of));
    let local = index.local;
    let Keys { partition, sort, shape } = keys(&index.partition_key, index.sort_key.as_ref());
    quote! {
        #[doc = #doc]
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
        #[allow(dead_code)]
        #visibility struct #name;
        #[allow(private_interfaces)]
        impl ::skyloom::__private::Index for #name {
            type Table = #of;
            const NAME: &'static str = #text;
            const PARTITION_KEY: &'static str = #partition;
            const SORT_KEY: ::core::option::Option<&'static str> = #sort;
            type Shape = #shape;
            const LOCAL: bool = #local;
        }
    }
}

/// A key as the traits have it.
struct Keys {
    partition: String,
    sort: TokenStream,
    shape: TokenStream,
}

fn keys(partition: &Key, sort: Option<&Key>) -> Keys {
    let (partition_type, partition_place) = gathered(&partition.ty);
    let shape = match sort {
        None => quote_spanned! {partition_place=> ::skyloom::__private::PartitionOnly<#partition_type> },
        Some(key) => {
            let (sort_type, sort_place) = gathered(&key.ty);
            // That a type cannot be a key is an error of the whole shape, so this has the place of the suspect.
            let place = if is_surely_a_key(&partition.ty) { sort_place } else { partition_place };
            quote_spanned! {place=> ::skyloom::__private::PartitionAndSort<#partition_type, #sort_type> }
        }
    };
    Keys { partition: partition.attribute.clone(), sort: option(sort.map(|key| &key.attribute)), shape }
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
        quote! { ::skyloom::__private::IndexEntry::of::<#name>()#options }
    });
    let stream = option(table.stream.map(view));
    let ttl = option(table.ttl.as_ref().map(|(attribute, _)| attribute));
    let options = options::with_table(&table.options);
    quote! {
        ::skyloom::__private::TableEntry::of::<#name>(#source, &[#(#indexes),*], #stream, #ttl)#options
    }
}
