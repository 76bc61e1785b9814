skyloom::main!("orders");

fn main() {}
