//! Lists the pictures of guides, which are files of `docs/guides/images`, so that the program contains them.
#![allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]

use std::{env, ffi::OsStr, fs, io, path::Path};

/// The folder of the guides. That of their pictures is in it, if there are any.
const GUIDES: &str = "../../docs/guides";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={GUIDES}");
    let folder = fs::canonicalize(GUIDES)?.join("images");
    let mut paths = Vec::new();
    if folder.exists() {
        for file in fs::read_dir(folder)? {
            paths.push(file?.path());
        }
    }
    paths.retain(|path| path.extension() == Some(OsStr::new("png")));
    paths.sort();
    let entry = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        format!("({name:?}, include_bytes!({path:?}).as_slice()),")
    };
    let entries: Vec<String> = paths.iter().map(|path| entry(path)).collect();
    let list = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("guide_pictures.rs");
    fs::write(list, format!("&[{}]", entries.concat()))
}
