//! The fuzz targets, found in the sources: functions with `bolero::check!` in files called `fuzz.rs`.

use std::path::{Path, PathBuf};

use anyhow::Result;
use xtask::workspace::Workspace;

use crate::check::{
    rust::{Token, tokens},
    sources::{self, Source},
};

/// A fuzz target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) package: String,
    /// The path of the source, from the root.
    path: String,
    /// The path of the module in its crate: `web` of `web/fuzz.rs`, and none of `fuzz.rs`.
    module: Vec<String>,
    function: String,
}

impl Target {
    /// Returns the name for people: `platform::web::headers`.
    pub(crate) fn name(&self) -> String {
        let module = self.module.iter().map(String::as_str);
        let parts: Vec<&str> = std::iter::once(self.package.as_str())
            .chain(module)
            .chain([self.function.as_str()])
            .collect();
        parts.join("::")
    }

    /// Returns the name of the test in its crate: `web::fuzz::headers`.
    pub(crate) fn test(&self) -> String {
        let module = self.module.iter().map(String::as_str);
        let parts: Vec<&str> = module.chain(["fuzz", self.function.as_str()]).collect();
        parts.join("::")
    }

    /// Returns the folder of its inputs from the root, which bolero determines.
    pub(crate) fn folder(&self) -> PathBuf {
        let beside = Path::new(&self.path).parent().unwrap_or(Path::new(""));
        beside.join("__fuzz__").join(self.test().replace("::", "__"))
    }
}

/// Finds the targets of the workspace.
pub(crate) fn of_workspace(workspace: &Workspace) -> Result<Vec<Target>> {
    Ok(of(&sources::tracked(workspace)?))
}

/// Finds the targets in these files.
pub(crate) fn of(files: &[Source]) -> Vec<Target> {
    files.iter().flat_map(of_file).collect()
}

fn of_file(file: &Source) -> Vec<Target> {
    let Some((package, path)) = file.of_program() else {
        return Vec::new();
    };
    let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
    if module.pop().as_deref() != Some("fuzz.rs") {
        return Vec::new();
    }
    let target = |function: &str| Target {
        package: package.to_owned(),
        path: file.path.clone(),
        module: module.clone(),
        function: function.to_owned(),
    };
    functions(&tokens(&file.text)).into_iter().map(target).collect()
}

/// Returns the functions that contain `bolero::check!`.
fn functions<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut current = None;
    for (at, token) in tokens.iter().enumerate() {
        let is =
            |offset: usize, text: &str| tokens.get(at + offset).is_some_and(|t| t.text == text);
        if token.names("fn") {
            current = tokens.get(at + 1).map(|name| name.text);
        } else if token.names("bolero") && is(1, "::") && is(2, "check") && is(3, "!") {
            found.extend(current.take());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sources::file;

    #[test]
    fn targets_are_functions_that_call_bolero() {
        let text = "fn all(text: &str) {}\n\
                    #[test] fn headers() { bolero::check!().for_each(|bytes: &[u8]| all(bytes)); }\n\
                    #[test] fn a_table() { assert!(true); }";
        let found = of(&[
            file("crates/platform/src/web/fuzz.rs", text),
            file("crates/platform/src/web/list.rs", text),
            file("crates/programmes/ctf/src/fuzz.rs", text),
        ]);
        let names: Vec<_> = found.iter().map(Target::name).collect();
        assert_eq!(names, ["platform::web::headers", "ctf::headers"]);
        assert_eq!(found[0].test(), "web::fuzz::headers");
        assert_eq!(
            found[0].folder(),
            Path::new("crates/platform/src/web/__fuzz__/web__fuzz__headers")
        );
    }
}
