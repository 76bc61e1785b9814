use skyloom::handler;

#[handler(invoke, ephemeral_storage = 256)]
async fn too_small() {}

#[handler(invoke, ephemeral_storage = 20_480)]
async fn too_large() {}

#[handler(invoke, log_level = "wran")]
async fn misspelt() {}

fn main() {}
