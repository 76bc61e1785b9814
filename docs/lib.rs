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
    functions "functions",
    getting_started "getting-started",
    handlers "handlers",
    http "http",
    introduction "introduction",
    keys "keys",
    limits "limits",
    local_runner "local-runner",
    logs "logs",
    manifest "manifest",
    openapi "openapi",
    permissions "permissions",
    principals "principals",
    rollout "rollout",
    schedules "schedules",
    secrets "secrets",
    sign_in_page "sign-in-page",
    single_table "single-table",
    stages "stages",
    streams "streams",
    tables "tables",
    testing "testing",
    transactions "transactions",
    updates "updates",
}
