//! Results of an event whose judges score a rubric: raw and per-judge normalized points side by side.
//!
//! The normalized points subtract the strictness of judges. It is estimated together with the quality of the projects by the
//! additive model `points = mean + judge + project + noise` with shrunken effects (best linear unbiased prediction: Henderson,
//! "Best Linear Unbiased Estimation and Prediction under a Selection Model", Biometrics 31, 1975; used for reviewers by Ge,
//! Welling and Ghahramani, "A Bayesian Model for Calibrating Conference Review Scores", 2013). A strict judge can be
//! distinguished from a judge of weak projects, because other judges scored these too, and a judge with few looks is hardly
//! corrected.

use std::collections::BTreeMap;

/// The assumed ratio of the variance of noise to that of judges, and to that of projects. A judge's effect is divided by one look
/// more than they took, so that one look alone corrects only half of its difference.
const SHRINKAGE: f64 = 1.0;

/// The number of looks with the spread of all judges that are added to those of a judge before their spread is measured.
const SPREAD_LOOKS: f64 = 5.0;

/// The change at which estimates are final, in points.
const PRECISION: f64 = 1e-10;

/// The maximum number of passes over all looks. Each pass lowers a strictly convex sum of squares, so that estimates that are
/// not final by then are close.
const MOST_PASSES: usize = 10_000;

/// A look of a judge at a project, with the points from 0 to 100 that they gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JudgedLook<J, P> {
    pub judge: J,
    pub project: P,
    /// The points that they gave.
    pub points: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProjectScore<P> {
    pub project: P,
    pub looks: usize,
    /// The mean of the points as they were given.
    pub raw: f64,
    /// The mean of the normalized points. It can lie a little outside 0 to 100.
    pub normalized: f64,
    /// The trimmed mean of the normalized points.
    pub trimmed: f64,
}

/// Says how a judge differs from the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JudgeEffect<J> {
    pub judge: J,
    pub looks: usize,
    /// The points that they give more than the others for the same projects; negative for a strict judge.
    pub lenience: f64,
    /// The spread of their points as a part of that of all judges; 1 is equal.
    pub spread: f64,
}

/// The results of all projects with a look, and the effects of all judges with one, both in the order of their keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores<J, P> {
    /// The results of projects.
    pub projects: Vec<ProjectScore<P>>,
    pub judges: Vec<JudgeEffect<J>>,
}

/// Computes the results of looks. The order of the looks does not matter; of two looks of one judge at one project, both count.
#[must_use]
pub fn scores<J: Copy + Ord, P: Copy + Ord>(looks: &[JudgedLook<J, P>]) -> Scores<J, P> {
    let mut looks = looks.to_vec();
    looks.sort_by(|a, b| {
        let keys = (a.judge, a.project).cmp(&(b.judge, b.project));
        keys.then(a.points.total_cmp(&b.points))
    });
    let judges = numbered(looks.iter().map(|look| look.judge));
    let projects = numbered(looks.iter().map(|look| look.project));
    let indexed: Vec<IndexedLook> = looks
        .iter()
        .map(|look| IndexedLook {
            judge: judges[&look.judge],
            project: projects[&look.project],
            points: look.points,
        })
        .collect();
    let level = mean(indexed.iter().map(|look| look.points));
    let effects = effects(&indexed, level, judges.len(), projects.len());
    let spreads = spreads(&indexed, level, &effects.judges);
    let mut raw = vec![Vec::new(); projects.len()];
    let mut normalized = vec![Vec::new(); projects.len()];
    for look in &indexed {
        let residual = look.points - level - effects.judges[look.judge];
        raw[look.project].push(look.points);
        normalized[look.project].push(level + residual / spreads[look.judge]);
    }
    Scores {
        projects: (projects.into_keys().zip(raw).zip(normalized))
            .map(|((project, raw), normalized)| ProjectScore {
                project,
                looks: raw.len(),
                raw: mean(raw.iter().copied()),
                normalized: mean(normalized.iter().copied()),
                trimmed: trimmed_mean(&normalized),
            })
            .collect(),
        judges: (judges.into_iter())
            .map(|(judge, index)| JudgeEffect {
                judge,
                looks: indexed.iter().filter(|look| look.judge == index).count(),
                lenience: effects.judges[index],
                spread: spreads[index],
            })
            .collect(),
    }
}

