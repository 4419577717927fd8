//! Import cycles among the files of a crate. Cargo forbids them between crates.
//!
//! A file imports the files that define the items it names, in `use` and in paths within its bodies. Re-exports are
//! followed to the definition. Neither `mod child;` nor `pub use child::Item` counts as an import by the parent. A
//! child may import its parent's items, because together they form one module; that import counts only if the parent
//! reaches the child through a file outside of the module.

pub(super) mod contents;
mod graph;
mod program;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use self::{
    graph::{Edge, cycles, outward},
    program::{Program, is_below},
};
use super::{Tree, none_of, sources::Source};

/// Cycles of up to this many files are allowed; larger ones fail the check.
const MOST_FILES: usize = 3;

/// Checks the sources of every crate.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let mut complaints = Vec::new();
    for (folder, files) in crates(tree.files) {
        let edges: Vec<_> = Program::read(&folder, &files).edges().into_iter().collect();
        let edges = outward(&edges, is_below);
        for cycle in cycles(&edges) {
            let drawn = drawn(&cycle, &edges);
            if cycle.len() > MOST_FILES {
                complaints.push(drawn);
            } else {
                println!("small {drawn}");
            }
        }
    }
    none_of(&complaints)
}

/// Groups Rust files by their `src/` folder.
fn crates(files: &[Source]) -> BTreeMap<String, Vec<&Source>> {
    let mut crates: BTreeMap<String, Vec<&Source>> = BTreeMap::new();
    let rust = files.iter().filter(|file| file.path.ends_with(".rs"));
    for file in rust {
        if let Some((folder, _)) = file.path.split_once("/src/") {
            crates.entry(format!("{folder}/src/")).or_default().push(file);
        }
    }
    crates
}

/// Describes a cycle, with a line per file for its imports from the others.
fn drawn(cycle: &BTreeSet<&str>, edges: &[Edge]) -> String {
    let mut text = format!(
        "import cycle over {} files: move what two of them share into a file below both",
        cycle.len()
    );
    for file in cycle {
        let inside: Vec<_> = edges
            .iter()
            .filter(|edge| edge.from == **file && cycle.contains(edge.to.as_str()))
            .collect();
        let line = inside.first().map_or(0, |edge| edge.line);
        text.push_str(&format!("\n    {file}:{line} imports {}", targets(&inside)));
    }
    text
}

/// Formats imports as `b.rs (First, second), c.rs (Third)`, without folders.
fn targets(edges: &[&Edge]) -> String {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in edges {
        names.entry(&edge.to).or_default().insert(&edge.name);
    }
    let one = |(file, names): (&str, BTreeSet<&str>)| {
        let within = file.split_once("/src/").map_or(file, |(_, within)| within);
        let names: Vec<_> = names.into_iter().take(3).collect();
        format!("{within} ({})", names.join(", "))
    };
    names.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{
        Program, cycles, drawn,
        graph::{Edge, outward},
        is_below,
    };
    use crate::check::sources::file;

    fn edges(files: &[(&str, &str)]) -> Vec<Edge> {
        let files: Vec<_> =
            files.iter().map(|(path, text)| file(&format!("crates/a/src/{path}"), text)).collect();
        let files: Vec<_> = files.iter().collect();
        let edges: Vec<_> = Program::read("crates/a/src/", &files).edges().into_iter().collect();
        outward(&edges, is_below)
    }

    fn named(edges: &[Edge]) -> Vec<String> {
        let within = |path: &str| path.replace("crates/a/src/", "");
        edges
            .iter()
            .map(|edge| format!("{} {} {}", within(&edge.from), within(&edge.to), edge.name))
            .collect()
    }

    #[test]
    fn imports_lead_to_the_defining_file() {
        let found = edges(&[
            ("lib.rs", "mod model; mod actions; mod pages; pub use model::Id;"),
            ("model/mod.rs", "mod ids; pub use ids::Id; pub struct Name;"),
            ("model/ids.rs", "pub struct Id;"),
            (
                "actions.rs",
                "use crate::{Id, model::{self, Name}}; fn f() -> model::Id { Id::new(std::mem::take(x)) }",
            ),
            ("pages/mod.rs", "mod home; fn routes() { home::show() }"),
            ("pages/home.rs", "pub fn show() { super::super::actions::f() }"),
        ]);
        let expected = [
            "actions.rs model/ids.rs Id",
            "actions.rs model/mod.rs Name",
            "pages/home.rs actions.rs f",
            "pages/mod.rs pages/home.rs show",
        ];
        let mut found = named(&found);
        found.dedup();
        assert_eq!(found, expected);
    }

    #[test]
    fn globs_and_macros_are_followed() {
        let found = edges(&[
            ("lib.rs", "mod a; mod b; mod c; pub use c::*;"),
            ("a.rs", "use super::b::*; use crate::Made; use crate::Shape;"),
            ("b.rs", "id!(Made);"),
            ("c.rs", "pub struct Shape;"),
        ]);
        // A macro's definition is attributed to the imported file.
        assert_eq!(named(&found), ["a.rs b.rs *", "a.rs c.rs Shape"]);
    }

    #[test]
    fn a_parent_and_its_children_form_no_cycle() {
        let found = edges(&[
            ("lib.rs", "mod m;"),
            ("m/mod.rs", "mod x; mod y; pub struct Shared; fn all() { x::go(); y::go() }"),
            ("m/x.rs", "use super::Shared; pub fn go() {}"),
            ("m/y.rs", "use super::Shared; use super::x::go as other; pub fn go() {}"),
        ]);
        assert!(cycles(&found).is_empty());
    }

    #[test]
    fn a_cycle_through_another_module_is_found() {
        let found = edges(&[
            ("lib.rs", "mod m; mod a;"),
            ("m/mod.rs", "mod x; pub struct Shared; fn all() { crate::a::go() }"),
            ("m/x.rs", "use super::Shared; pub fn from_x() {}"),
            ("a.rs", "pub fn go() { crate::m::x::from_x() }"),
        ]);
        let cycles = cycles(&found);
        assert_eq!(cycles.len(), 1);
        let drawn = drawn(&cycles[0], &found);
        assert!(drawn.starts_with("import cycle over 3 files"), "{drawn}");
        assert!(drawn.contains("crates/a/src/m/x.rs:1 imports m/mod.rs (Shared)"), "{drawn}");
    }

    #[test]
    fn imports_in_tests_are_ignored() {
        let found = edges(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A; #[cfg(test)] mod tests;"),
            ("a/tests.rs", "use crate::b::B;"),
            ("b.rs", "pub struct B; #[cfg(test)] mod tests { use crate::a::A; }"),
        ]);
        assert_eq!(named(&found), ["a.rs b.rs B"]);
    }
}
