//! The content of small patches, as GitHub's API states them.

use std::slice;

use github::model::PatchedFile;

use super::*;
use PatchContent::{OneWord, Substantial, WhiteSpace};

/// Returns a file whose numbers of lines are those of its patch.
fn patched(path: &str, patch: &str) -> PatchedFile {
    let count = |sign: char| patch.lines().filter(|line| line.starts_with(sign)).count() as i64;
    PatchedFile {
        path: path.to_owned(),
        status: "modified".to_owned(),
        additions: count('+'),
        deletions: count('-'),
        patch: Some(patch.to_owned()),
    }
}

fn of(path: &str, patch: &str) -> Option<PatchContent> {
    patch_content(&[patched(path, patch)])
}

#[test]
fn patches_of_one_file() {
    let cases = [
        // White space.
        ("src/a.rs", "@@ -1,2 +1,2 @@\n fn a() {\n-  b();\n+    b();", WhiteSpace),
        ("src/a.rs", "@@ -1 +1 @@\n-let a=1;\n+let a = 1;", WhiteSpace),
        ("src/a.rs", "@@ -1,2 +1,3 @@\n a();\n+\n b();", WhiteSpace),
        ("src/a.rs", "@@ -1 +1 @@\n-a();\n\\ No newline at end of file\n+a();", WhiteSpace),
        ("src/a.rs", "@@ -1 +1 @@\n-a();\r\n+a();", WhiteSpace),
        ("src/a.rs", "@@ -1 +1 @@\n-\u{feff}a();\n+a();", WhiteSpace),
        ("README.md", "@@ -1 +1,2 @@\n-one two\n+one\n+two", WhiteSpace),
        ("a.py", "@@ -1 +1 @@\n-a = 1  \n+a = 1", WhiteSpace),
        ("a.py", "@@ -1,2 +1,2 @@\n if a:\n-    b()\n+b()", Substantial),
        ("Makefile", "@@ -1,2 +1,2 @@\n a:\n-    b\n+\tb", Substantial),
        // A line that moved is no white space.
        ("src/a.rs", "@@ -1,3 +1,3 @@\n-a();\n b();\n+a();\n c();", Substantial),
        // One word of prose.
        ("README.md", "@@ -1,2 +1,2 @@\n Title\n-Teh lantern\n+The lantern", OneWord),
        ("docs/a.html", "@@ -1 +1 @@\n-the the lamp\n+the lamp", OneWord),
        ("notes.txt", "@@ -1 +1 @@\n-a lamp\n+a bright lamp", OneWord),
        ("README.md", "@@ -1 +1 @@\n-Welcome 🎉\n+Welcome 🎊", OneWord),
        ("README.md", "@@ -1 +1 @@\n-Welcome\n+Welcome 👩‍🚀", OneWord),
        ("README.md", "@@ -1,2 +1,2 @@\n-one teh\n-two\n+one\n+the two", OneWord),
        ("README.md", "@@ -1 +1 @@\n-a b c d\n+a x c y", Substantial),
        ("README.md", "@@ -1 +1 @@\n-a b\n+a x y", Substantial),
        // One word of a comment.
        ("src/a.rs", "@@ -1 +1 @@\n-/// Teh lantern.\n+/// The lantern.", OneWord),
        ("src/a.rs", "@@ -1 +1 @@\n-a(); // teh\n+a(); // the", OneWord),
        ("src/a.c", "@@ -1 +1 @@\n- * teh lamp\n+ * the lamp", OneWord),
        ("a.py", "@@ -1 +1 @@\n-a = 1  # teh\n+a = 1  # the", OneWord),
        ("a.sql", "@@ -1 +1 @@\n--- teh lamp\n+-- the lamp", OneWord),
        ("a.vue", "@@ -1 +1 @@\n-<!-- teh lamp -->\n+<!-- the lamp -->", OneWord),
        // One word of code.
        ("src/a.rs", "@@ -1 +1 @@\n-let a = 1;\n+let a = 2;", Substantial),
        ("src/a.rs", "@@ -1 +1 @@\n-a(1); // b\n+a(2); // b", Substantial),
        ("src/a.c", "@@ -1 +1 @@\n-#include <a.h>\n+#include <b.h>", Substantial),
        ("src/a.rs", "@@ -1 +1 @@\n-#[cfg(a)]\n+#[cfg(b)]", Substantial),
        ("a.sh", "@@ -1 +1 @@\n-#!/bin/sh -e\n+#!/bin/sh -eu", Substantial),
        (
            "src/a.rs",
            "@@ -1 +1 @@\n-f(\"http://a.example\");\n+f(\"http://b.example\");",
            Substantial,
        ),
        ("a.yml", "@@ -1 +1 @@\n-version: 1\n+version: 2", Substantial),
    ];
    for (path, patch, expected) in cases {
        assert_eq!(of(path, patch), Some(expected), "{path}: {patch}");
    }
}

#[test]
fn files_that_are_more_than_their_patch() {
    let edit = patched("README.md", "@@ -1 +1 @@\n-Teh\n+The");
    let with = |change: fn(&mut PatchedFile)| {
        let mut file = edit.clone();
        change(&mut file);
        file
    };
    let renamed = with(|file| file.status = "renamed".to_owned());
    let moved = with(|file| {
        file.status = "renamed".to_owned();
        (file.additions, file.deletions, file.patch) = (0, 0, None);
    });
    let binary = with(|file| {
        file.path = "logo.png".to_owned();
        (file.additions, file.deletions, file.patch) = (0, 0, None);
    });
    for file in [renamed, moved, binary.clone()] {
        assert_eq!(patch_content(slice::from_ref(&file)), Some(Substantial), "{file:?}");
    }
    assert_eq!(patch_content(&[edit.clone(), binary]), Some(Substantial));
    // GitHub leaves out the patch of a large file, and cuts long ones.
    assert_eq!(patch_content(&[with(|file| file.patch = None)]), None);
    assert_eq!(patch_content(&[with(|file| file.additions = 2)]), None);
}

#[test]
fn several_files_are_judged_together() {
    let word = patched("README.md", "@@ -1 +1 @@\n-Teh\n+The");
    let space = patched("src/a.rs", "@@ -1 +1 @@\n-a();\n+ a();");
    let code = patched("src/b.rs", "@@ -1 +1 @@\n-a();\n+b();");
    let lock = patched("Cargo.lock", "@@ -1 +1 @@\n-a\n+b");
    let cases: [(&[&PatchedFile], PatchContent); 7] = [
        (&[], Substantial),
        (&[&lock], Substantial),
        (&[&space, &lock], WhiteSpace),
        (&[&word, &space], OneWord),
        (&[&word, &word], Substantial),
        (&[&word, &code], Substantial),
        (&[&space, &space], WhiteSpace),
    ];
    for (files, expected) in cases {
        let files: Vec<PatchedFile> = files.iter().map(|file| (*file).clone()).collect();
        assert_eq!(patch_content(&files), Some(expected), "{files:?}");
    }
}
