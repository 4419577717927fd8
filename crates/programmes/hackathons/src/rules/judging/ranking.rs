//! Results of an event whose judges rank the projects that they have seen.
//!
//! The orders are aggregated by the Plackett–Luce model, which is the Bradley–Terry model for whole orders: the first project of
//! an order is chosen among all with a chance in proportion to its strength, the second among the rest, and so on. The most
//! likely strengths are found by minorization–maximization (Hunter, "MM Algorithms for Generalized Bradley–Terry Models", Annals
//! of Statistics 32, 2004), with a gamma prior that keeps the strength of a project finite that was never beaten, or always
//! (Caron and Doucet, "Efficient Bayesian Inference for Generalized Bradley–Terry Models", Journal of Computational and
//! Graphical Statistics 21, 2012).

use std::collections::BTreeMap;

/// The weight of the prior: each project is chosen once more, and once more not, among projects of strength 1.
const PRIOR: f64 = 1.0;

/// The relative change at which strengths are final.
const PRECISION: f64 = 1e-10;

/// The maximum number of passes. Each makes the orders more likely, so that strengths that are not final by then are close.
const MOST_PASSES: usize = 5_000;

/// The strength of a project, compared with one that is like all others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strength<P> {
    pub project: P,
    /// The number of orders in which it is.
    pub looks: usize,
    /// The natural logarithm of its strength; 0 for a project that is like all others.
    pub strength: f64,
}

impl<P> Strength<P> {
    /// Returns the percentage of comparisons with an average project that it wins.
    #[must_use]
    pub fn chance(&self) -> f64 {
        100.0 / (1.0 + (-self.strength).exp())
    }
}

/// Computes the strengths of all projects that are in an order. Each order begins with the best project; one that contains a
/// project twice counts its first place. The results are in the order of the projects' keys.
#[must_use]
pub fn strengths<P: Copy + Ord>(orders: &[Vec<P>]) -> Vec<Strength<P>> {
    let mut numbers: BTreeMap<P, usize> = orders.iter().flatten().map(|key| (*key, 0)).collect();
    for (index, number) in numbers.values_mut().enumerate() {
        *number = index;
    }
    let mut indexed: Vec<Vec<usize>> = orders.iter().map(|it| places(it, &numbers)).collect();
    // Sums of floating point numbers depend on their order, which must not follow the order of judges.
    indexed.sort();
    let strengths = most_likely(&indexed, numbers.len());
    let looks = |number| indexed.iter().filter(|it| it.contains(&number)).count();
    let strength =
        |(project, number)| Strength { project, looks: looks(number), strength: strengths[number] };
    numbers.into_iter().map(strength).collect()
}

/// Returns the numbers of the projects of an order, each once.
fn places<P: Ord>(order: &[P], numbers: &BTreeMap<P, usize>) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::with_capacity(order.len());
    for number in order.iter().filter_map(|project| numbers.get(project)) {
        if !places.contains(number) {
            places.push(*number);
        }
    }
    places
}

/// Finds the most likely strengths, as natural logarithms.
fn most_likely(orders: &[Vec<usize>], projects: usize) -> Vec<f64> {
    let mut chosen = vec![PRIOR; projects];
    for order in orders {
        for project in order.iter().rev().skip(1) {
            chosen[*project] += 1.0;
        }
    }
    let mut strengths = vec![1.0_f64; projects];
    for _ in 0..MOST_PASSES {
        let next = improved(orders, &chosen, &strengths);
        let change = |(a, b): (&f64, &f64)| (a / b - 1.0).abs();
        let moved = next.iter().zip(&strengths).map(change).fold(0.0, f64::max);
        strengths = next;
        if moved < PRECISION {
            break;
        }
    }
    strengths.into_iter().map(f64::ln).collect()
}

