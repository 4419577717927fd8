//! Checks that a row with an unknown code is an error: that columns are read as the types of their codes, and that no value
//! replaces a code that is not known.
//!
//! Codes that people and services send, in `api`, `pages`, `commands`, `access` and `gateway`, are refused in their own words.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{
    Tree, none_of,
    rust::{Kind, Token, program},
    sources::Source,
};

/// Folders and files that read what people and services send.
const OUTSIDE: &[&str] = &["access", "api", "commands", "gateway", "pages"];

/// Layers that read rows.
const ROWS: &[&str] = &["reads", "store"];

/// The function of `platform::db` that refuses an unknown code in a document, or in a row that is read by itself.
const STRICT: &str = "code";

/// The beginning of the name of rows that a worker claims. It reads their codes one by one, so that one row keeps no other from being claimed.
const CLAIMED: &str = "Claimed";

/// The tables with a column of codes, by its name.
type Columns<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Checks the sources of every crate.
pub(super) fn check(tree: &Tree) -> Result<()> {
    none_of(&complaints(tree.files))
}

fn complaints(files: &[Source]) -> Vec<String> {
    let sources: Vec<_> = files.iter().filter(|file| file.of_program().is_some()).collect();
    let programs: Vec<_> = sources.iter().map(|file| program(&file.text)).collect();
    let types: BTreeSet<&str> = programs.iter().flat_map(|tokens| declared(tokens)).collect();
    let mut columns = Columns::new();
    programs.iter().for_each(|tokens| add_columns(tokens, &mut columns));
    let mut complaints = Vec::new();
    for (file, tokens) in sources.iter().zip(&programs) {
        let path = file.of_program().map_or("", |(_, path)| path);
        let of_layer = |layers: &[&str]| path.split(['/', '.']).any(|part| layers.contains(&part));
        if !of_layer(OUTSIDE) {
            let lines = lenient(tokens, &types, of_layer(ROWS)).into_iter();
            complaints.extend(lines.map(|line| {
                format!(
                    "{}:{line}: an unknown code is no error here: read the column as the type, or call \
                     `platform::db::code`",
                    file.path
                )
            }));
        }
        let texts = if of_layer(ROWS) { texts(tokens, &columns) } else { Vec::new() };
        complaints.extend(texts.into_iter().map(|(line, column)| {
            format!("{}:{line}: `{column}` holds codes: read it as their type", file.path)
        }));
    }
    complaints
}

/// Returns the types that `codes!` and `stored!` declare.
fn declared<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, three) in tokens.windows(3).enumerate() {
        let rest = &tokens[at + 3..];
        if !three[1].is("!") {
        } else if three[0].names("codes") {
            // The name is before the inner brace, after attributes and comments.
            let inner = rest.iter().position(|token| token.is("{"));
            found.extend(inner.and_then(|at| at.checked_sub(1)).map(|at| rest[at].text));
        } else if three[0].names("stored") {
            let names = rest.iter().take_while(|token| !token.is(")"));
            found.extend(names.filter(|token| token.kind == Kind::Name).map(|token| token.text));
        }
    }
    found
}

/// Adds the columns of `Table::new("TABLE", …).with_codes(&[CodeColumn::of::<TYPE>("COLUMN"), …])`.
fn add_columns<'a>(tokens: &[Token<'a>], columns: &mut Columns<'a>) {
    let mut table = "";
    for (at, token) in tokens.iter().enumerate() {
        let text = tokens[at..].iter().find(|token| token.kind == Kind::Text);
        let text = text.map_or("", |token| token.text);
        if token.names("Table") {
            table = text;
        } else if token.names("CodeColumn") && tokens.get(at + 2).is_some_and(|of| of.names("of")) {
            columns.entry(text).or_default().insert(table);
        }
    }
}

