use kernel::Problem;

use super::{ColumnField, Mapping, Sheet, SheetRow};
use crate::rules::{
    profile::{ERASED, Profile, ProfileInput},
    rosters::invalid,
};

/// A line that cannot be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    pub line: usize,
    /// The reason and the next step.
    pub reason: String,
}

/// A line with a valid profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub line: usize,
    pub profile: Profile,
}

/// The lines of a sheet: each is a candidate, or has an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterRows {
    pub good: Vec<Candidate>,
    pub bad: Vec<BadRow>,
}

impl RosterRows {
    #[must_use]
    pub fn of(sheet: &Sheet, mapping: &Mapping) -> Self {
        let mut rows = Self::default();
        for row in &sheet.rows {
            let line = row.line;
            match profile(mapping, row) {
                Ok(profile) => rows.good.push(Candidate { line, profile }),
                Err(problem) => {
                    let reason = named(mapping, &problem);
                    rows.bad.push(BadRow { line, reason });
                }
            }
        }
        rows
    }
}

/// Returns the reason of an error, after the name of the column of which several could be meant.
fn named(mapping: &Mapping, problem: &Problem) -> String {
    use ColumnField::{EmailPersonal, EmailSchool, ParentEmail};
    let field = problem.field.and_then(ColumnField::named);
    let field = field.filter(|it| [EmailSchool, EmailPersonal, ParentEmail].contains(it));
    let column = field.and_then(|it| mapping.0.iter().find(|column| column.field == Some(it)));
    match column {
        Some(column) => format!("{}: {}", column.name(), problem.detail),
        None => problem.detail.clone(),
    }
}

fn profile(mapping: &Mapping, row: &SheetRow) -> Result<Profile, Problem> {
    use ColumnField as Field;
    let cell = |field| mapping.place(field).map_or(String::new(), |place| cleaned(row.cell(place)));
    let (mut first, mut last) = (cell(Field::FirstName), cell(Field::LastName));
    let (full, last_first) = (cell(Field::FullName), cell(Field::LastFirst));
    if first.is_empty() && last.is_empty() {
        (first, last) = if full.is_empty() { last_then_first(&last_first) } else { halves(&full) };
    }
    if first.is_empty() {
        (first, last) = (last, String::new());
    }
    if first.is_empty() {
        let detail = "The name is missing. Enter it, or choose the column that contains it.";
        return Err(invalid(detail.to_owned()));
    }
    if full == ERASED {
        let detail = "The data of this competitor was erased, so the line names no one. Remove it.";
        return Err(invalid(detail.to_owned()));
    }
    let input = ProfileInput {
        only_name: if last.is_empty() { "yes" } else { "" }.to_owned(),
        first_name: first,
        last_name: last,
        email_school: cell(Field::EmailSchool),
        email_personal: cell(Field::EmailPersonal),
        is_18_or_over: answer(cell(Field::Is18OrOver)),
        grade: grade(&cell(Field::Grade)),
        years_competing: whole(&cell(Field::YearsCompeting)),
        parent_name: cell(Field::ParentName),
        parent_email: cell(Field::ParentEmail),
    };
    if [&input.first_name, &input.last_name, &input.parent_name]
        .iter()
        .any(|it| it.contains('\u{fffd}'))
    {
        let detail = "A character of a name was lost when the file was written. Correct it, or export the sheet again with UTF-8.";
        return Err(invalid(detail.to_owned()));
    }
    Profile::read(&input)
}

/// Joins the lines of a cell, and removes the apostrophe that keeps spreadsheets from running a text as a formula. A dash is an
/// empty cell.
fn cleaned(cell: &str) -> String {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let text = words.join(" ");
    if ["-", "–", "—", "n/a", "N/A"].contains(&text.as_str()) {
        return String::new();
    }
    let begins = |rest: &&str| rest.starts_with(['=', '+', '-', '@', '|', '＝', '＋', '－', '＠']);
    text.strip_prefix('\'').filter(begins).unwrap_or(&text).to_owned()
}

/// Splits a name into the first and the last name, which is empty if there is only one name. `Quill, Ada` names the last name
/// first; particles and suffixes belong to the last name.
fn halves(name: &str) -> (String, String) {
    if let Some((before, after)) = name.split_once(',')
        && !is_suffix(after.trim())
    {
        return (after.trim().to_owned(), before.trim().to_owned());
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut start = words.len().saturating_sub(1).max(1);
    if start > 1 && words.get(start).is_some_and(|word| is_suffix(word)) {
        start -= 1;
    }
    let is_capital = |word: &str| word.starts_with(char::is_uppercase);
    while start > 1 && is_capital(words[0]) && words[start - 1].starts_with(char::is_lowercase) {
        start -= 1;
    }
    let (first, last) = words.split_at(start.min(words.len()));
    (first.join(" "), last.join(" "))
}

fn is_suffix(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    ["jr", "sr", "ii", "iii", "iv"].iter().any(|suffix| word.eq_ignore_ascii_case(suffix))
}

/// Splits a name whose last name is first, with or without a comma.
fn last_then_first(name: &str) -> (String, String) {
    let halves = name.split_once(',').or_else(|| name.split_once(' '));
    let (last, first) = halves.unwrap_or((name, ""));
    (first.trim().to_owned(), last.trim().to_owned())
}

/// Returns the answer in the words of a profile.
fn answer(cell: String) -> String {
    match cell.to_lowercase().as_str() {
        "y" | "x" | "18+" => "yes".to_owned(),
        "n" => "no".to_owned(),
        _ => cell,
    }
}

/// Returns the number of `10th`, `Grade 10`, `Year 10` and the class `10a`.
fn grade(cell: &str) -> String {
    const WORDS: [&str; 7] = ["grade", "gr", "year", "yr", "class", "level", "form"];
    let lower = cell.to_lowercase();
    let words = lower.split([' ', '.', ':']).filter(|word| !word.is_empty());
    let rest: Vec<&str> = words.filter(|word| !WORDS.contains(word)).collect();
    let number = match rest[..] {
        [one] => without_class(one),
        [number, class] if is_class(class) => number,
        _ => return whole(cell),
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return whole(cell);
    }
    number.to_owned()
}

/// Removes what follows a number: the ending of an ordinal, or the character of a class, as in `10a`, `10-B` and `10/c`.
fn without_class(word: &str) -> &str {
    let number = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let rest = &word[number.len()..];
    let is_ordinal = ["st", "nd", "rd", "th"].contains(&rest);
    if is_ordinal || is_class(rest.trim_start_matches(['-', '/'])) { number } else { word }
}

fn is_class(word: &str) -> bool {
    matches!(word.as_bytes(), [class] if class.is_ascii_alphabetic())
}

/// Returns a whole number without the decimals that spreadsheets add.
fn whole(cell: &str) -> String {
    let number = cell.strip_suffix(".0").or_else(|| cell.strip_suffix(",0"));
    number.unwrap_or(cell).to_owned()
}
