//! The binary that Lambda runs.

skyloom::main!(venue);
