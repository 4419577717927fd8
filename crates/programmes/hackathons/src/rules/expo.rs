//! The place of a submission at the demos: a table, or the link of a call.

use std::collections::HashSet;

use kernel::{Problem, ProblemKind, typed};

use super::{invalid, submissions::link};

/// The maximum number of characters of a table.
pub const TABLE: usize = 40;

/// Reads a place: a table such as `B12`, a link, or nothing.
///
/// # Errors
/// When it is too long or has more than one line, or is no link of the web.
pub fn place(typed: &str) -> Result<String, Problem> {
    if is_link(typed) {
        link("place", typed)
    } else {
        typed::optional_line(typed, "The table", TABLE).map_err(|detail| invalid("place", detail))
    }
}

/// Returns whether a place is a link.
#[must_use]
pub fn is_link(place: &str) -> bool {
    place.contains("://")
}

/// Refuses a table or a link for a submission that was withdrawn.
///
/// # Errors
/// When it was.
pub fn has_demo(place: &str, is_withdrawn: bool) -> Result<(), Problem> {
    if is_withdrawn && !place.is_empty() {
        let detail = "The team withdrew this submission, so it has no demo.";
        Err(Problem::new(ProblemKind::Conflict, "SUBMISSION_NOT_JUDGED", detail))
    } else {
        Ok(())
    }
}

/// Refuses a table that another submission has. Several can have the same link.
///
/// # Errors
/// When it is taken.
pub fn is_free(place: &str, taken: &[(String, String)]) -> Result<(), Problem> {
    let is_same = |(table, _): &&(String, String)| key(table) == key(place);
    if place.is_empty() || is_link(place) {
        return Ok(());
    }
    match taken.iter().find(is_same) {
        None => Ok(()),
        Some((table, title)) => {
            let detail = format!("{title} has {}. Choose another one.", shown(table));
            Err(Problem::new(ProblemKind::Conflict, "TABLE_TAKEN", detail).at("place"))
        }
    }
}

/// Returns a table without what people write differently: case, spaces, the word "table" and zeros before a number.
fn key(table: &str) -> String {
    let lower = table.to_lowercase();
    let mut words: Vec<&str> = lower.split_whitespace().collect();
    if let Some(first) = words.first_mut() {
        let rest = first.strip_prefix("table").unwrap_or(first);
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            *first = rest;
        } else if rest.is_empty() && words.len() > 1 {
            words.remove(0);
        }
    }
    let bare = |word: &str| match word.trim_start_matches('0') {
        "" => "0".to_owned(),
        rest if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.to_owned(),
        _ => word.to_owned(),
    };
    let words: Vec<String> = words.into_iter().map(bare).collect();
    words.join(" ")
}

/// Returns a table as it is shown: a number, also with a character before it as in `B12`, follows the word "Table".
#[must_use]
pub fn shown(table: &str) -> String {
    let number = table.strip_prefix(|c: char| c.is_ascii_alphabetic());
    let number = number.unwrap_or(table);
    let number = number.strip_prefix('-').unwrap_or(number);
    if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) {
        format!("Table {table}")
    } else {
        table.to_owned()
    }
}

/// Returns a number for each of some submissions without a place: the lowest ones from 1 that no table has.
#[must_use]
pub fn numbered<T: Copy>(without: &[T], taken: &[String]) -> Vec<(T, String)> {
    let taken: HashSet<String> = taken.iter().map(|table| key(table)).collect();
    let numbers = (1_u32..).map(|number| number.to_string());
    let mut free = numbers.filter(|number| !taken.contains(number));
    let placed = without.iter().map_while(|it| Some((*it, free.next()?)));
    placed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_table_or_a_link() {
        for (typed, expected) in [
            ("", ""),
            (" B12 ", "B12"),
            ("Hall 2, table 7", "Hall 2, table 7"),
            ("https://meet.example/low-tide", "https://meet.example/low-tide"),
        ] {
            assert_eq!(place(typed), Ok(expected.to_owned()));
        }
        for refused in [
            "x".repeat(TABLE + 1),
            "B\n12".to_owned(),
            "javascript://x".to_owned(),
            format!("https://meet.example/{}", "x".repeat(2_000)),
        ] {
            let problem = place(&refused).expect_err("refused");
            assert_eq!(problem.field, Some("place"), "{refused}");
        }
    }

    #[test]
    fn a_withdrawn_submission_has_no_table() {
        for (place, is_withdrawn, is_allowed) in
            [("7", false, true), ("", true, true), ("7", true, false)]
        {
            assert_eq!(has_demo(place, is_withdrawn).is_ok(), is_allowed, "{place}");
        }
    }

    #[test]
    fn a_table_is_for_one() {
        let taken = [("b12".to_owned(), "Gannet".to_owned())];
        for free in ["", "B13", "https://meet.example/b12"] {
            assert_eq!(is_free(free, &taken), Ok(()));
        }
        let problem = is_free("B12", &taken).expect_err("taken");
        assert_eq!(problem.code, "TABLE_TAKEN");
        assert!(problem.detail.starts_with("Gannet has Table b12."));
    }

    #[test]
    fn a_table_is_one_however_it_is_written() {
        let taken = [("Table 7".to_owned(), "Gannet".to_owned())];
        for (place, is_taken) in [
            ("7", true),
            ("table  07", true),
            ("Table7", true),
            ("tables 7", false),
            ("TABLE 7", true),
            ("70", false),
            ("Table 8", false),
            ("0", false),
            ("table", false),
        ] {
            assert_eq!(is_free(place, &taken).is_err(), is_taken, "{place}");
        }
        let taken = [("Hall 2, table 7".to_owned(), "Gannet".to_owned())];
        assert!(is_free("hall 02,  Table 7", &taken).is_err());
    }

    #[test]
    fn tables_are_shown_as_people_write_them() {
        for (table, expected) in [
            ("7", "Table 7"),
            ("B12", "Table B12"),
            ("C-3", "Table C-3"),
            ("Hall-2", "Hall-2"),
            ("Table7", "Table7"),
            ("Table 7", "Table 7"),
            ("Hall 2, table 7", "Hall 2, table 7"),
            ("Reception", "Reception"),
        ] {
            assert_eq!(shown(table), expected);
        }
    }

    #[test]
    fn numbers_leave_out_taken_tables() {
        let taken = ["Table 02", "B3"].map(str::to_owned);
        let placed = numbered(&['a', 'b', 'c'], &taken);
        let expected = [('a', "1"), ('b', "3"), ('c', "4")];
        assert_eq!(placed, expected.map(|(it, number)| (it, number.to_owned())));
        assert!(numbered::<u8>(&[], &taken).is_empty());
    }
}
