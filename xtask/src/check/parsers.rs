//! Checks that each parser of outside text has a fuzz target.
//!
//! `parsers.txt` lists every function that decodes text or bytes, below the fuzz target that runs it, or below the reason
//! why its text cannot come from outside. A new function that decodes is in neither place, and the check names it.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{
    Tree, none_of,
    rust::{Kind, Token, program},
    sources::Source,
};
use crate::fuzz::targets;

const LIST: &str = "xtask/src/check/parsers.txt";

/// Functions of libraries that turn text or bytes into values, and those that take text apart.
const DECODERS: &[&str] = &[
    "decode",
    "decode_to_slice",
    "from_bytes",
    "from_scientific",
    "from_sec1_bytes",
    "from_slice",
    "from_str",
    "from_str_exact",
    "from_url",
    "from_utf8",
    "from_value",
    "parse",
    "parse_from_rfc2822",
    "parse_from_rfc3339",
    "parse_from_str",
    "rsplit_once",
    "split_once",
];

/// They make up what they read.
const EXEMPT: &[&str] = &["testkit", "labeled-seasons"];

/// A function that decodes.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Parser<'a> {
    path: &'a str,
    /// The function, constant or static that contains the call.
    name: &'a str,
    line: usize,
    decoder: &'a str,
}

/// A line of the list: functions of a file.
struct Entry<'a> {
    number: usize,
    path: &'a str,
    names: Vec<&'a str>,
}

/// Compares the list with the code.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let list = tree.files.iter().find(|file| file.path == LIST);
    let list = list.map_or("", |file| file.text.as_str());
    none_of(&complaints(tree.files, list))
}

fn complaints(files: &[Source], list: &str) -> Vec<String> {
    let parsers: Vec<Parser> = files.iter().flat_map(parsers).collect();
    let entries = entries(list);
    let listed: BTreeSet<(&str, &str)> = entries
        .iter()
        .flat_map(|entry| entry.names.iter().map(|name| (entry.path, *name)))
        .collect();
    let known: BTreeSet<(&str, &str)> = parsers.iter().map(|p| (p.path, p.name)).collect();
    let mut complaints = unknown_targets(files, list);
    let missing = parsers.iter().filter(|parser| !listed.contains(&(parser.path, parser.name)));
    complaints.extend(missing.map(complaint));
    for Entry { number, path, names } in &entries {
        let gone = names.iter().filter(|name| !known.contains(&(*path, **name)));
        complaints.extend(gone.map(|name| {
            format!("{LIST}:{number}: `{name}` in {path} decodes nothing any more: remove it from the list")
        }));
    }
    complaints
}

fn complaint(parser: &Parser<'_>) -> String {
    let Parser { path, name, line, decoder } = parser;
    format!(
        "{path}:{line}: `{name}` decodes text or bytes (`{decoder}`), but {LIST} does not list it. Call it from a fuzz \
         target, and add `{path}: {name}` below the name of the target; or add it below the reason why it needs none"
    )
}

/// Returns complaints about targets in the list that are not in the code.
fn unknown_targets(files: &[Source], list: &str) -> Vec<String> {
    let known: BTreeSet<String> = targets::of(files).iter().map(targets::Target::name).collect();
    let named = list.lines().enumerate().filter_map(|(at, line)| {
        let name = line.strip_prefix("target ")?.trim();
        (!known.contains(name)).then(|| {
            format!(
                "{LIST}:{}: there is no fuzz target `{name}`: `cargo xtask fuzz --list` prints all names",
                at + 1
            )
        })
    });
    named.collect()
}

/// Parses the list. Headings and comments have no colon after a path of a source.
fn entries(list: &str) -> Vec<Entry<'_>> {
    list.lines()
        .enumerate()
        .filter_map(|(at, line)| {
            let (path, names) = line.split_once(": ")?;
            let names = names.split(',').map(str::trim).collect();
            let number = at + 1;
            path.ends_with(".rs").then_some(Entry { number, path, names })
        })
        .collect()
}

