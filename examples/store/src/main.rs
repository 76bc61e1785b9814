//! The binary that Lambda runs.

skyloom::main!(store);
