//! The merges of a person in words.

use kernel::counted;

/// Counts the merges, and names the project with the most of them, and a second one if there are no others.
#[must_use]
pub fn merged_in(projects: &[(&str, i64)]) -> String {
    let merged: i64 = projects.iter().map(|(_, merged)| merged).sum();
    match projects {
        [] => String::new(),
        [(only, _)] => format!("{merged} merged in {only}"),
        [(most, _), (other, _)] => format!("{merged} merged in {most} and {other}"),
        [(most, _), others @ ..] => {
            let others = counted(others.len(), "other", "others");
            format!("{merged} merged in {most} and {others}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_counts_all_merges_and_names_at_most_two_projects() {
        for (projects, words) in [
            (&[][..], ""),
            (&[("Lantern", 6)], "6 merged in Lantern"),
            (&[("Lantern", 8), ("Quill", 1)], "9 merged in Lantern and Quill"),
            (&[("Lantern", 21), ("Quill", 1), ("Ferry", 2)], "24 merged in Lantern and 2 others"),
        ] {
            assert_eq!(merged_in(projects), words);
        }
    }
}
