//! Reading of rosters as CSV, as spreadsheets export them.

use std::collections::BTreeSet;

use kernel::Problem;

use super::{
    profile::{Profile, ProfileInput},
    rosters::invalid,
};

/// The maximum length of a file in bytes.
pub const LONGEST: usize = 256 * 1024;

/// The maximum number of competitors of a file.
pub const MOST: usize = 500;

/// The columns, with the names that they may have beside their own.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("first_name", &["first", "given_name", "firstname"]),
    ("last_name", &["last", "family_name", "surname", "lastname"]),
    ("email_school", &["school_email", "email", "e_mail", "email_address"]),
    ("email_personal", &["personal_email"]),
    ("is_18_or_over", &["18_or_over", "over_18", "adult"]),
    ("grade", &[]),
    ("years_competing", &["years"]),
    ("parent_name", &["guardian_name", "parent"]),
    ("parent_email", &["guardian_email"]),
];

/// A row that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The number of the line, from 1.
    pub line: u64,
    /// The reason and the next step.
    pub reason: String,
    /// The row as it was typed.
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterRows {
    /// Profiles with the numbers of their lines.
    pub good: Vec<(u64, Profile)>,
    /// Rows that cannot be imported.
    pub bad: Vec<BadRow>,
    /// The names of the columns as they were typed.
    pub head: String,
}

impl RosterRows {
    /// Returns a file of the rows that cannot be imported, to correct them.
    #[must_use]
    pub fn left_out(&self) -> String {
        let rows = self.bad.iter().map(|row| row.text.as_str());
        let lines: Vec<&str> = std::iter::once(self.head.as_str()).chain(rows).collect();
        lines.join("\n")
    }
}

/// Reads a file: a line with the names of the columns, then one line per competitor, separated by commas, semicolons or tabs.
/// A row with an address of an earlier one is refused, whether it is that of the school or the personal one.
///
/// # Errors
/// When the file is too long, has no rows, or has no columns for the names.
pub fn read(text: &str) -> Result<RosterRows, Problem> {
    // The reader counts lines by their last byte.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    if text.len() > LONGEST {
        return Err(refused("The file is longer than 256 KiB. Split it."));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = columns(reader.headers().map_err(|error| unreadable(&error))?)?;
    let (mut rows, mut addresses) = (RosterRows::default(), BTreeSet::new());
    let typed = |from: u64, to: u64| {
        let [from, to] = [from, to].map(|byte| usize::try_from(byte).unwrap_or(usize::MAX));
        text.get(from..to).unwrap_or_default().trim_matches('\n').to_owned()
    };
    rows.head = typed(0, reader.position().byte());
    let mut records = reader.records();
    while let Some(record) = records.next() {
        let record = record.map_err(|error| unreadable(&error))?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if rows.good.len() + rows.bad.len() == MOST {
            return Err(refused("The file has more than 500 competitors. Split it."));
        }
        let line = record.position().map_or(0, csv::Position::line);
        match profile(&columns, &record, &mut addresses) {
            Ok(profile) => rows.good.push((line, profile)),
            Err(problem) => {
                let from = record.position().map_or(0, csv::Position::byte);
                let text = typed(from, records.reader().position().byte());
                rows.bad.push(BadRow { line, reason: problem.detail, text });
            }
        }
    }
    if rows.good.is_empty() && rows.bad.is_empty() {
        Err(refused(
            "There are no competitors below the names of the columns. Add a line for each.",
        ))
    } else {
        Ok(rows)
    }
}

/// Returns the separator of the first line.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: char| first.matches(separator).count();
    let separators = [',', ';', '\t'];
    let most = separators.into_iter().rev().max_by_key(|it| count(*it));
    most.map_or(b',', |separator| separator as u8)
}

