use skyloom::Secret;

#[derive(Secret)]
struct Pin(u32);

fn main() {}