/// Returns the functions of a file that decode, outside of tests.
fn parsers(file: &Source) -> Vec<Parser<'_>> {
    let Some((module, path)) = file.of_program() else {
        return Vec::new();
    };
    let is_test =
        path.contains("tests/") || path.ends_with("tests.rs") || path.ends_with("fuzz.rs");
    if EXEMPT.contains(&module) || is_test {
        return Vec::new();
    }
    let tokens = program(&file.text);
    let mut found: Vec<Parser> = Vec::new();
    let (mut item, mut depth) = ("the file", 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        // The parameter `const N: usize` of a function is no value.
        let is_parameter = at > 0 && (tokens[at - 1].is("<") || tokens[at - 1].is(","));
        let is_value =
            depth == 0 && !is_parameter && (token.names("const") || token.names("static"));
        let next = tokens.get(at + 1).filter(|next| next.kind == Kind::Name);
        if let Some(name) = next.filter(|next| token.names("fn") || is_value && !next.names("fn")) {
            item = name.text;
        }
        let is_new = found.last().is_none_or(|last| last.name != item);
        if is_new && decodes(&tokens, at) {
            found.push(Parser {
                path: &file.path,
                name: item,
                line: token.line,
                decoder: token.text,
            });
        }
    }
    found
}

/// Returns true for the name of a decoder that is called or passed on, and for the definition of `deserialize`.
fn decodes(tokens: &[Token<'_>], at: usize) -> bool {
    let token = &tokens[at];
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let is_of_path = before.is_some_and(|before| before.is(".") || before.is("::"));
    let is_defined = before.is_some_and(|before| before.names("fn"));
    let is_json = token.names("json")
        && is_of_path
        && tokens.get(at + 1).is_some_and(|next| next.is("("))
        && tokens.get(at + 2).is_some_and(|next| next.is(")"));
    let is_decoder = token.kind == Kind::Name && DECODERS.contains(&token.text);
    is_decoder && is_of_path || token.names("deserialize") && is_defined || is_json
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sources::file;

    const PARSER: &str = "fn a() {}\n\
        pub fn read<const N: usize>(text: &str) -> Option<u32> { text.parse().ok() }\n\
        const KIND: Kind = Kind::text(|text| str::from_utf8(text).ok());\n\
        impl<'de> Deserialize<'de> for Key { fn deserialize() {} }\n\
        fn write() { request.json(&body); parse(x); }\n\
        #[cfg(test)] mod tests { fn b() { text.parse() } }";

    const TARGET: &str = "fn headers() { bolero::check!().for_each(all); }";

    fn all(list: &str) -> Vec<String> {
        let files = [
            file("crates/platform/src/web/list.rs", PARSER),
            file("crates/platform/src/web/fuzz.rs", TARGET),
            file("crates/testkit/src/list.rs", PARSER),
        ];
        complaints(&files, list)
    }

    #[test]
    fn functions_that_decode_are_found() {
        let source = file("crates/platform/src/web/list.rs", PARSER);
        let found: Vec<_> = parsers(&source)
            .iter()
            .map(|parser| (parser.name, parser.line, parser.decoder))
            .collect();
        let expected =
            [("read", 2, "parse"), ("KIND", 3, "from_utf8"), ("deserialize", 4, "deserialize")];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_parser_below_a_target_or_a_reason_is_accepted() {
        let list = "# a comment\n\
            target platform::web::headers\n\
            crates/platform/src/web/list.rs: read, KIND\n\
            \n\
            reason: only this server writes it\n\
            crates/platform/src/web/list.rs: deserialize\n";
        assert_eq!(all(list), [""; 0]);
    }

    #[test]
    fn parsers_and_targets_that_are_missing_are_named() {
        let list = "target platform::web::gone\n\
            crates/platform/src/web/list.rs: read, KIND, former\n";
        let found = all(list);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found[0].contains(":1: there is no fuzz target `platform::web::gone`"),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("crates/platform/src/web/list.rs:4: `deserialize` decodes"),
            "{found:?}"
        );
        assert!(found[2].contains(":2: `former` in crates/platform/src/web/list.rs"), "{found:?}");
    }
}
