//! `cargo xtask` of this workspace. A user's own project has the same three lines.

fn main() -> std::process::ExitCode {
    skyloom_xtask::main()
}