/// Returns the lines that read a code and continue without it. In functions called `named`, texts are names of filters.
fn lenient(tokens: &[Token<'_>], types: &BTreeSet<&str>, is_of_rows: bool) -> Vec<usize> {
    let (mut found, mut function) = (Vec::new(), "");
    for (at, three) in tokens.windows(3).enumerate() {
        if three[0].names("fn") {
            function = three[1].text;
        }
        let reads = types.contains(three[0].text) && three[1].is("::") && three[2].names("named");
        if !reads || function == "named" {
            continue;
        }
        let mut before = tokens[..at].iter().rev().take_while(|token| !ends(token));
        let is_strict = before.any(|token| token.names(STRICT));
        if replaced(&tokens[at + 3..]) || (is_of_rows && !is_strict) {
            found.push(three[0].line);
        }
    }
    found
}

/// Returns true if the expression continues with a value for its absence.
fn replaced(behind: &[Token<'_>]) -> bool {
    let mut depth = 0_i32;
    let own = behind.iter().take_while(|token| {
        depth += i32::from(token.is("(")) - i32::from(token.is(")"));
        !ends(token) && (depth > 0 || !token.is(","))
    });
    let mut names = own.filter(|token| token.kind == Kind::Name);
    names.any(|token| token.text.starts_with("unwrap_or") || token.text.starts_with("map_or"))
}

fn ends(token: &Token<'_>) -> bool {
    [";", "{", "}"].iter().any(|mark| token.is(mark))
}

/// Returns the fields of rows that hold codes of a table of the same file as text, with their lines.
fn texts<'a>(tokens: &[Token<'a>], columns: &Columns<'_>) -> Vec<(usize, &'a str)> {
    let sql: BTreeSet<&str> = tokens
        .iter()
        .filter(|token| token.kind == Kind::Text)
        .flat_map(|token| token.text.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .collect();
    let (mut found, mut is_row) = (Vec::new(), false);
    for (at, token) in tokens.iter().enumerate() {
        let next = |places: usize| tokens.get(at + places);
        let names = |places: usize, name: &str| next(places).is_some_and(|token| token.names(name));
        if token.names("derive") {
            is_row = tokens[at..]
                .iter()
                .take_while(|token| !token.is(")"))
                .any(|token| token.names("FromQueryResult") || token.names("Deserialize"));
        } else if token.names("struct") {
            is_row &= next(1).is_some_and(|name| !name.text.starts_with(CLAIMED));
        } else if token.names("fn") || token.names("impl") {
            is_row = false;
        }
        let is_text = names(2, "String") || (names(2, "Option") && names(4, "String"));
        let tables = columns.get(token.text).filter(|_| is_row && is_text);
        if tables.is_some_and(|tables| tables.iter().any(|table| sql.contains(table))) {
            found.push((token.line, token.text));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::complaints;
    use crate::check::sources::file;

    const DECLARED: &str = "
        platform::codes! {
            /// The state of a lamp.
            #[derive(Hash)]
            LampState { Lit = \"lit\", \"Burning\"; Out = \"out\"; }
        }
        platform::stored!(Bulb, Switch);
        const TABLES: &[Table] = &[
            Table::new(\"shades\", \"lamps\", \"forever\"),
            Table::new(\"lamps\", \"lights\", \"forever\").with_codes(&[CodeColumn::of::<LampState>(\"state\")]),
        ];";

    fn of(path: &str, text: &str) -> usize {
        let files = [file("crates/lights/src/lib.rs", DECLARED), file(path, text)];
        complaints(&files).len()
    }

    #[test]
    fn no_value_replaces_an_unknown_code() {
        for text in [
            "fn state(&self) -> LampState { LampState::named(&self.state).unwrap_or(LampState::Out) }",
            "fn f() { let state = Bulb::named(text).unwrap_or_default(); }",
            "fn f() { row.state.as_deref().and_then(Switch::named).map_or(false, is_on) }",
        ] {
            assert_eq!(of("crates/lights/src/actions/turn.rs", text), 1, "{text}");
            assert_eq!(of("crates/lights/src/reads/lamps.rs", text), 1, "{text}");
            assert_eq!(of("crates/lights/src/pages/lamps.rs", text), 0, "{text}");
        }
        let refused = "fn f() { LampState::named(&input.state).ok_or_else(unknown)? }";
        assert_eq!(of("crates/lights/src/rules/input.rs", refused), 0);
    }

    #[test]
    fn rows_are_not_left_out_for_an_unknown_code() {
        let path = "crates/lights/src/store/lamps.rs";
        assert_eq!(of(path, "fn f() { Some(Lamp { state: LampState::named(&row.state)? }) }"), 1);
        assert_eq!(of(path, "fn f() { code(\"lamps.state\", &row.state, LampState::named)?; }"), 0);
        assert_eq!(of(path, "fn named(text: &str) { LampState::named(text).map(Self::With) }"), 0);
    }

    #[test]
    fn columns_of_codes_are_read_as_their_type() {
        let of = |name: &str, field: &str, table: &str| {
            let text = format!(
                "#[derive(Debug, FromQueryResult)] struct {name} {{ id: Uuid, {field}, }}
                 fn f(state: String) {{ all(\"SELECT id, state FROM {table} l\") }}"
            );
            of("crates/lights/src/reads/lamps.rs", &text)
        };
        assert_eq!(of("Row", "state: String", "lamps"), 1);
        assert_eq!(of("Row", "pub state: Option<String>", "lamps"), 1);
        assert_eq!(of("Row", "state: LampState", "lamps"), 0);
        assert_eq!(of("Row", "state: String", "countries"), 0);
        assert_eq!(of("ClaimedLamp", "state: String", "lamps"), 0);
    }
}
