//! The place of a project in a judge's order, which the judge finds by comparing two projects at a time.
//!
//! Binary insertion (Knuth, "The Art of Computer Programming", volume 3, section 6.2.1) asks at most ⌈log₂(n + 1)⌉ questions for
//! an order of n projects.

/// A judge's answer when they compared the new project with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The new project is better.
    Better,
    /// The other one is better.
    Worse,
    /// They cannot decide between the two.
    Undecided,
}

impl Answer {
    /// Returns the stored text, which the API uses as well.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Undecided => "undecided",
        }
    }

    /// Returns the answer with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let all = [Self::Better, Self::Worse, Self::Undecided];
        all.into_iter().find(|answer| answer.as_str() == text)
    }
}

/// The next step of an insertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<P> {
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
pub fn next_step<P: Copy + PartialEq>(order: &[P], answers: &[(P, Answer)]) -> Step<P> {
    let (low, high) = bounds(order, answers);
    let middle = low + (high - low) / 2;
    let is_undecided = |project: &P| {
        let undecided =
            |(other, answer): &(P, Answer)| other == project && *answer == Answer::Undecided;
        answers.iter().any(undecided)
    };
    let left = (low..high).filter(|place| !is_undecided(&order[*place]));
    match left.min_by_key(|place| (place.abs_diff(middle), *place)) {
        Some(place) => Step::Ask(order[place]),
        None => Step::Place(middle),
    }
}

/// Returns the first and the last place that the answers allow.
fn bounds<P: PartialEq>(order: &[P], answers: &[(P, Answer)]) -> (usize, usize) {
    let (mut low, mut high) = (0, order.len());
    for (other, answer) in answers {
        let place = order.iter().position(|project| project == other);
        let Some(place) = place.filter(|place| (low..high).contains(place)) else {
            continue;
        };
        match answer {
            Answer::Better => high = place,
            Answer::Worse => low = place + 1,
            Answer::Undecided => {}
        }
    }
    (low, high)
}

/// Returns the greatest number of questions about a project that is inserted into an order of a length.
#[must_use]
pub fn most_questions(length: usize) -> u32 {
    (length + 1).next_power_of_two().ilog2()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Inserts a project, with answers by a judge; returns its place and the number of questions.
    fn insert(order: &[u32], mut judge: impl FnMut(u32) -> Answer) -> (usize, u32) {
        let mut answers = Vec::new();
        loop {
            match next_step(order, &answers) {
                Step::Ask(other) => answers.push((other, judge(other))),
                Step::Place(place) => return (place, u32::try_from(answers.len()).expect("few")),
            }
        }
    }

    #[test]
    fn the_first_project_needs_no_question() {
        assert_eq!(next_step::<u8>(&[], &[]), Step::Place(0));
        assert_eq!(next_step(&[5], &[]), Step::Ask(5));
        assert_eq!(next_step(&[5], &[(5, Answer::Better)]), Step::Place(0));
        assert_eq!(next_step(&[5], &[(5, Answer::Worse)]), Step::Place(1));
        for (length, most) in [(0, 0), (1, 1), (2, 2), (3, 2), (7, 3), (8, 4), (19, 5)] {
            assert_eq!(most_questions(length), most, "{length}");
        }
    }

    #[test]
    fn an_undecided_pair_is_replaced_by_the_nearest() {
        let order = [1, 2, 3];
        let mut answers = vec![(2, Answer::Undecided)];
        assert_eq!(next_step(&order, &answers), Step::Ask(1));
        answers.push((1, Answer::Undecided));
        assert_eq!(next_step(&order, &answers), Step::Ask(3));
        answers.push((3, Answer::Undecided));
        assert_eq!(next_step(&order, &answers), Step::Place(1));
    }

    #[test]
    fn answers_about_removed_projects_and_contradictions_are_ignored() {
        let answers = [(9, Answer::Worse), (2, Answer::Better), (3, Answer::Worse)];
        assert_eq!(next_step(&[1, 2, 3], &answers), Step::Ask(1));
    }

    proptest! {
        /// Each project gets its place in the order, with the promised number of questions.
        #[test]
        fn places_are_exact(length in 0_u32..60, new in 0_u32..60) {
            let order: Vec<u32> = (0..length).map(|it| 2 * it + 1).collect();
            let value = 2 * new.min(length);
            let compare = |other| if value < other { Answer::Better } else { Answer::Worse };
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
                    Some(0) => Answer::Better,
                    Some(1) => Answer::Worse,
                    _ => Answer::Undecided,
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
