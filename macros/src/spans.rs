use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// A place of the user's, with the macro's hygiene.
pub(crate) fn at(span: Span) -> Span {
    span.resolved_at(Span::mixed_site())
}

/// The user's tokens, all at the place of the first, which is given as well.
///
/// An expression with this span about a type with this span is, to the compiler, one place: what is wrong with the type
/// is said once there, and not again for each thing that is done with it. (`Span::join` is not stable.)
pub(crate) fn gathered(user: &impl ToTokens) -> (TokenStream, Span) {
    let tokens = user.to_token_stream();
    let span = tokens.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    (gather(tokens, span), span)
}

/// The same at another place.
pub(crate) fn gather(tokens: TokenStream, place: Span) -> TokenStream {
    let gathered = tokens.into_iter().map(|token| {
        let span = place.resolved_at(token.span());
        let mut token = match token {
            TokenTree::Group(group) => Group::new(group.delimiter(), gather(group.stream(), place)).into(),
            other => other,
        };
        token.set_span(span);
        token
    });
    gathered.collect()
}
