//! The guide's code. `cargo test -p skyloom-guide` compiles each block of `src/*.md` and runs what `tests/` has, which
//! the pages include.

macro_rules! pages {
    ($($page:ident $file:literal,)*) => {$(
        #[cfg(doctest)]
        #[doc = include_str!(concat!("src/", $file, ".md"))]
        mod $page {}
    )*};
}

pages! {
    apis "apis",
    building "building",
    containers "containers",
    deploying "deploying",
    faults "faults",
    function_urls "function-urls",
    functions "functions",
    guards "guards",
    getting_started "getting-started",
    handlers "handlers",
    http "http",
    integrations "integrations",
    iam "iam",
    identity_pools "identity-pools",
    introduction "introduction",
    keys "keys",
    limits "limits",
    local_runner "local-runner",
    logs "logs",
    manifest "manifest",
    openapi "openapi",
    permissions "permissions",
    pool_triggers "pool-triggers",
    principals "principals",
    rollout "rollout",
    schedules "schedules",
    secrets "secrets",
    security "security",
    sign_in_page "sign-in-page",
    single_table "single-table",
    stages "stages",
    streams "streams",
    tables "tables",
    testing "testing",
    transactions "transactions",
    updates "updates",
    websockets "websockets",
}
