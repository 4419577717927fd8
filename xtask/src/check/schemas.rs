//! Checks that every schema of the API has a unique name.
//!
//! The document stores schemas by name, and one of two schemas with the same name silently replaces the other, so that
//! clients get the wrong type.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{
    Tree, none_of,
    rust::{Kind, Token, program},
    sources::Source,
};

/// The locations of types by the names of their schemas.
type Places = BTreeMap<String, Vec<String>>;

/// Checks the types of every crate that derive a schema.
pub(super) fn check(tree: &Tree) -> Result<()> {
    none_of(&complaints(tree.files))
}

fn complaints(files: &[Source]) -> Vec<String> {
    let mut places = Places::new();
    for file in files.iter().filter(|file| file.of_program().is_some()) {
        for (name, line) in schemas(&program(&file.text)) {
            let place = format!("{}:{line}", file.path);
            places.entry(name.to_owned()).or_default().push(place);
        }
    }
    let shared = places.iter().filter(|(_, places)| places.len() > 1);
    shared
        .map(|(name, places)| {
            let places = places.join(", ");
            format!(
                "schema `{name}` has {places}: rename a type, or name its schema by #[schema(as = …)]"
            )
        })
        .collect()
}

/// Returns the names of derived schemas, each with the line of its type.
fn schemas<'a>(tokens: &[Token<'a>]) -> Vec<(&'a str, usize)> {
    let mentions = tokens.iter().enumerate();
    let behind =
        mentions.filter(|(_, token)| token.names("ToSchema")).map(|(at, _)| &tokens[at + 1..]);
    behind.filter_map(schema).collect()
}

/// Returns the type after `ToSchema` in `#[derive(…)]`, with its name; `None` for imports and implementations.
fn schema<'a>(behind: &[Token<'a>]) -> Option<(&'a str, usize)> {
    let mut depth = 2_i32;
    for (at, token) in behind.iter().enumerate() {
        match token.text {
            _ if token.kind != Kind::Mark && !(depth == 0 && is_item(token)) => {}
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            ";" => return None,
            "struct" | "enum" => {
                let name = behind.get(at + 1)?;
                return Some((renamed(&behind[..at]).unwrap_or(name.text), name.line));
            }
            _ => {}
        }
    }
    None
}

fn is_item(token: &Token) -> bool {
    token.names("struct") || token.names("enum")
}

/// Returns the name after `schema(as = `.
fn renamed<'a>(attributes: &[Token<'a>]) -> Option<&'a str> {
    attributes.windows(3).find_map(|window| match window {
        [by, mark, name] if by.names("as") && mark.is("=") => Some(name.text),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::complaints;
    use crate::check::sources::file;

    #[test]
    fn two_types_with_the_same_name_are_reported() {
        let files = [
            file("crates/a/src/api.rs", "#[derive(Debug, ToSchema)]\npub struct Flag {}"),
            file(
                "crates/b/src/api.rs",
                "#[derive(ToSchema)] #[schema(example = json!({\"a\": [1]}))] pub(super) enum Flag {}",
            ),
        ];
        let found = complaints(&files);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("crates/a/src/api.rs:2, crates/b/src/api.rs:1"), "{found:?}");
    }

    #[test]
    fn the_name_of_the_schema_counts() {
        let files = [
            file("crates/a/src/api.rs", "use utoipa::ToSchema;\nstruct Flag;"),
            file("crates/b/src/api.rs", "#[derive(ToSchema)] struct Flag {}"),
            file(
                "crates/c/src/api.rs",
                "#[derive(ToSchema)] #[schema(as = Switch)] struct Flag {}",
            ),
        ];
        assert!(complaints(&files).is_empty());
        let same = file("crates/d/src/api.rs", "#[derive(ToSchema)] struct Switch {}");
        let [_, _, c] = files;
        assert_eq!(complaints(&[c, same]).len(), 1);
    }
}