/// Returns the place of each known column.
fn columns(names: &csv::StringRecord) -> Result<[Option<usize>; 9], Problem> {
    let plain = |name: &str| {
        let words = name.split(|c: char| !c.is_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        words.join("_").to_lowercase()
    };
    let names: Vec<String> = names.iter().map(plain).collect();
    let place = |(name, others): (&str, &[&str])| {
        let is_one = |given: &String| given == name || others.contains(&given.as_str());
        names.iter().position(is_one)
    };
    let columns = COLUMNS.map(place);
    if columns[0].is_some() && columns[1].is_some() {
        Ok(columns)
    } else {
        Err(refused("The first line must name the columns, among them first_name and last_name."))
    }
}

fn profile(
    columns: &[Option<usize>; 9],
    record: &csv::StringRecord,
    addresses: &mut BTreeSet<String>,
) -> Result<Profile, Problem> {
    let cell = |place: usize| {
        let cell = columns[place].and_then(|column| record.get(column));
        cell.unwrap_or_default().to_owned()
    };
    let profile = Profile::read(&ProfileInput {
        first_name: cell(0),
        last_name: cell(1),
        email_school: cell(2),
        email_personal: cell(3),
        is_18_or_over: cell(4),
        grade: cell(5),
        years_competing: cell(6),
        parent_name: cell(7),
        parent_email: cell(8),
    })?;
    let own = [&profile.email_school, &profile.email_personal];
    let own: Vec<String> = own.into_iter().flatten().map(|it| it.to_ascii_lowercase()).collect();
    if own.iter().any(|address| addresses.contains(address)) {
        return Err(refused("An earlier line has the same e-mail address. Remove one of them."));
    }
    addresses.extend(own);
    Ok(profile)
}

fn refused(detail: &str) -> Problem {
    invalid(detail.to_owned()).at("rows")
}

fn unreadable(error: &csv::Error) -> Problem {
    let line = error.position().map_or(1, csv::Position::line);
    refused(&format!("Line {line} is not valid CSV. Export the file again as CSV with UTF-8."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_several_names_and_separators() {
        for text in [
            "first_name,last_name,email\nAda,Quill,ada@school.example\n",
            "\u{feff}Last Name;First Name;E-mail\r\nQuill;Ada;ada@school.example\r\n\r\n",
            "First name\tLAST-NAME\tSchool email\tShoe size\n\"Ada\"\tQuill\tada@school.example\t39",
        ] {
            let rows = read(text).expect(text);
            assert_eq!(rows.bad, [], "{text}");
            let (line, profile) = &rows.good[0];
            assert_eq!((*line, profile.first_name.as_str()), (2, "Ada"), "{text}");
            assert_eq!(profile.email(), Some("ada@school.example"));
        }
    }

    #[test]
    fn each_bad_row_has_its_line_and_a_reason() {
        let text = "first_name,last_name,email,grade\nAda,Quill,ada@school.example,10\nBo,,bo@school.example,9\n\
                    Cy,Reed,ADA@school.example,9\nDee,Sand,,99\n";
        let rows = read(text).expect("read");
        assert_eq!(rows.good.len(), 1);
        let lines: Vec<_> = rows.bad.iter().map(|row| row.line).collect();
        assert_eq!(lines, [3, 4, 5]);
        assert!(rows.bad[1].reason.contains("same e-mail address"));
    }

    #[test]
    fn rows_that_cannot_be_imported_are_kept_as_they_were_typed() {
        let text = "\u{feff}First name;Last name;School email\r\n\r\nAda;Quill;ada@school.example\r\n\
                    \"Bo\nB.\";;bo@school.example\r\nÇem;;";
        let rows = read(text).expect("read");
        assert_eq!(rows.good.len(), 1);
        let left_out = "First name;Last name;School email\n\"Bo\nB.\";;bo@school.example\nÇem;;";
        assert_eq!(rows.left_out(), left_out);
        assert_eq!(read(left_out).expect("read").left_out(), left_out);
    }

    #[test]
    fn each_address_belongs_to_one_line() {
        let names = "first_name,last_name,email_school,email_personal\n";
        for (lines, bad) in [
            (
                "Ada,Quill,ada@school.example,ada@home.example\nBo,Reed,bo@school.example,ADA@home.example\n",
                vec![3],
            ),
            ("Ada,Quill,ada@school.example,\nBo,Reed,,ada@school.example\n", vec![3]),
            ("Ada,Quill,,ada@home.example\nBo,Reed,ada@home.example,bo@home.example\n", vec![3]),
            // The address of a refused line is free.
            (
                "Ada,Quill,ada@school.example,\nBo,Reed,bo@school.example,ada@school.example\nCy,Sand,bo@school.example,\n",
                vec![3],
            ),
            (
                "Ada,Quill,ada@school.example,ada@school.example\nBo,Reed,bo@school.example,\n",
                vec![],
            ),
        ] {
            let rows = read(&format!("{names}{lines}")).expect(lines);
            let found: Vec<_> = rows.bad.iter().map(|row| row.line).collect();
            assert_eq!(found, bad, "{lines}");
        }
    }

    #[test]
    fn files_without_names_or_rows_and_long_files_are_refused() {
        let long = format!("first_name,last_name\n{}", "a,b\n".repeat(MOST + 1));
        for text in ["", "name,email\nAda,a@b.example", "first_name,last_name\n", &long] {
            assert_eq!(read(text).expect_err("refused").field, Some("rows"));
        }
        assert!(read(&"a".repeat(LONGEST + 1)).is_err());
    }
}
