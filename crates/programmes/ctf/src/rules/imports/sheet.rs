use kernel::Problem;

use super::{LONGEST, columns::ColumnField, refused, too_long};

/// The maximum number of competitors of a sheet.
pub const MOST: usize = 500;

/// The maximum number of columns.
pub const MOST_COLUMNS: usize = 50;

/// The maximum number of characters of a cell.
pub const LONGEST_CELL: usize = 1_000;

/// The separators of cells. The first one wins if several fit.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// The number of lines at the beginning that may contain the headings.
const TITLES: usize = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// The number of the row in a spreadsheet, from 1. A row whose cells have line breaks is one.
    pub line: usize,
    pub cells: Vec<String>,
}

impl SheetRow {
    /// Returns a cell; empty if the row is shorter.
    #[must_use]
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }
}

platform::codes! {
    /// The content of the first line of a sheet of which no heading is known.
    FirstLine {
        Headings = "headings", "The names of the columns";
        Person = "person", "A competitor";
    }
}

/// The cells of a sheet, each in one line and without the spaces around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The lines above the headings, such as a title.
    pub above: Vec<SheetRow>,
    /// The headings; without cells if the first line is a person.
    pub headings: SheetRow,
    /// The rows below the headings that are not empty.
    pub rows: Vec<SheetRow>,
}

impl Sheet {
    /// Reads a text whose cells are separated by commas, semicolons, tabs or bars, or by the character of a first line such as
    /// `sep=;`. The headings are the first line, unless titles of one cell are above them, or the line has an email address and so is
    /// a person.
    ///
    /// # Errors
    /// When the text is too long, has too many rows or columns or too long a cell, has nothing below the headings, or does not
    /// close a quotation mark.
    pub fn read(text: &str) -> Result<Self, Problem> {
        if text.len() > LONGEST {
            return Err(too_long());
        }
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        let (separator, text) = stated_separator(&text).unwrap_or_else(|| (guess(&text), &text));
        let (rows, open) = split(text, separator);
        if let Some(open) = open {
            return Err(unclosed(&open));
        }
        let sheet = Self::of(rows);
        check_size(&sheet)?;
        Ok(sheet)
    }

    fn of(mut rows: Vec<SheetRow>) -> Self {
        rows.retain(|row| row.filled() > 0);
        let place = headings(&rows);
        let mut below = rows.split_off(place).into_iter().peekable();
        let headings = below.next_if(|row| !has_address(row)).unwrap_or_default();
        // Sheets that were joined repeat the headings.
        let below = below.filter(|row| row.cells != headings.cells).collect();
        Self { above: rows, headings, rows: below }
    }

    /// Returns the first line and the content that it is taken for, if no heading is known, so that a person decides.
    #[must_use]
    pub fn first_line(&self) -> Option<(&SheetRow, FirstLine)> {
        if self.headings.cells.is_empty() {
            return Some((self.rows.first()?, FirstLine::Person));
        }
        (known_headings(&self.headings) == 0).then_some((&self.headings, FirstLine::Headings))
    }

    /// Takes the first line for what a person says that it is. One of known headings stays what it is.
    #[must_use]
    pub fn beginning_with(mut self, first: FirstLine) -> Self {
        let read = self.first_line().map(|(_, read)| read);
        match (read, first) {
            (Some(FirstLine::Headings), FirstLine::Person) => {
                self.rows.insert(0, std::mem::take(&mut self.headings));
            }
            (Some(FirstLine::Person), FirstLine::Headings) if self.rows.len() > 1 => {
                self.headings = self.rows.remove(0);
            }
            _ => {}
        }
        self
    }

    /// Returns the number of columns, also of those that have no heading.
    #[must_use]
    pub fn width(&self) -> usize {
        let rows = self.rows.iter().chain([&self.headings]);
        let last = |row: &SheetRow| row.cells.iter().rposition(|cell| !cell.is_empty());
        rows.filter_map(last).max().map_or(0, |last| last + 1)
    }

    /// Replaces a cell, if the sheet has the line.
    pub fn edit(&mut self, line: usize, column: usize, text: &str) {
        let row = self.rows.iter_mut().find(|row| row.line == line);
        if let Some(row) = row.filter(|_| column < MOST_COLUMNS) {
            let width = row.cells.len().max(column + 1);
            row.cells.resize(width, String::new());
            row.cells[column] = one_line(text);
        }
    }

    /// Writes the sheet with commas, each row in the line of its number.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut line = 1;
        for row in self.above.iter().chain([&self.headings]).chain(&self.rows) {
            while line < row.line {
                text.push('\n');
                line += 1;
            }
            let cells: Vec<String> = row.cells.iter().map(|cell| quoted(cell)).collect();
            text.push_str(&cells.join(","));
        }
        text.push('\n');
        text
    }
}

fn one_line(cell: &str) -> String {
    cell.trim().replace(['\r', '\n'], " ")
}

