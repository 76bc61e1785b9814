//! The binary that Lambda runs.

skyloom::main!(crowd);
