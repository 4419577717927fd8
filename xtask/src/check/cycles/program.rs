//! The modules of a crate, and the lookup of the file that defines a path.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    contents::{Contents, Import, read},
    graph::Edge,
};
use crate::check::{rust::program, sources::Source};

/// The files of a crate below `src/`, each as a module.
pub(super) struct Program<'a> {
    /// Modules by path; the root's path is empty.
    modules: BTreeMap<Vec<String>, Module<'a>>,
}

struct Module<'a> {
    file: &'a str,
    contents: Contents,
}

impl<'a> Module<'a> {
    fn item(&self, name: &str) -> Found<'a> {
        Found::Item { name: name.to_owned(), file: self.file }
    }
}

/// The target of a path.
#[derive(Debug, PartialEq, Eq)]
enum Found<'a> {
    Module(Vec<String>),
    /// An item and the file that defines it.
    Item {
        name: String,
        file: &'a str,
    },
    /// Something in another crate.
    Outside,
}

/// The progress of following re-exports.
#[derive(Clone, Copy, Default)]
struct Search {
    hops: usize,
    is_through_glob: bool,
}

impl Search {
    fn next(self) -> Self {
        Self { hops: self.hops + 1, ..self }
    }

    fn through_glob(self) -> Self {
        Self { is_through_glob: true, ..self.next() }
    }
}

impl<'a> Program<'a> {
    /// Reads the files of a crate. `source_folder` ends with `src/`.
    pub(super) fn read(source_folder: &str, files: &[&'a Source]) -> Self {
        let mut modules = BTreeMap::new();
        let library = format!("{source_folder}lib.rs");
        let has_library = files.iter().any(|file| file.path == library);
        for file in files {
            let Some(path) = file.path.strip_prefix(source_folder) else {
                continue;
            };
            // Next to a library, the binary is a separate crate.
            if has_library && path == "main.rs" {
                continue;
            }
            let module = Module { file: &file.path, contents: read(program(&file.text)) };
            modules.insert(module_path(path), module);
        }
        let mut read = Self { modules };
        read.drop_undeclared();
        read
    }

    /// Drops files that no module declares outside of tests.
    fn drop_undeclared(&mut self) {
        let mut declared = BTreeSet::from([Vec::new()]);
        for (path, module) in &self.modules {
            // Parents come before their children.
            if declared.contains(path) {
                let children = module.contents.modules.iter();
                declared.extend(children.map(|child| joined(path, child)));
            }
        }
        self.modules.retain(|path, _| declared.contains(path));
    }

    /// Returns every import of one file by another.
    pub(super) fn edges(&self) -> BTreeSet<Edge> {
        let mut edges = BTreeSet::new();
        for (path, module) in &self.modules {
            self.imported(path, module, &mut edges);
            self.mentioned(path, module, &mut edges);
        }
        edges
    }

    fn imported(&self, path: &[String], module: &Module<'a>, edges: &mut BTreeSet<Edge>) {
        for import in &module.contents.imports {
            let (name, to) = match self.resolve(path, &import.path, Search::default()) {
                Found::Item { name, file } => (name, file),
                Found::Module(target) if import.binding.is_none() => {
                    ("*".to_owned(), self.modules[&target].file)
                }
                // A module counts as imported by the items that are used through it.
                Found::Module(_) | Found::Outside => continue,
            };
            let hands_on = import.is_public && is_below(to, module.file);
            if !hands_on {
                insert(edges, module.file, to, import.line, name);
            }
        }
    }

    fn mentioned(&self, path: &[String], module: &Module<'a>, edges: &mut BTreeSet<Edge>) {
        for mention in &module.contents.mentions {
            if let Found::Item { name, file } = self.resolve(path, &mention.path, Search::default())
            {
                insert(edges, module.file, file, mention.line, name);
            }
        }
    }

    /// Follows a path from a module.
    fn resolve(&self, from: &[String], path: &[String], search: Search) -> Found<'a> {
        // Re-exports may refer to each other.
        if search.hops > 8 {
            return Found::Outside;
        }
        let mut here = from.to_vec();
        let mut rest = path;
        while let Some((first, behind)) = rest.split_first() {
            match first.as_str() {
                "crate" => here.clear(),
                "self" => {}
                "super" => {
                    here.pop();
                }
                _ => return self.step(&here, rest, search, rest.len() == path.len()),
            }
            rest = behind;
        }
        self.module(here)
    }

    /// Follows names that are not `crate`, `self` or `super`.
    fn step(&self, here: &[String], names: &[String], search: Search, is_bare: bool) -> Found<'a> {
        let Some((first, behind)) = names.split_first() else {
            return self.module(here.to_vec());
        };
        let child = joined(here, first);
        if self.modules.contains_key(&child) {
            return self.step(&child, behind, search, false);
        }
        let Some(module) = self.modules.get(here) else {
            return Found::Outside;
        };
        if module.contents.defined.contains(first) {
            return module.item(first);
        }
        let imports = &module.contents.imports;
        let bound = imports
            .iter()
            .find(|import| import.binding.as_ref() == Some(first) && !is_itself(import, names));
        if let Some(import) = bound {
            let longer = [import.path.as_slice(), behind].concat();
            return self.resolve(here, &longer, search.next());
        }
        // A bare name that is found through a glob is not looked up in further globs.
        let looks_in_globs = !(is_bare && search.is_through_glob);
        let globs = imports.iter().filter(|import| looks_in_globs && import.binding.is_none());
        for glob in globs {
            let longer = [glob.path.as_slice(), names].concat();
            let found = self.resolve(here, &longer, search.through_glob());
            if found != Found::Outside {
                return found;
            }
        }
        if is_bare || search.is_through_glob {
            // Another crate, a type parameter, or a name that the glob does not export.
            return Found::Outside;
        }
        // Items that a macro defines cannot be found in the source.
        module.item(first)
    }

    fn module(&self, path: Vec<String>) -> Found<'a> {
        if self.modules.contains_key(&path) { Found::Module(path) } else { Found::Outside }
    }
}

/// Returns true when `use name;` names another crate instead of its own binding.
fn is_itself(import: &Import, names: &[String]) -> bool {
    import.path.first() == names.first()
}

fn insert(edges: &mut BTreeSet<Edge>, from: &str, to: &str, line: usize, name: String) {
    if from != to {
        edges.insert(Edge { from: from.to_owned(), to: to.to_owned(), line, name });
    }
}

fn joined(path: &[String], child: &str) -> Vec<String> {
    let mut path = path.to_vec();
    path.push(child.to_owned());
    path
}

/// Returns the module path of a file: `a/b.rs` and `a/b/mod.rs` are `a::b`; `lib.rs` and `main.rs` are the root.
fn module_path(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if matches!(path, "lib" | "main") {
        return Vec::new();
    }
    path.split('/').map(str::to_owned).collect()
}

/// Returns true when a file is a module below the other one.
pub(super) fn is_below(file: &str, parent: &str) -> bool {
    let folder = parent
        .strip_suffix("mod.rs")
        .or_else(|| parent.strip_suffix("lib.rs"))
        .or_else(|| parent.strip_suffix("main.rs"))
        .map_or_else(|| parent.replace(".rs", "/"), str::to_owned);
    file != parent && file.starts_with(&folder)
}