fn quoted(cell: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || " .-_@+/'()#".contains(c);
    if cell.chars().all(is_plain) {
        cell.to_owned()
    } else {
        format!("\"{}\"", cell.replace('"', "\"\""))
    }
}

fn check_size(sheet: &Sheet) -> Result<(), Problem> {
    if sheet.rows.is_empty() {
        return Err(refused(
            "There are no competitors below the names of the columns. Add a line for each.",
        ));
    }
    if sheet.rows.len() > MOST {
        let detail = format!(
            "The sheet has {} rows below the headings. Split it into parts of at most {MOST}.",
            sheet.rows.len()
        );
        return Err(refused(detail));
    }
    let width = sheet.width();
    if width > MOST_COLUMNS {
        let detail = format!(
            "The sheet has {width} columns. Remove some, so that at most {MOST_COLUMNS} are left."
        );
        return Err(refused(detail));
    }
    let is_long = |cell: &String| cell.chars().nth(LONGEST_CELL).is_some();
    match sheet.rows.iter().find(|row| row.cells.iter().any(is_long)) {
        None => Ok(()),
        Some(row) => {
            let detail = format!(
                "Line {} has a cell of more than {LONGEST_CELL} characters. Shorten it.",
                row.line
            );
            Err(refused(detail))
        }
    }
}

/// Returns the separator that a first line such as `sep=;` states, and the text below it.
fn stated_separator(text: &str) -> Option<(char, &str)> {
    let (first, rest) = text.split_once('\n')?;
    let stated = first.trim_matches([' ', '"']);
    let (name, separator) = stated.split_at_checked(4)?;
    let mut separator = separator.chars();
    let one = separator.next().filter(|c| !c.is_alphanumeric() && *c != '"');
    (name.eq_ignore_ascii_case("sep=") && separator.next().is_none()).then_some((one?, rest))
}

/// Returns the separator with which most headings are known, and of several the one with most columns.
fn guess(text: &str) -> char {
    let ends = text.match_indices('\n').nth(TITLES);
    let beginning = &text[..ends.map_or(text.len(), |(end, _)| end)];
    let score = |separator: &char| {
        let (rows, _) = split(beginning, *separator);
        let known = rows.iter().map(known_headings).max();
        (known, rows.iter().map(|row| row.cells.len()).max())
    };
    SEPARATORS.into_iter().rev().max_by_key(score).unwrap_or(',')
}

fn has_address(row: &SheetRow) -> bool {
    row.cells.iter().any(|cell| identity::rules::email_address(cell).is_ok())
}

fn known_headings(row: &SheetRow) -> usize {
    row.cells.iter().filter(|cell| ColumnField::of_heading(cell).is_some()).count()
}

/// Returns the place of the headings: of the rows at the beginning, above which rows have one cell, that with most known ones.
fn headings(rows: &[SheetRow]) -> usize {
    let titles = rows.iter().take(TITLES).take_while(|row| row.filled() == 1).count();
    let places = (0..rows.len().min(titles + 1)).rev();
    places.max_by_key(|place| known_headings(&rows[*place])).unwrap_or(0)
}

/// A quotation mark that is not closed.
struct OpenQuote {
    line: usize,
    /// The text after it.
    cell: String,
}

fn unclosed(open: &OpenQuote) -> Problem {
    let begins: String = open.cell.trim().chars().take(20).collect();
    let begins = begins.replace('\n', " ");
    refused(format!(
        "Line {}: the quotation mark before '{begins}' is not closed. Close it before the next cell, or remove it.",
        open.line
    ))
}

/// Splits a text into rows, up to the first quotation mark that is not closed before the next cell. Unlike the reader of a
/// library, it neither takes the rest of the text for one cell then nor omits empty lines from the numbers.
fn split(text: &str, separator: char) -> (Vec<SheetRow>, Option<OpenQuote>) {
    let (mut rows, mut row, mut cell) = (Vec::new(), SheetRow::default(), String::new());
    row.line = 1;
    let (mut is_open, mut is_closed) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_open && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if is_open => (is_open, is_closed) = (false, true),
            c if is_open => cell.push(c),
            c if c == separator || c == '\n' => {
                row.cells.push(one_line(&cell));
                (cell, is_closed) = (String::new(), false);
                if c == '\n' {
                    let line = row.line + 1;
                    rows.push(std::mem::replace(&mut row, SheetRow { line, cells: Vec::new() }));
                }
            }
            c if is_closed => {
                if !c.is_whitespace() {
                    return (rows, Some(OpenQuote { line: row.line, cell }));
                }
            }
            '"' if cell.trim().is_empty() => {
                cell.clear();
                is_open = true;
            }
            c => cell.push(c),
        }
    }
    if is_open {
        return (rows, Some(OpenQuote { line: row.line, cell }));
    }
    row.cells.push(one_line(&cell));
    rows.push(row);
    (rows, None)
}
