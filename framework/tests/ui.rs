//! What the macros take, and what they say to each mistake: one error, at the user's own tokens, with what to write.

#[path = "ui/pass/mod.rs"]
#[expect(dead_code, unreachable_pub, clippy::too_many_arguments, reason = "they are only compiled")]
pub mod pass;

/// `TRYBUILD=overwrite cargo test` rewrites the `.stderr` files.
#[test]
fn each_mistake_is_told() {
    trybuild::TestCases::new().compile_fail("tests/ui/fail/*.rs");
}
