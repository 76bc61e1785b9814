//! Printed expansions: what review reads when a macro changes.

use expect_test::Expect;
use proc_macro2::TokenStream;

/// `UPDATE_EXPECT=1 cargo test` rewrites what is expected.
pub(crate) fn check(expansion: TokenStream, expected: Expect) {
    let shown = match syn::parse2(expansion.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => format!("{error}\n{expansion}"),
    };
    expected.assert_eq(&shown);
}

/// The messages of the `compile_error!`s of an expansion, one a line.
pub(crate) fn check_errors(expansion: TokenStream, expected: Expect) {
    let file: syn::File = syn::parse2(expansion).unwrap();
    let message = |item: &syn::Item| match item {
        syn::Item::Macro(call) if call.mac.path.segments.last().is_some_and(|last| last.ident == "compile_error") => {
            Some(call.mac.parse_body::<syn::LitStr>().unwrap().value())
        }
        _ => None,
    };
    expected.assert_eq(&file.items.iter().filter_map(message).collect::<Vec<_>>().join("\n"));
}
