skyloom::main!(orders::api);

fn main() {}
