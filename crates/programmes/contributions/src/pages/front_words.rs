//! The words about seasons and maintainers on the visitors' page.

use ui::format::Number;

/// Says how far the people of a season are: how many reached its goal, and what they merged; without a goal, how many they are.
pub(super) fn together(
    goal: i64,
    [people, reached, merged]: [i64; 3],
) -> (Option<(i64, i64, &'static str)>, String) {
    let merged = Number(merged).of("pull request merged", "pull requests merged");
    match (people, goal) {
        (..=0, _) => (None, String::new()),
        (_, ..=0) => (None, Number(people).of("person is in", "people are in")),
        (1, _) => (Some((reached, 1, "person reached the goal")), merged),
        _ => (Some((reached, people, "people reached the goal")), merged),
    }
}

/// Returns whether one person won, by the first ranks of a season.
pub(super) fn has_one_winner(ranks: &[i64]) -> bool {
    ranks.iter().filter(|rank| **rank == 1).count() == 1
}

/// Says what a maintainer does in a project, in words that follow the name.
pub(super) fn part_of_maintainer(project: &str, has_reviewed: bool) -> String {
    let does = if has_reviewed { "reviews in" } else { "maintains" };
    format!("{does} {project}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_first_place_has_no_one_winner() {
        for (ranks, expected) in [(&[1, 2][..], true), (&[1], true), (&[1, 1], false), (&[], false)]
        {
            assert_eq!(has_one_winner(ranks), expected, "{ranks:?}");
        }
    }

    #[test]
    fn only_maintainers_who_reviewed_are_said_to_review() {
        assert_eq!(part_of_maintainer("Lantern", true), "reviews in Lantern");
        assert_eq!(part_of_maintainer("Lantern", false), "maintains Lantern");
    }

    #[test]
    fn a_season_says_how_far_its_people_are() {
        let goal = "people reached the goal";
        for (wanted, numbers, progress, aside) in [
            (4, [0, 0, 0], None, ""),
            (0, [1_200, 0, 3], None, "1,200 people are in"),
            (4, [15, 3, 41], Some((3, 15, goal)), "41 pull requests merged"),
            (1, [1, 1, 1], Some((1, 1, "person reached the goal")), "1 pull request merged"),
        ] {
            assert_eq!(together(wanted, numbers), (progress, aside.to_owned()));
        }
    }
}
