//! The words of the list of work.

use platform::work::Due;

/// Returns the heading of the list of work: how much is late, if it is more than the most urgent task, else what waits in that
/// one. Of each late task, it reads the names of its kind, for one and for several.
#[must_use]
pub fn heading(late: &[(&str, &str)], waits: &str) -> String {
    let [first, others @ ..] = late else {
        return waits.to_owned();
    };
    if others.is_empty() {
        return waits.to_owned();
    }
    // Only a regular plural can be counted: "7 reviews", but not "7 judging".
    let (one, several) = first;
    let is_counted = others.iter().all(|names| names == first) && *several == format!("{one}s");
    let things = if is_counted { several.to_lowercase() } else { "things".to_owned() };
    format!("{} {things} are late", late.len())
}

/// Returns the sentences below the heading of the list of work: how much waits, how much of it no one has yet, and whether it is
/// late unless the heading says so.
#[must_use]
pub fn lede(late: usize, all: usize, free: usize) -> String {
    let waits = match all {
        many if free > 0 && free < many => {
            let is_late = if late == 0 { " Nothing is late." } else { "" };
            let (own, free) = (are(many - free), are(free));
            return format!("{own} yours, {free} unassigned.{is_late} Most urgent first.");
        }
        0 => return "Requests from your projects, events and teams appear here.".to_owned(),
        1 => "One thing needs you.".to_owned(),
        many if late == many => "Nothing else needs you.".to_owned(),
        many => format!("{many} things need you."),
    };
    let late = match (late, all) {
        (0, _) => "Nothing is late. Most urgent first.",
        (1, 1) => "It is late.",
        (1, _) => "One is late, the others are on time.",
        _ => "Most urgent first.",
    };
    format!("{waits} {late}")
}

fn are(number: usize) -> String {
    format!("{number} {}", if number == 1 { "is" } else { "are" })
}

/// The most tasks with time left that are shown below more urgent ones without being folded.
const FEW: usize = 8;

/// Returns whether a part is folded: many tasks that have time, below more urgent ones.
#[must_use]
pub fn is_folded(due: Due, before: usize, rows: usize) -> bool {
    before > 0 && rows > FEW && matches!(due, Due::Later | Due::Open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_counts_what_is_late() {
        let (review, flag) = (("Review", "Reviews"), ("Flag", "Flags"));
        let judging = ("Judging", "Judging");
        for (late, words) in [
            (&[][..], "A pull request waits for your review"),
            (&[review], "A pull request waits for your review"),
            (&[review; 7], "7 reviews are late"),
            (&[review, flag], "2 things are late"),
            (&[judging; 3], "3 things are late"),
        ] {
            assert_eq!(heading(late, "A pull request waits for your review"), words);
        }
    }

    #[test]
    fn the_sentence_says_how_much_is_late() {
        for (late, all, free, words) in [
            (7, 41, 36, "5 are yours, 36 are unassigned. Most urgent first."),
            (0, 2, 1, "1 is yours, 1 is unassigned. Nothing is late. Most urgent first."),
            (0, 1, 0, "One thing needs you. Nothing is late. Most urgent first."),
            (1, 1, 0, "One thing needs you. It is late."),
            (1, 5, 0, "5 things need you. One is late, the others are on time."),
            (5, 5, 0, "Nothing else needs you. Most urgent first."),
            (8, 46, 0, "46 things need you. Most urgent first."),
        ] {
            assert_eq!(lede(late, all, free), words);
        }
    }

    #[test]
    fn only_many_tasks_below_more_urgent_ones_are_folded() {
        for (due, before, rows, folded) in [
            (Due::Later, 1, 9, true),
            (Due::Open, 2, 25, true),
            (Due::Later, 1, 8, false),
            (Due::Later, 0, 25, false),
            (Due::Week, 1, 25, false),
        ] {
            assert_eq!(is_folded(due, before, rows), folded, "{due:?} {before} {rows}");
        }
    }
}
