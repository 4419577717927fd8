//! The rubric of an event: criteria with levels, and the points that a judge's levels make.

use std::{cmp::Reverse, collections::BTreeSet};

use kernel::{Checks, Problem, counted, typed};
use serde::{Deserialize, Serialize};

use crate::rules::invalid;

/// The maximum number of criteria.
pub const MOST_CRITERIA: usize = 10;

/// The highest level that a criterion can have.
pub const HIGHEST_LEVEL: i64 = 10;

/// The highest weight of a criterion.
pub const HIGHEST_WEIGHT: i64 = 100;

/// The maximum number of characters of a name, of a question, and of the description of a level.
const LENGTHS: (usize, usize, usize) = (60, 200, 200);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub name: String,
    /// The question that it answers; can be empty.
    pub question: String,
    /// The lowest level.
    pub min: i64,
    /// The highest level.
    pub max: i64,
    /// The weight. Only its part of the sum of all weights matters.
    pub weight: i64,
    /// The descriptions of the levels, from the lowest to the highest; empty for none.
    pub levels: Vec<String>,
}

impl Criterion {
    /// Returns the levels with their descriptions.
    #[must_use]
    pub fn described(&self) -> Vec<(i64, &str)> {
        let texts = self.levels.iter().map(String::as_str);
        (self.min..=self.max).zip(texts.chain(std::iter::repeat(""))).collect()
    }
}

/// Validates criteria.
///
/// # Errors
/// When there are none or too many, two have the same name, or a field of one is not valid.
pub fn criteria(given: &[Criterion]) -> Result<Vec<Criterion>, Problem> {
    if given.is_empty() || given.len() > MOST_CRITERIA {
        let detail = format!("Enter 1 to {MOST_CRITERIA} criteria, not {}.", given.len());
        return Err(invalid("criteria", detail));
    }
    let (mut checks, mut names) = (Checks::default(), BTreeSet::new());
    let mut valid = Vec::with_capacity(given.len());
    for (typed, number) in given.iter().zip(1..) {
        let read = criterion(typed, number).map_err(|detail| invalid("criteria", detail));
        let Some(criterion) = checks.value(read) else {
            continue;
        };
        if !names.insert(criterion.name.to_lowercase()) {
            let detail = format!("Two criteria are named '{}'. Rename one.", criterion.name);
            checks.refuse(invalid("criteria", detail));
        }
        valid.push(criterion);
    }
    checks.finish(valid)
}

/// Reads a criterion; `number` names its row in sentences.
fn criterion(given: &Criterion, number: usize) -> Result<Criterion, String> {
    let (name, question, level) = LENGTHS;
    let name = typed::line(&given.name, &format!("The name of criterion {number}"), name)?;
    let (min, max) = (given.min, given.max);
    if min < 0 || max <= min || max > HIGHEST_LEVEL {
        return Err(format!(
            "The levels of '{name}' must rise, from 0 or more to at most {HIGHEST_LEVEL}. They are {min} to {max}."
        ));
    }
    if !(1..=HIGHEST_WEIGHT).contains(&given.weight) {
        return Err(format!(
            "The weight of '{name}' must be from 1 to {HIGHEST_WEIGHT}, not {}.",
            given.weight
        ));
    }
    let what = format!("The question of '{name}'");
    let question = typed::optional_line(&given.question, &what, question)?;
    let what = format!("A level of '{name}'");
    let levels = given.levels.iter().map(|it| typed::optional_line(it, &what, level));
    let levels: Vec<String> = levels.collect::<Result<_, _>>()?;
    let expected = usize::try_from(max - min + 1).unwrap_or(0);
    if !levels.is_empty() && levels.len() != expected {
        return Err(format!(
            "'{name}' has {expected} levels, but {} descriptions. Describe each level, or leave all out.",
            levels.len()
        ));
    }
    Ok(Criterion { name, question, min, max, weight: given.weight, levels })
}

/// Validates the levels that a judge chose, in the order of the criteria; `None` for a criterion that is not rated yet.
///
/// # Errors
/// When there are more levels than criteria, or a level is outside those of its criterion.
pub fn levels(criteria: &[Criterion], given: &[Option<i64>]) -> Result<Vec<Option<i64>>, Problem> {
    if given.len() > criteria.len() {
        let detail = format!(
            "The rubric has {}, so {} cannot be saved. Reload the page.",
            counted(criteria.len(), "criterion", "criteria"),
            counted(given.len(), "level", "levels")
        );
        return Err(invalid("levels", detail));
    }
    let all = given.iter().copied().chain(std::iter::repeat(None));
    for (criterion, level) in criteria.iter().zip(all.clone()) {
        let (min, max) = (criterion.min, criterion.max);
        if level.is_some_and(|level| !(min..=max).contains(&level)) {
            let detail = format!("Choose a level from {min} to {max} for {}.", criterion.name);
            return Err(invalid("levels", detail));
        }
    }
    Ok(all.take(criteria.len()).collect())
}

