//! What the benches in `benches/` share: clients, and the servers that others wrote.

pub mod load;
pub mod npm;
pub mod process;
