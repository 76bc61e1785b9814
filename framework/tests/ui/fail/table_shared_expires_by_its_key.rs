use skyloom::Table;

#[derive(Table)]
#[table(ttl = "pk")]
struct Shop;

fn main() {}
