use std::process::Command;

use xtask::process::cargo;

/// How the workspace is compiled for the tests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compiler {
    /// By the compiler alone.
    Plain,
    /// By the driver of clippy, which also denies what it finds.
    Linting,
}

impl Compiler {
    /// Returns a cargo that compiles like this. `cargo clippy` only checks, so that with it each crate would be read, resolved
    /// and checked twice: on two cores, lints and build together take three minutes less this way. The driver does not optimize
    /// as much as the compiler (<https://doc.rust-lang.org/clippy/usage.html>), which the tests do not need.
    pub(crate) fn cargo(self) -> Command {
        let mut cargo = cargo();
        if self == Self::Linting {
            // As `cargo clippy -- --deny warnings` passes them.
            cargo
                .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
                .env("CLIPPY_ARGS", "--deny__CLIPPY_HACKERY__warnings");
        }
        cargo
    }

    /// Returns a cargo that builds all programs and tests of the workspace.
    pub(crate) fn build(self) -> Command {
        let mut cargo = self.cargo();
        // `--all-targets` would also compile libraries whose unit tests are in a program of their own as tests.
        cargo.args(["build", "--locked", "--workspace", "--bins", "--tests"]);
        cargo
    }
}
