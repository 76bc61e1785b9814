skyloom::main!(gatehouse);
