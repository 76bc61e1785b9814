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

/// A pool of the shop's users, with more.
fn visitors(more: Value) -> Value {
    let source = json!({"file": "src/lib.rs", "line": 6});
    let mut pool = json!({"name": "Visitors", "source": source, "providers": ["Shopper"], "authenticated": {}});
    pool.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!([pool])
}

fn role(group: &str) -> Value {
    json!({
        "name": group, "claim": "cognito:groups", "match-type": "contains", "value": group, "grants": {},
    })
}

#[test]
fn a_role_is_for_a_group_that_there_is() {
    check(&[("/identity-pools", visitors(json!({"roles": [role("staff")]})))], expect![[""]]);
    check(
        &[("/identity-pools", visitors(json!({"roles": [role("stuff")]})))],
        expect![
            "src/lib.rs:6: `Visitors`: its role `stuff` is for the group `stuff`, which none of its user pools has: name it there, `#[user_pool(groups = [\"stuff\"])]`; did you mean `staff`?"
        ],
    );
}

#[test]
fn no_other_group_is_one_with_more_letters() {
    let provider = json!({
        "name": "Partners-staff", "issuer": "https://id.partner.example", "client-id": "shop",
        "client-secret": "Partner", "scopes": ["openid"], "attributes": {},
    });
    check(
        &[
            ("/identity-pools", visitors(json!({"roles": [role("staff")]}))),
            ("/user-pools/0/groups", json!(["ex-staff", "staff"])),
            (
                "/secrets",
                json!([{"name": "Partner", "source": {"file": "src/lib.rs", "line": 7}, "origin": {"existing": {"id": "shop/partner"}}}]),
            ),
            ("/user-pools/0/oauth", json!({"domain": "shop", "identity-providers": [provider]})),
        ],
        expect![[r#"
            src/lib.rs:6: `Visitors`: its role for the group `staff` may be had by who is in `ex-staff`, too, since a rule looks for a part of the text: rename one
            src/lib.rs:6: `Visitors`: its role for the group `staff` may be had by who is in the group that Cognito makes for `Partners-staff`, too, since a rule looks for a part of the text: rename one"#]],
    );
}

#[test]
fn who_may_name_a_role_to_sts_has_no_roles_by_rule() {
    check(
        &[("/identity-pools", visitors(json!({"roles": [role("staff")], "classic-flow": true})))],
        expect![
            "src/lib.rs:6: `Visitors`: with `classic_flow` whoever signs in may name any role of the pool to STS, which knows no groups and claims: leave it out, or the roles by rule"
        ],
    );
    check(&[("/identity-pools", visitors(json!({"classic-flow": true})))], expect![[""]]);
}
