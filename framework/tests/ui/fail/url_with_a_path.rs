use skyloom::{Path, Public, handler};

#[handler(url, auth = Public)]
async fn export(Path(id): Path<String>) -> String {
    id
}

fn main() {}
