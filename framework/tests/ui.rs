//! What the macros take, and what they say to each mistake: one error, at the user's own tokens, with what to write.

#[test]
fn what_is_right_compiles() {
    trybuild::TestCases::new().pass("tests/ui/pass/*.rs");
}

/// `TRYBUILD=overwrite cargo test` rewrites the `.stderr` files.
#[test]
fn each_mistake_is_told() {
    trybuild::TestCases::new().compile_fail("tests/ui/fail/*.rs");
}
