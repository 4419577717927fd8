//! The runbooks name the drills in `ops/drills`, and no others.

use std::{collections::BTreeSet, fs, path::PathBuf};

use crate::app::sources::root;

/// Returns the names of the files that make a failure, without those that they share.
fn drills() -> BTreeSet<String> {
    let paths = fs::read_dir(root().join("ops/drills")).expect("a folder");
    let name = |path: PathBuf| {
        let text = fs::read_to_string(&path).ok()?;
        let name = path.file_stem()?.to_str()?.to_owned();
        text.contains("\nconduct(").then_some(name)
    };
    paths.filter_map(|entry| name(entry.expect("a file").path())).collect()
}

#[test]
fn the_runbooks_name_each_drill() {
    let runbooks = fs::read_to_string(root().join("docs/runbooks.md")).expect("the runbooks");
    let lines = runbooks.lines().filter_map(|line| line.strip_prefix("Drill")?.split('.').next());
    let named = lines.flat_map(|names| names.split('`').skip(1).step_by(2));
    assert_eq!(named.map(str::to_owned).collect::<BTreeSet<_>>(), drills());
}
