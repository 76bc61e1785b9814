use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comment, its lines joined; empty without one.
pub(crate) fn text(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    let lines: Vec<&str> = lines
        .iter()
        .flat_map(|text| text.split('\n'))
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// The text of one `///`, which is `#[doc = "…"]` by now. A `#[doc(hidden)]` and a macro's text are none.
fn line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn the_lines_of_a_doc_comment_are_joined() {
        let function: syn::ItemFn = parse_quote! {
            /// Places an order.
            ///
            ///  - indented
            #[doc(hidden)]
            #[doc = concat!("a", "b")]
            fn place() {}
        };
        assert_eq!(text(&function.attrs), "Places an order.\n\n - indented");
        assert_eq!(text(&[]), "");
    }
}
