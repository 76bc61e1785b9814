use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};

use super::filter;
use crate::{
    handler::stream::{Stream, Tumbling},
    registration::option,
    spans::{gather, gathered},
};

/// The `StreamEntry` of the registration.
pub(super) fn expand(mapping: &Stream) -> TokenStream {
    let table = &mapping.table;
    let tumbling_window = mapping.tumbling.as_ref().map(|Tumbling { seconds, .. }| *seconds);
    let [batch_size, batch_window, retries, max_record_age, parallelization, tumbling_window] = [
        mapping.batch_size,
        mapping.batch_window,
        mapping.retries,
        mapping.max_record_age,
        mapping.parallelization,
        tumbling_window,
    ]
    .map(option);
    let starting_position = if mapping.latest { format_ident!("Latest") } else { format_ident!("TrimHorizon") };
    let bisect = mapping.bisect;
    let on_failure = option(mapping.on_failure.as_ref().map(|destination| destination.expand()));
    let filters = mapping.filters.iter().map(|terms| filter::expand(&mapping.item, terms));
    let (gathered_table, place) = gathered(table);
    let name = quote_spanned! {place=> ::skyloom::__private::stream::table_of_changes::<#gathered_table>() };
    let entities = entities(mapping);
    quote! {
        Stream(::skyloom::__private::StreamEntry {
            table: #name,
            entities: #entities,
            batch_size: #batch_size,
            batch_window: #batch_window,
            starting_position: ::skyloom::__private::StartingPosition::#starting_position,
            retries: #retries,
            max_record_age: #max_record_age,
            bisect: #bisect,
            parallelization: #parallelization,
            tumbling_window: #tumbling_window,
            on_failure: #on_failure,
            filters: &[#(#filters),*],
        })
    }
}

/// Which entities of the table the handler takes. That its items are not of the table is an error under the argument, the
/// same one that its `FromEvent` gives, so that the compiler says it once.
fn entities(mapping: &Stream) -> TokenStream {
    let (_, place) = gathered(&mapping.changes);
    let [item, table] = [&mapping.item, &mapping.table].map(|ty| gather(ty.to_token_stream(), place));
    quote_spanned! {place=> <#item as ::skyloom::__private::ItemOf<#table>>::KINDS }
}