/// A look with the numbers of its judge and its project.
struct IndexedLook {
    judge: usize,
    project: usize,
    points: f64,
}

/// The estimated effects of judges and projects.
struct Effects {
    judges: Vec<f64>,
    projects: Vec<f64>,
}

fn numbered<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let keys: BTreeMap<K, usize> = keys.map(|key| (key, 0)).collect();
    keys.into_keys().zip(0..).collect()
}

/// Estimates the effects by the mixed model equations, solved one unknown at a time (Gauss–Seidel).
fn effects(looks: &[IndexedLook], level: f64, judges: usize, projects: usize) -> Effects {
    let mut effects = Effects { judges: vec![0.0; judges], projects: vec![0.0; projects] };
    for _ in 0..MOST_PASSES {
        let judges = shrunken(looks, judges, |look| {
            (look.judge, look.points - level - effects.projects[look.project])
        });
        let moved = distance(&judges, &effects.judges);
        effects.judges = judges;
        let projects = shrunken(looks, projects, |look| {
            (look.project, look.points - level - effects.judges[look.judge])
        });
        let moved = moved.max(distance(&projects, &effects.projects));
        effects.projects = projects;
        if moved < PRECISION {
            break;
        }
    }
    effects
}

/// Returns the shrunken mean of the residuals of each group.
fn shrunken(
    looks: &[IndexedLook],
    groups: usize,
    residual: impl Fn(&IndexedLook) -> (usize, f64),
) -> Vec<f64> {
    let mut sums = vec![(0.0, SHRINKAGE); groups];
    for look in looks {
        let (group, value) = residual(look);
        sums[group].0 += value;
        sums[group].1 += 1.0;
    }
    sums.into_iter().map(|(sum, count)| sum / count).collect()
}

/// Returns the spread of each judge's points around their level as a part of that of all judges, shrunken towards 1.
fn spreads(looks: &[IndexedLook], level: f64, judges: &[f64]) -> Vec<f64> {
    let square = |look: &IndexedLook| (look.points - level - judges[look.judge]).powi(2);
    let common = mean(looks.iter().map(square));
    let mut sums = vec![(SPREAD_LOOKS * common, SPREAD_LOOKS); judges.len()];
    for look in looks {
        sums[look.judge].0 += square(look);
        sums[look.judge].1 += 1.0;
    }
    let ratio =
        |(sum, count): (f64, f64)| if common > 0.0 { (sum / count / common).sqrt() } else { 1.0 };
    sums.into_iter().map(ratio).collect()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    (a.iter().zip(b)).fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()))
}

/// Returns the mean of values; 0 without any.
#[must_use]
pub fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    match values.len() {
        0 => 0.0,
        count => values.sum::<f64>() / count as f64,
    }
}

