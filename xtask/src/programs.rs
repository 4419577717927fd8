//! The test programs of the workspace: cargo builds them, and this tool runs them itself, so that it can choose which ones,
//! and run them beside others.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Result;
use serde_json::Value;
use xtask::process::output;

use crate::compiler::Compiler;

/// A test program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) package: String,
    /// The name of the target: `it`, `unit`, or the name of the crate for the tests in its library.
    pub(crate) target: String,
    pub(crate) executable: PathBuf,
    /// The folder of the package, which it runs in.
    folder: PathBuf,
}

impl Program {
    /// Builds all test programs and returns them. The whole workspace is built, so that nothing is compiled again with
    /// other features.
    pub(crate) fn build_all(compiler: Compiler) -> Result<Vec<Self>> {
        let mut cargo = compiler.cargo();
        cargo.args(["test", "--locked", "--workspace", "--no-run", "--message-format"]);
        cargo.arg("json-render-diagnostics");
        let messages = output(cargo.stderr(Stdio::inherit()))?;
        Ok(Self::read(&messages).collect())
    }

    /// Reads the test programs from cargo's messages, a JSON value in each line.
    pub(crate) fn read(messages: &str) -> impl Iterator<Item = Self> {
        messages.lines().filter_map(|line| Self::of(&serde_json::from_str(line).ok()?))
    }

    /// Reads cargo's message about an artifact; `None` if it is no test program.
    fn of(message: &Value) -> Option<Self> {
        let is_test = message["profile"]["test"] == true;
        let executable = message["executable"].as_str().filter(|_| is_test)?;
        let folder = Path::new(message["manifest_path"].as_str()?).parent()?;
        Some(Self {
            package: package(message["package_id"].as_str()?)?.to_owned(),
            target: message["target"]["name"].as_str()?.to_owned(),
            executable: executable.into(),
            folder: folder.to_owned(),
        })
    }

    /// Returns true for the tests of the whole program, which run on each engine.
    pub(crate) fn is_whole(&self) -> bool {
        self.target == "it"
    }

    /// Returns the command that runs it as `cargo test` does.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command
    }

    /// Returns the name for people: `guildhall/it`.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.package, self.target)
    }

    /// Returns the names of its tests, those that are ignored included, with the program's name before them.
    pub(crate) fn tests(&self) -> Result<BTreeSet<String>> {
        let list = output(self.command().args(["--list", "--format", "terse"]))?;
        let tests = list.lines().filter_map(|line| line.strip_suffix(": test"));
        Ok(tests.map(|test| format!("{} {test}", self.name())).collect())
    }
}

/// Returns the name in a package ID: `path+file:///folder/kernel#0.1.0` or `path+file:///folder#kernel@0.1.0`.
fn package(id: &str) -> Option<&str> {
    let (url, fragment) = id.rsplit_once('#')?;
    match fragment.split_once('@') {
        Some((name, _)) => Some(name),
        None => url.rsplit('/').next(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Program;

    #[test]
    fn programs_are_read_from_messages_of_cargo() {
        let mut message = json!({
            "reason": "compiler-artifact",
            "package_id": "path+file:///code/crates/guildhall#0.1.0",
            "manifest_path": "/code/crates/guildhall/Cargo.toml",
            "target": { "name": "it" },
            "profile": { "test": true },
            "executable": "/code/target/debug/deps/it-1",
        });
        let program = Program::of(&message).expect("a test program");
        assert_eq!(program.name(), "guildhall/it");
        assert_eq!(program.command().get_current_dir(), Some("/code/crates/guildhall".as_ref()));
        message["package_id"] = json!("path+file:///code/crates/other#guildhall@0.1.0");
        assert_eq!(Program::of(&message).expect("a test program").package, "guildhall");
        message["profile"]["test"] = json!(false);
        assert_eq!(Program::of(&message), None);
    }
}