/// Refuses levels that leave a criterion out.
///
/// # Errors
/// When a criterion is not rated. The sentence names the first.
pub fn complete(criteria: &[Criterion], levels: &[Option<i64>]) -> Result<(), Problem> {
    let rated = levels.iter().copied().chain(std::iter::repeat(None));
    let missing = criteria.iter().zip(rated).find(|(_, level)| level.is_none());
    let Some((criterion, _)) = missing else {
        return Ok(());
    };
    let detail = format!(
        "{} is not rated. Choose a level from {} to {}, or save a draft.",
        criterion.name, criterion.min, criterion.max
    );
    Err(invalid("levels", detail))
}

/// Returns the points from 0 to 100 that a level adds: its part of the criterion's levels, times the part of the weights.
#[must_use]
pub fn part(criteria: &[Criterion], criterion: &Criterion, level: i64) -> f64 {
    let weights: i64 = criteria.iter().map(|it| it.weight).sum();
    let span = criterion.max - criterion.min;
    if weights <= 0 || span <= 0 {
        return 0.0;
    }
    let level = (level - criterion.min).clamp(0, span);
    100.0 * (criterion.weight * level) as f64 / (weights * span) as f64
}

/// Returns the part of each criterion in the sum of the weights, in whole percent. The parts are cut off to whole numbers, and what is
/// missing to 100 goes to those that lost most, so that they add up.
#[must_use]
pub fn shares(criteria: &[Criterion]) -> Vec<i64> {
    let sum: i64 = criteria.iter().map(|it| it.weight).sum();
    if sum <= 0 {
        return vec![0; criteria.len()];
    }
    let mut shares: Vec<i64> = criteria.iter().map(|it| 100 * it.weight / sum).collect();
    let missing = usize::try_from(100 - shares.iter().sum::<i64>()).unwrap_or(0);
    let mut by_loss: Vec<usize> = (0..criteria.len()).collect();
    by_loss.sort_by_key(|index| Reverse(100 * criteria[*index].weight % sum));
    for index in by_loss.into_iter().take(missing) {
        shares[index] += 1;
    }
    shares
}

