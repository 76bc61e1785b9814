use super::*;

/// A pool whose guests may do this.
fn pool(grants: Value) -> Value {
    let source = json!({"file": "src/lib.rs", "line": 9});
    json!([{"name": "Visitors", "source": source, "providers": [], "authenticated": {}, "unauthenticated": grants}])
}

#[test]
fn who_has_replies_made_anew_may_call_a_route_that_keeps_them() {
    let signed = ("/functions/0/trigger/http/auth", json!("iam"));
    check(
        &[signed.clone(), ("/identity-pools", pool(json!({"routes": ["list"], "invalidate-cache": ["list"]})))],
        expect![[r#"
        src/lib.rs:9: `Visitors`: its users may invalidate the cache of `list`, which keeps no replies: write `cache = "60s"` there, or take it off the list"#]],
    );
    check(
        &[signed, ("/identity-pools", pool(json!({"routes": [], "invalidate-cache": ["list"]})))],
        expect![
            "src/lib.rs:9: `Visitors`: its users may invalidate the cache of `list`, which they may not call: add it to `routes`, or take it off the list"
        ],
    );
}
