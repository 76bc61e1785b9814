use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// A place of the user's, with the macro's hygiene.
pub(crate) fn at(span: Span) -> Span {
    span.resolved_at(Span::mixed_site())
}

/// The places of the first and the last of the user's tokens. What begins with the one and ends with the other is, to
/// the compiler's messages, all of these tokens; `Span::join` is not stable.
pub(crate) fn ends(user: &impl ToTokens) -> (Span, Span) {
    let tokens: Vec<_> = TokenStream::into_iter(user.to_token_stream()).collect();
    let first = tokens.first().map_or_else(Span::call_site, |token| token.span());
    let last = tokens.last().map_or(first, |token| token.span());
    (first, last)
}
