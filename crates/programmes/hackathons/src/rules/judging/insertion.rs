//! The place of a project in a judge's order, which the judge finds by comparing two projects at a time.
//!
//! Binary insertion (Knuth, "The Art of Computer Programming", volume 3, section 6.2.1) asks at most ⌈log₂(n + 1)⌉ questions for
//! an order of n projects.

platform::codes! {
    /// A judge's answer when they compared the new project with another one.
    PairAnswer {
        /// The new project is better.
        Better = "better";
        /// The other one is better.
        Worse = "worse";
        /// They cannot decide between the two.
        Undecided = "undecided";
    }
}

/// The next step of an insertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertionStep<P> {
    /// Ask which of the two is better: the new project or this one.
    Ask(P),
    /// Put the new project at this place; 0 is the first.
    Place(usize),
}

/// Returns the next step of inserting a project into an order, which begins with the best one, after these answers about others.
///
/// Answers about projects that are no longer in the order are ignored, and so is one that contradicts earlier ones. A pair
/// between which the judge cannot decide is not counted: they are asked about the nearest project that is left. If no other is
/// left, the place is the middle of those that are possible.
#[must_use]
pub fn next_step<P: Copy + PartialEq>(
    order: &[P],
    answers: &[(P, PairAnswer)],
) -> InsertionStep<P> {
    let (low, high) = bounds(order, answers);
    let middle = low + (high - low) / 2;
    let is_undecided = |project: &P| {
        let undecided = |(other, answer): &(P, PairAnswer)| {
            other == project && *answer == PairAnswer::Undecided
        };
        answers.iter().any(undecided)
    };
    let left = (low..high).filter(|place| !is_undecided(&order[*place]));
    match left.min_by_key(|place| (place.abs_diff(middle), *place)) {
        Some(place) => InsertionStep::Ask(order[place]),
        None => InsertionStep::Place(middle),
    }
}

/// Returns the first and the last place that the answers allow.
fn bounds<P: PartialEq>(order: &[P], answers: &[(P, PairAnswer)]) -> (usize, usize) {
    let (mut low, mut high) = (0, order.len());
    for (other, answer) in answers {
        let place = order.iter().position(|project| project == other);
        let Some(place) = place.filter(|place| (low..high).contains(place)) else {
            continue;
        };
        match answer {
            PairAnswer::Better => high = place,
            PairAnswer::Worse => low = place + 1,
            PairAnswer::Undecided => {}
        }
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns the greatest number of questions about a project that is inserted into an order of a length.
    fn most_questions(length: usize) -> u32 {
        (length + 1).next_power_of_two().ilog2()
    }

    /// Inserts a project, with answers by a judge; returns its place and the number of questions.
    fn insert(order: &[u32], mut judge: impl FnMut(u32) -> PairAnswer) -> (usize, u32) {
        let mut answers = Vec::new();
        loop {
            match next_step(order, &answers) {
                InsertionStep::Ask(other) => answers.push((other, judge(other))),
                InsertionStep::Place(place) => {
                    return (place, u32::try_from(answers.len()).expect("few"));
                }
            }
        }
    }

    #[test]
    fn the_first_project_needs_no_question() {
        assert_eq!(next_step::<u8>(&[], &[]), InsertionStep::Place(0));
        assert_eq!(next_step(&[5], &[]), InsertionStep::Ask(5));
        assert_eq!(next_step(&[5], &[(5, PairAnswer::Better)]), InsertionStep::Place(0));
        assert_eq!(next_step(&[5], &[(5, PairAnswer::Worse)]), InsertionStep::Place(1));
        for (length, most) in [(0, 0), (1, 1), (2, 2), (3, 2), (7, 3), (8, 4), (19, 5)] {
            assert_eq!(most_questions(length), most, "{length}");
        }
    }

    #[test]
    fn an_undecided_pair_is_replaced_by_the_nearest() {
        let order = [1, 2, 3];
        let mut answers = vec![(2, PairAnswer::Undecided)];
        assert_eq!(next_step(&order, &answers), InsertionStep::Ask(1));
        answers.push((1, PairAnswer::Undecided));
        assert_eq!(next_step(&order, &answers), InsertionStep::Ask(3));
        answers.push((3, PairAnswer::Undecided));
        assert_eq!(next_step(&order, &answers), InsertionStep::Place(1));
    }

    #[test]
    fn answers_about_removed_projects_and_contradictions_are_ignored() {
        let answers = [(9, PairAnswer::Worse), (2, PairAnswer::Better), (3, PairAnswer::Worse)];
        assert_eq!(next_step(&[1, 2, 3], &answers), InsertionStep::Ask(1));
    }

    proptest! {
        /// Each project gets its place in the order, with the promised number of questions.
        #[test]
        fn places_are_exact(length in 0_u32..60, new in 0_u32..60) {
            let order: Vec<u32> = (0..length).map(|it| 2 * it + 1).collect();
            let value = 2 * new.min(length);
            let compare = |other| if value < other { PairAnswer::Better } else { PairAnswer::Worse };
            let (place, questions) = insert(&order, compare);
            prop_assert_eq!(place, order.iter().filter(|it| **it < value).count());
            prop_assert!(questions <= most_questions(order.len()));
        }

        /// An insertion ends whatever the judge answers, and asks about each project at most once.
        #[test]
        fn insertions_end(length in 0_u32..20, answers in prop::collection::vec(0_u8..3, 20)) {
            let order: Vec<u32> = (0..length).collect();
            let mut asked = Vec::new();
            let mut given = answers.into_iter();
            let (place, _) = insert(&order, |other| {
                asked.push(other);
                match given.next() {
                    Some(0) => PairAnswer::Better,
                    Some(1) => PairAnswer::Worse,
                    _ => PairAnswer::Undecided,
                }
            });
            prop_assert!(place <= order.len());
            let count = asked.len();
            asked.sort_unstable();
            asked.dedup();
            prop_assert_eq!(asked.len(), count);
        }
    }
}
