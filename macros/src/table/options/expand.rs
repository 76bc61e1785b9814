//! The calls that give an entry its options; a table without any has none.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    IndexOptions, Kinesis, TableOptions,
    protection::{Encryption, Recovery},
    throughput::{Capacity, Kind, Throughput},
};
use crate::registration::option;

/// `.with_options(…)` of a `TableEntry`.
pub(in crate::table) fn with_table(options: &TableOptions) -> Option<TokenStream> {
    let TableOptions {
        throughput: capacity,
        is_provisioned: _,
        recovery: restorable,
        encryption: key,
        deletion_protection,
        class,
        tags,
        kinesis: stream,
        replicas,
        insights,
    } = options;
    let tags = (!tags.is_empty()).then(|| {
        let tags = tags.iter().map(|(key, value)| quote! { (#key, #value) });
        quote! { &[#(#tags),*] }
    });
    let fields = [
        ("throughput", capacity.as_ref().map(throughput)),
        ("point_in_time_recovery", restorable.as_ref().map(recovery)),
        ("encryption", key.as_ref().map(encryption)),
        ("deletion_protection", deletion_protection.then(|| quote! { true })),
        ("class", class.map(|class| variant("TableClass", class))),
        ("tags", tags),
        ("kinesis", stream.as_ref().map(|stream| option(Some(kinesis(stream))))),
        ("replicas", (!replicas.is_empty()).then(|| quote! { &[#(#replicas),*] })),
        ("contributor_insights", insights.map(contributor_insights)),
    ];
    with("TableOptions", fields)
}

/// `.with_options(…)` of an `IndexEntry`.
pub(in crate::table) fn with_index(options: &IndexOptions) -> Option<TokenStream> {
    let own = options.throughput.as_ref().map(|it| option(Some(throughput(it))));
    with("IndexOptions", [("throughput", own), ("contributor_insights", options.insights.map(contributor_insights))])
}

fn with<const N: usize>(ty: &str, fields: [(&str, Option<TokenStream>); N]) -> Option<TokenStream> {
    let ty = format_ident!("{ty}");
    let fields: Vec<_> = fields
        .into_iter()
        .filter_map(|(name, value)| {
            let (name, value) = (format_ident!("{name}"), value?);
            Some(quote! { #name: #value })
        })
        .collect();
    (!fields.is_empty()).then(|| {
        quote! {
            .with_options(::skyloom::__private::#ty { #(#fields,)* ..::skyloom::__private::#ty::DEFAULT })
        }
    })
}

fn throughput(throughput: &Throughput) -> TokenStream {
    match &throughput.kind {
        Kind::OnDemand { max_reads, max_writes } => {
            let (reads, writes) = (option(*max_reads), option(*max_writes));
            quote! { ::skyloom::__private::Throughput::OnDemand { max_reads: #reads, max_writes: #writes } }
        }
        Kind::Provisioned { reads, writes } => {
            let (reads, writes) = (capacity(reads), capacity(writes));
            quote! { ::skyloom::__private::Throughput::Provisioned { reads: #reads, writes: #writes } }
        }
    }
}

fn capacity(capacity: &Capacity) -> TokenStream {
    let least = capacity.least;
    match capacity.scaled {
        None => quote! { ::skyloom::__private::Capacity::Fixed(#least) },
        Some((most, target)) => {
            quote! { ::skyloom::__private::Capacity::Scaled { min: #least, max: #most, target: #target } }
        }
    }
}

fn recovery(recovery: &Recovery) -> TokenStream {
    match recovery {
        Recovery::Off => variant("PointInTimeRecovery", "Off"),
        Recovery::Days(days) => quote! { ::skyloom::__private::PointInTimeRecovery::Days(#days) },
    }
}

fn encryption(encryption: &Encryption) -> TokenStream {
    match encryption {
        Encryption::AwsOwned => variant("EncryptionEntry", "AwsOwned"),
        Encryption::AwsManaged => variant("EncryptionEntry", "AwsManaged"),
        Encryption::Key(arn) => quote! { ::skyloom::__private::EncryptionEntry::Key(#arn) },
    }
}

fn kinesis(Kinesis { stream, precision }: &Kinesis) -> TokenStream {
    let precision = variant("TimestampPrecision", precision);
    quote! { (#stream, #precision) }
}

fn contributor_insights(keys: &str) -> TokenStream {
    option(Some(variant("ContributorInsights", keys)))
}

fn variant(ty: &str, variant: &str) -> TokenStream {
    let (ty, variant) = (format_ident!("{ty}"), format_ident!("{variant}"));
    quote! { ::skyloom::__private::#ty::#variant }
}