/// Makes one pass of the algorithm.
///
/// With the prior's rate equal to its weight, the strengths of the maximum have the mean 1, so that they need not be scaled.
fn improved(orders: &[Vec<usize>], chosen: &[f64], strengths: &[f64]) -> Vec<f64> {
    let mut weights = vec![PRIOR; strengths.len()];
    for order in orders {
        let mut left: Vec<f64> = Vec::with_capacity(order.len());
        let mut sum = 0.0;
        for project in order.iter().rev() {
            sum += strengths[*project];
            left.push(sum);
        }
        left.reverse();
        let (mut total, last) = (0.0, order.len().saturating_sub(1));
        for (place, project) in order.iter().enumerate() {
            if place < last {
                total += 1.0 / left[place];
            }
            weights[*project] += total;
        }
    }
    chosen.iter().zip(weights).map(|(won, weight)| won / weight).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(orders: &[&[u8]]) -> Vec<Strength<u8>> {
        strengths(&orders.iter().map(|it| it.to_vec()).collect::<Vec<_>>())
    }

    #[test]
    fn no_order_and_one_project_have_results() {
        assert!(of(&[]).is_empty() && of(&[&[]]).is_empty());
        let one = of(&[&[7], &[7]]);
        assert_eq!((one[0].looks, one[0].strength), (2, 0.0));
        assert_eq!(one[0].chance(), 50.0);
    }

    #[test]
    fn an_unbeaten_project_stays_finite_and_orders_that_contradict_are_a_tie() {
        let unbeaten = of(&[&[1, 2, 3], &[1, 2, 3]]);
        let strengths: Vec<f64> = unbeaten.iter().map(|it| it.strength).collect();
        assert!(strengths[0] > strengths[1] && strengths[1] > strengths[2]);
        assert!(strengths.iter().all(|it| it.abs() < 5.0), "{strengths:?}");
        let tie = of(&[&[1, 2], &[2, 1]]);
        assert!((tie[0].strength - tie[1].strength).abs() < 1e-9);
    }

    #[test]
    fn judges_who_share_projects_put_all_in_one_order() {
        let chain = of(&[&[1, 2], &[2, 3], &[3, 4], &[4, 5]]);
        let strengths: Vec<f64> = chain.iter().map(|it| it.strength).collect();
        assert!(strengths.windows(2).all(|it| it[0] > it[1]), "{strengths:?}");
    }

    /// With two projects, the model is Bradley–Terry. With the prior, the maximum of the likelihood is known: of n wins against m,
    /// the strengths a and b solve a + b = 2 and a · (1 + (n + m) / 2) = n + 1.
    #[test]
    fn two_projects_have_the_strengths_of_bradley_and_terry() {
        let result = of(&[&[1, 2], &[1, 2], &[1, 2], &[2, 1]]);
        let (a, b) = (result[0].strength.exp(), result[1].strength.exp());
        assert!((a - 4.0 / 3.0).abs() < 1e-6 && (b - 2.0 / 3.0).abs() < 1e-6);
    }

    proptest! {
        /// Strengths are numbers, do not depend on the order of judges, and no project is below one that it precedes everywhere.
        #[test]
        fn strengths_are_finite_and_deterministic(
            orders in prop::collection::vec(Just((0_u8..8).collect::<Vec<_>>()).prop_shuffle(), 1..8),
            length in 1_usize..8,
        ) {
            let orders: Vec<Vec<u8>> = orders.into_iter().map(|it| it[..length].to_vec()).collect();
            let result = strengths(&orders);
            let reversed: Vec<_> = orders.iter().rev().cloned().collect();
            prop_assert_eq!(&strengths(&reversed), &result);
            prop_assert!(result.iter().all(|it| it.strength.is_finite()));
            let sum: f64 = result.iter().map(|it| it.strength.exp()).sum();
            prop_assert!((sum / result.len() as f64 - 1.0).abs() < 1e-6);
            let first = &orders[0];
            for (better, worse) in first.iter().zip(first.iter().skip(1)) {
                let precedes = |order: &Vec<u8>| {
                    let place = |project| order.iter().position(|it| it == project);
                    matches!((place(better), place(worse)), (Some(a), Some(b)) if a < b)
                };
                if orders.iter().all(precedes) {
                    let of = |project| result.iter().find(|it| it.project == project).expect("known").strength;
                    prop_assert!(of(*better) > of(*worse));
                }
            }
        }
    }
}