/// Returns the points from 0 to 100 that a judge's levels make: the weighted mean of the levels, each scaled to its criterion.
/// `None` until all criteria are rated.
#[must_use]
pub fn points(criteria: &[Criterion], levels: &[Option<i64>]) -> Option<f64> {
    if criteria.is_empty() || levels.len() != criteria.len() {
        return None;
    }
    let rated = criteria.iter().zip(levels);
    let parts = rated.map(|(it, level)| level.map(|level| part(criteria, it, level)));
    let sum = parts.sum::<Option<f64>>()?;
    Some(sum.clamp(0.0, 100.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn harbor() -> Criterion {
        let levels = ["No use", "With help", "After changes", "One harbor", "Any harbor"];
        Criterion {
            name: " Use in a harbor ".to_owned(),
            question: "Would a harbor master use it tomorrow?".to_owned(),
            min: 1,
            max: 5,
            weight: 40,
            levels: levels.map(str::to_owned).to_vec(),
        }
    }

    fn craft() -> Criterion {
        Criterion { name: "Craft".to_owned(), min: 0, max: 10, weight: 60, ..Criterion::default() }
    }

    #[test]
    fn levels_have_their_descriptions() {
        let valid = criteria(&[harbor(), craft()]).expect("valid");
        assert_eq!(valid[0].name, "Use in a harbor");
        assert_eq!(valid[0].described()[4], (5, "Any harbor"));
        assert_eq!(valid[1].described().len(), 11);
    }

    #[test]
    fn a_problem_names_the_criterion() {
        type Change = fn(&mut Criterion);
        let changes: [(Change, &str); 9] = [
            (|it| it.name = " ".to_owned(), "The name of criterion 1"),
            (|it| it.name = "craft".to_owned(), "Two criteria are named 'Craft'"),
            (|it| it.max = 1, "must rise"),
            (|it| it.max = 11, "at most 10"),
            (|it| it.min = -1, "0 or more"),
            (|it| it.weight = 0, "from 1 to 100, not 0"),
            (|it| it.weight = i64::MAX, "from 1 to 100"),
            (|it| it.levels.truncate(4), "5 levels, but 4"),
            (|it| it.levels[0] = "x".repeat(201), "201"),
        ];
        for (change, says) in changes {
            let mut changed = harbor();
            change(&mut changed);
            let problem = criteria(&[changed, craft()]).expect_err(says);
            assert_eq!(problem.field, Some("criteria"));
            assert!(problem.detail.contains(says), "{}", problem.detail);
        }
        assert!(criteria(&[]).is_err());
        assert!(criteria(&vec![harbor(); MOST_CRITERIA + 1]).is_err());
    }

    #[test]
    fn points_are_the_weighted_mean_of_scaled_levels() {
        let both = criteria(&[harbor(), craft()]).expect("valid");
        for (given, expected) in [
            ([Some(1), Some(0)], Some(0.0)),
            ([Some(5), Some(10)], Some(100.0)),
            ([Some(4), Some(5)], Some(60.0)),
            ([Some(4), None], None),
        ] {
            let read = levels(&both, &given).expect("valid");
            assert_eq!(points(&both, &read), expected, "{given:?}");
            assert_eq!(complete(&both, &read).is_ok(), expected.is_some());
        }
        assert_eq!(levels(&both, &[Some(4)]), Ok(vec![Some(4), None]));
        assert_eq!(points(&[], &[]), None);
    }

    #[test]
    fn levels_outside_a_criterion_are_refused() {
        let both = [harbor(), craft()];
        for given in [&[Some(0)][..], &[Some(6)], &[None, Some(11)], &[None; 3]] {
            let problem = levels(&both, given).expect_err("not valid");
            assert_eq!(problem.field, Some("levels"));
        }
        let problem = complete(&both, &[Some(3), None]).expect_err("not rated");
        assert!(problem.detail.starts_with("Craft is not rated"));
    }

    fn weighted(weights: &[i64]) -> Vec<Criterion> {
        let criterion = |weight: &i64| Criterion { weight: *weight, ..Criterion::default() };
        weights.iter().map(criterion).collect()
    }

    #[test]
    fn shares_are_whole_percents_that_add_up() {
        for (weights, expected) in [
            (&[40, 60][..], &[40, 60][..]),
            (&[1, 1, 1], &[34, 33, 33]),
            (&[10, 10, 1], &[48, 47, 5]),
            (&[2, 2, 2, 1], &[29, 29, 28, 14]),
            (&[100, 1], &[99, 1]),
            (&[0], &[0]),
            (&[], &[]),
        ] {
            assert_eq!(shares(&weighted(weights)), expected, "{weights:?}");
        }
    }

    proptest! {
        /// Shares add up to 100, and each is less than one percent from the exact one.
        #[test]
        fn shares_are_close(weights in prop::collection::vec(1_i64..=HIGHEST_WEIGHT, 1..=MOST_CRITERIA)) {
            let (shares, sum) = (shares(&weighted(&weights)), weights.iter().sum::<i64>());
            prop_assert_eq!(shares.iter().sum::<i64>(), 100);
            for (share, weight) in shares.into_iter().zip(weights) {
                prop_assert!((share * sum - 100 * weight).abs() < sum);
            }
        }

        /// Points are from 0 to 100 and rise with each level.
        #[test]
        fn points_rise_with_levels(
            given in prop::collection::vec((0_i64..5, 1_i64..5, 1_i64..=100, 0_i64..9), 1..6),
        ) {
            let (mut rubric, mut chosen) = (Vec::new(), Vec::new());
            for (index, (min, span, weight, level)) in given.into_iter().enumerate() {
                let max = min + span;
                rubric.push(Criterion { name: index.to_string(), min, max, weight, ..Criterion::default() });
                chosen.push(Some(min + level.min(span)));
            }
            let rubric = criteria(&rubric).expect("valid");
            let before = points(&rubric, &chosen).expect("rated");
            prop_assert!((0.0..=100.0).contains(&before));
            for (index, criterion) in rubric.iter().enumerate() {
                let mut higher = chosen.clone();
                higher[index] = higher[index].map(|level| level + 1).filter(|level| *level <= criterion.max);
                if let Some(after) = points(&rubric, &higher) {
                    prop_assert!(after > before);
                }
            }
        }
    }
}
