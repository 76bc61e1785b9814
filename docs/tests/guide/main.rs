//! The application whose parts and tests the guide's pages include.

#![expect(unreachable_pub, reason = "the pages show it as it is in a library")]

mod apis;
mod attributes;
mod function_urls;
mod functions;
mod http;
mod permissions;
mod principals;
mod secrets;
mod security;
mod streams;
mod testing;
mod websockets;

/// What is not compiled where it stands has to be a part of a file that is.
#[test]
fn every_rust_block_of_the_pages_is_compiled() {
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    for page in std::fs::read_dir(pages).expect("the pages are there").flatten() {
        let text = std::fs::read_to_string(page.path()).expect("a page is text");
        for block in text.split("```rust,ignore\n").skip(1) {
            let block = block.split("```").next().unwrap_or_default();
            let own = block.lines().find(|line| !line.is_empty() && !line.starts_with("{{#include "));
            assert_eq!(own, None, "in {}", page.path().display());
        }
    }
}