/// Returns the mean without the lowest and the highest fifth of the values, rounded up; of one or two values, it is their mean
/// (Tukey, "The Future of Data Analysis", Annals of Mathematical Statistics 33, 1962).
#[must_use]
pub fn trimmed_mean(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let cut = match sorted.len() {
        0..=2 => 0,
        count => count.div_ceil(5),
    };
    mean(sorted[cut..sorted.len() - cut].iter().copied())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn look(judge: u8, project: u8, points: f64) -> JudgedLook<u8, u8> {
        JudgedLook { judge, project, points }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn no_look_one_look_and_equal_points_have_results() {
        assert!(scores::<u8, u8>(&[]).projects.is_empty());
        let one = scores(&[look(1, 1, 80.0)]);
        let score = one.projects[0];
        let all = [score.raw, score.normalized, score.trimmed];
        assert_eq!((score.looks, all), (1, [80.0; 3]));
        assert_eq!((one.judges[0].lenience, one.judges[0].spread), (0.0, 1.0));
        let looks: Vec<_> = (0..12).map(|it| look(it % 3, it / 3, 55.0)).collect();
        for score in scores(&looks).projects {
            let all = [score.raw, score.normalized, score.trimmed];
            assert_eq!((score.looks, all), (3, [55.0; 3]));
        }
    }

    #[test]
    fn a_strict_judge_does_not_lower_the_projects_that_they_saw() {
        // All see projects 1 to 4; only the strict judge 3 sees project 5, which they prefer to all others.
        let quality = [30.0, 40.0, 50.0, 60.0];
        let mut looks = Vec::new();
        for (project, points) in (1..).zip(quality) {
            looks.extend([look(1, project, points), look(2, project, points)]);
            looks.push(look(3, project, points - 25.0));
        }
        looks.push(look(3, 5, 45.0));
        let result = scores(&looks);
        let [.., fourth, fifth] = result.projects[..] else {
            panic!("five projects");
        };
        assert!(fifth.raw < fourth.raw, "{result:?}");
        assert!(fifth.normalized > fourth.normalized, "{result:?}");
        let lenience: Vec<f64> = result.judges.iter().map(|it| it.lenience).collect();
        assert!(lenience[2] < -10.0 && lenience[0] > 0.0, "{lenience:?}");
    }

    #[test]
    fn a_judge_with_one_look_is_hardly_corrected() {
        let mut looks: Vec<_> = (0..20).map(|it| look(it % 2, it / 2, 60.0)).collect();
        let lenience = |looks: &[JudgedLook<u8, u8>]| {
            let judges = scores(looks).judges;
            judges.last().expect("a judge").lenience
        };
        looks.push(look(9, 0, 0.0));
        let once = lenience(&looks);
        looks.extend((1..9).map(|project| look(9, project, 0.0)));
        let often = lenience(&looks);
        assert!(once > -30.0 && often < -35.0, "{once} {often}");
    }

    #[test]
    fn judges_with_another_spread_are_put_on_one_scale() {
        let mut looks = Vec::new();
        for project in 0..10_u8 {
            let quality = 10.0 * (f64::from(project) - 4.5);
            looks.push(look(1, project, 50.0 + quality));
            looks.push(look(2, project, 50.0 + quality / 4.0));
        }
        let judges = scores(&looks).judges;
        assert!(judges[0].spread > 1.1 && judges[1].spread < 0.9, "{judges:?}");
    }

    #[test]
    fn the_trimmed_mean_leaves_out_the_lowest_and_the_highest_fifth() {
        for (values, expected) in [
            (&[][..], 0.0),
            (&[4.0], 4.0),
            (&[4.0, 8.0], 6.0),
            (&[0.0, 70.0, 100.0], 70.0),
            (&[100.0, 0.0, 40.0, 60.0, 50.0], 50.0),
            (&[0.0, 0.0, 30.0, 60.0, 90.0, 90.0], 45.0),
        ] {
            assert!(close(trimmed_mean(values), expected), "{values:?}");
        }
    }

    proptest! {
        /// Results are numbers, and the same for looks in another order and for keys of other judges.
        #[test]
        fn results_are_finite_and_do_not_depend_on_the_order(
            given in prop::collection::vec((0_u8..6, 0_u8..8, 0_u8..=100), 0..60),
        ) {
            let looks: Vec<_> = given.iter().map(|(j, p, s)| look(*j, *p, f64::from(*s))).collect();
            let result = scores(&looks);
            for score in &result.projects {
                prop_assert!(score.raw.is_finite() && score.normalized.is_finite() && score.trimmed.is_finite());
                prop_assert!((0.0..=100.0).contains(&score.raw));
            }
            for judge in &result.judges {
                prop_assert!(judge.lenience.is_finite() && judge.spread > 0.0 && judge.lenience.abs() <= 100.0);
            }
            let reversed: Vec<_> = looks.iter().rev().copied().collect();
            prop_assert_eq!(&scores(&reversed), &result);
            let renamed: Vec<_> = looks.iter().map(|it| JudgedLook { judge: 9 - it.judge, ..*it }).collect();
            for (a, b) in scores(&renamed).projects.iter().zip(&result.projects) {
                prop_assert!(close(a.normalized, b.normalized), "{a:?} {b:?}");
            }
        }

        /// More points for a project never lower its raw mean below that of before, and points that all get alike move all alike.
        #[test]
        fn points_that_all_get_move_all(
            given in prop::collection::vec((0_u8..5, 0_u8..6, 0_u8..=50), 1..40),
        ) {
            let looks: Vec<_> = given.iter().map(|(j, p, s)| look(*j, *p, f64::from(*s))).collect();
            let higher: Vec<_> = looks.iter().map(|it| JudgedLook { points: it.points + 30.0, ..*it }).collect();
            for (a, b) in scores(&higher).projects.iter().zip(&scores(&looks).projects) {
                prop_assert!(close(a.raw - b.raw, 30.0) && close(a.normalized - b.normalized, 30.0), "{a:?} {b:?}");
            }
        }
    }
}
