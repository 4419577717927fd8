//! CSV export of tables (RFC 4180): the rows of the page and those after it, in its order, escaped so that no
//! spreadsheet runs a formula.

use axum::response::Response;
use kernel::Timestamp;

use crate::download::{self, Batch, Format};

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text from a person or the server.
    Text(String),
    /// A number, without separators.
    Number(i64),
    /// A number with at most two decimals; empty if absent.
    Decimal(Option<f64>),
    /// An instant in ISO 8601; empty if absent.
    Instant(Option<Timestamp>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Timestamp> for Cell {
    fn from(at: Timestamp) -> Self {
        Self::Instant(Some(at))
    }
}

impl From<Option<Timestamp>> for Cell {
    fn from(at: Option<Timestamp>) -> Self {
        Self::Instant(at)
    }
}

impl Cell {
    fn write(&self, line: &mut String) {
        match self {
            Self::Text(text) => write_text(text, line),
            Self::Number(number) => line.push_str(&number.to_string()),
            Self::Decimal(Some(number)) => line.push_str(&decimal(*number)),
            Self::Decimal(None) => {}
            Self::Instant(Some(at)) => {
                line.push_str(&at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
            }
            Self::Instant(None) => {}
        }
    }
}

/// Formats a number with at most two decimals.
fn decimal(number: f64) -> String {
    let text = format!("{number:.2}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    short.to_owned()
}

/// Writes quoted text, with an apostrophe before anything that a spreadsheet would take for a formula.
fn write_text(text: &str, line: &mut String) {
    line.push('"');
    if begins_a_formula(text) {
        line.push('\'');
    }
    for c in text.chars().filter(|c| *c != '\0') {
        if c == '"' {
            line.push('"');
        }
        line.push(c);
    }
    line.push('"');
}

/// Returns true if a spreadsheet would run the text as a formula, ignoring invisible characters before it.
fn begins_a_formula(text: &str) -> bool {
    let is_ignored = |c: &char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let begins = |c: char| matches!(c, '=' | '+' | '-' | '@' | '|' | '＝' | '＋' | '－' | '＠');
    text.starts_with(['\t', '\r', '\n'])
        || text.chars().find(|c| !is_ignored(c)).is_some_and(begins)
}

/// Writes the header line. The byte order mark makes spreadsheets read the file as UTF-8.
fn head(names: &[&str]) -> String {
    format!("\u{feff}{}\r\n", names.join(","))
}

/// Writes a row.
pub fn line(cells: &[Cell]) -> String {
    let mut line = String::new();
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        cell.write(&mut line);
    }
    line.push_str("\r\n");
    line
}

/// Responds with a table as a file named `name`.
pub fn file<const N: usize>(
    name: &str,
    head: [&str; N],
    rows: impl IntoIterator<Item = [Cell; N]>,
) -> Response {
    table(name, &head, rows)
}

/// Responds with a table as a file named `name`, whose columns are known only when the page is built.
pub fn table<R: AsRef<[Cell]>>(
    name: &str,
    head: &[&str],
    rows: impl IntoIterator<Item = R>,
) -> Response {
    let mut text = self::head(head);
    for row in rows {
        text.push_str(&line(row.as_ref()));
    }
    download::file(name, Format::Csv, text)
}

/// Responds with a table that `read` reads in batches, the first of them from `first`, as a file named `name`.
pub fn streamed<P, F>(
    name: &str,
    head: &[&str],
    first: P,
    read: impl FnMut(P) -> F + Send + 'static,
) -> Response
where
    P: Send + 'static,
    F: Future<Output = Batch<P>> + Send + 'static,
{
    download::streamed(name, Format::Csv, self::head(head), first, read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut line = String::new();
        Cell::from(text).write(&mut line);
        line
    }

    #[test]
    fn formulas_are_escaped() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@sum",
            "\t=1",
            "\r=1",
            " =1",
            "\u{feff}=1",
            "\u{202e}=1",
            "＝1",
            "|cmd",
        ] {
            assert!(written(formula).starts_with("\"'"), "{formula:?}");
        }
        assert_eq!(written("a=1"), "\"a=1\"");
        assert_eq!(written(""), "\"\"");
        assert_eq!(written("say \"hi\", \0now"), "\"say \"\"hi\"\", now\"");
    }

    #[test]
    fn negative_numbers_are_not_escaped() {
        let mut line = String::new();
        Cell::from(-20).write(&mut line);
        assert_eq!(line, "-20");
        let decimals = [Some(66.666), Some(100.0), Some(0.5), Some(0.0), None];
        let cells = decimals.map(Cell::Decimal);
        assert_eq!(super::line(&cells), "66.67,100,0.5,0,\r\n");
    }
}
