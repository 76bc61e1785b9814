//! A Rust source but for its comments: its tokens, with one space wherever something stands between two.
//!
//! Space counts, as `stringify!` and `assert!` put it into texts; how much of it and whether it is a comment does not. A doc comment
//! is an attribute to the compiler, and to a macro that reads it, so that it counts whole.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree, extra::invalidate_current_thread_spans};

/// A source that was read.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) text: String,
    /// The literals, in which a macro may find the name of a file to include.
    pub(super) literals: Vec<String>,
    /// Where the token before ended.
    end: usize,
}

impl Tokens {
    /// Nothing of what is no Rust.
    pub(super) fn of(source: &str) -> Option<Self> {
        let mut tokens = Self::default();
        let read = source.parse().map(|stream| tokens.add(stream));
        invalidate_current_thread_spans(); // otherwise the text of each source would be kept to the end
        read.is_ok().then(|| Self { text: tokens.text.trim_start().to_owned(), ..tokens })
    }

    fn add(&mut self, stream: TokenStream) {
        for tree in stream {
            match tree {
                TokenTree::Group(group) => {
                    let (open, close) = brackets(group.delimiter());
                    self.push(open, group.span_open());
                    self.add(group.stream());
                    self.push(close, group.span_close());
                }
                TokenTree::Ident(ident) => self.push(&ident.to_string(), ident.span()),
                TokenTree::Punct(punct) => self.push(&punct.as_char().to_string(), punct.span()),
                TokenTree::Literal(literal) => {
                    if literal.span().byte_range().start >= self.end {
                        self.literals.push(literal.to_string()); // that of a doc comment stands where its `#` does
                    }
                    self.push(&literal.to_string(), literal.span());
                }
            }
        }
    }

    fn push(&mut self, token: &str, span: Span) {
        let place = span.byte_range();
        if place.start > self.end {
            self.text.push(' ');
        }
        self.text.push_str(token);
        self.end = place.end;
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        Tokens::of(source).map_or_else(|| "no Rust".into(), |tokens| tokens.text)
    }

    const SOURCE: &str = "//! Docs.\nuse a::b;\n\n/// More.\nfn f<'a>(x: &'a str) -> u8 {\n    g(\"//\", x)[0]+1\n}\n";

    #[test]
    fn a_comment_and_the_amount_of_space_change_nothing() {
        let commented = SOURCE
            .replace("use", "// One.\n// Two. \"\nuse")
            .replace("g(", "/* three /* nested */ */\n\n        g(")
            .replace("}\n", "} // four");
        assert_ne!(commented, SOURCE);
        assert_eq!(text(&commented), text(SOURCE));
    }

    #[test]
    fn a_token_a_text_and_a_doc_comment_change_it() {
        for (old, new) in
            [("u8", "u16"), ("\"//\"", "\"// \""), ("More.", "Less."), ("//! Docs", "// Docs"), ("'a>", "'b>")]
        {
            assert_ne!(text(&SOURCE.replacen(old, new, 1)), text(SOURCE), "{old}");
        }
    }

    #[test]
    fn space_where_there_was_none_changes_it_because_texts_are_made_of_it() {
        assert_ne!(text("stringify!(a+b)"), text("stringify!(a + b)"));
        assert_eq!(text("stringify!(a + b)"), text("stringify!(a /* plus */ +\n b)"));
        assert_ne!(text("a - > b"), text("a -> b"));
    }

    #[test]
    fn a_doc_comment_is_none_of_the_literals() {
        let tokens = Tokens::of("//! See a.rs.\n/// And b.rs.\ninclude!(concat!(\"c\", \".rs\")); /// d.rs\nfn f() {}");
        assert_eq!(tokens.unwrap().literals, ["\"c\"", "\".rs\""]);
    }

    #[test]
    fn what_is_no_rust_has_no_tokens() {
        assert_eq!(text("fn f( {"), "no Rust");
        assert_eq!(text("\"open"), "no Rust");
    }
}
