//! Spreads people over issues, so that a thousand of them are not sent to the same one.
//!
//! The first three results are drawn from the best forty, each with the same chance: people with equal profiles see each of
//! these issues first equally often, also if one of them is the best for all. The others follow in their order, and one
//! in ten is replaced by an issue with few views.

use std::collections::VecDeque;

use chrono::NaiveDate;
use uuid::Uuid;

/// The number of the best issues from which the first results are drawn.
const DRAWN_FROM: usize = 40;
/// The number of results that are drawn.
const DRAWN: usize = 3;
/// The number of results of which one is a less visited issue.
const EVERY: usize = 10;
/// The number of the next issues among which less visited ones are found.
const LOOKED_AT: usize = 200;

/// An issue with the number of people who saw it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    pub id: Uuid,
    /// Its score; higher is better.
    pub score: f64,
    /// How often it was shown.
    pub views: i64,
}

/// Why an issue is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpreadPlace {
    Score,
    /// It was drawn from the best ones.
    Drawn,
    LessVisited,
}

#[must_use]
pub fn seed(person: Uuid, day: NaiveDate) -> u64 {
    let (high, low) = person.as_u64_pair();
    let days = day.signed_duration_since(NaiveDate::default()).num_days() as u64;
    mixed(mixed(high ^ mixed(low)) ^ days)
}

/// Returns well-mixed bits of a number (the last step of splitmix64).
fn mixed(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Returns a number below `count` for the place of a result.
fn draw(seed: u64, place: usize, count: usize) -> usize {
    (mixed(seed ^ mixed(place as u64)) % count.max(1) as u64) as usize
}

/// Returns all issues in the order for one seed: indices into `order`, each with why it is there. `order` is best first.
#[must_use]
pub fn spread(order: &[Scored], seed: u64) -> Vec<(usize, SpreadPlace)> {
    // The issues that are not placed, best first.
    let mut rest: Vec<usize> = (0..order.len()).collect();
    let mut placed = Vec::with_capacity(order.len());
    for place in 0..DRAWN.min(order.len()) {
        let at = draw(seed, place, rest.len().min(DRAWN_FROM));
        placed.push((rest.remove(at), SpreadPlace::Drawn));
    }
    // Places are counted from the end of those drawn; the less visited one has another place in each ten.
    let mut rest = VecDeque::from(rest);
    while !rest.is_empty() {
        let (ten, within) = (placed.len() / EVERY, placed.len() % EVERY);
        let chosen = DRAWN + draw(seed, usize::MAX - ten, EVERY - DRAWN);
        let is_explored = within == chosen && rest.len() > 1;
        let at = if is_explored { less_visited(order, &rest, seed ^ ten as u64) } else { 0 };
        let why = if at > 0 { SpreadPlace::LessVisited } else { SpreadPlace::Score };
        placed.extend(rest.remove(at).map(|index| (index, why)));
    }
    placed
}

/// Returns the place in `rest` of an issue that is drawn from the quarter with the fewest views, among the next ones.
fn less_visited(order: &[Scored], rest: &VecDeque<usize>, seed: u64) -> usize {
    let mut next: Vec<(i64, usize)> = rest
        .iter()
        .take(LOOKED_AT)
        .enumerate()
        .skip(1)
        .map(|(at, index)| (order[*index].views, at))
        .collect();
    let quarter = next.len().div_ceil(4);
    if let Some(last) = quarter.checked_sub(1) {
        next.select_nth_unstable(last);
    }
    next.get(draw(seed, 0, quarter)).map_or(0, |(_, at)| *at)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn issues(count: u128, favorite: f64) -> Vec<Scored> {
        let score = |index: u128| {
            if index == 0 { favorite } else { 0.7 - index as f64 / 10_000.0 }
        };
        (0..count)
            .map(|index| Scored {
                id: Uuid::from_u128(index),
                score: score(index),
                views: (index * 7 % 31) as i64,
            })
            .collect()
    }

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 27).expect("a day")
    }

    #[test]
    fn no_issue_is_first_for_more_than_one_in_twenty() {
        for favorite in [0.7, 0.99] {
            let order = issues(500, favorite);
            let mut seen: [BTreeMap<usize, usize>; DRAWN] = Default::default();
            for person in 0..1_000_u128 {
                let person = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + person);
                let spread = spread(&order, seed(person, day()));
                for (of_place, (index, _)) in seen.iter_mut().zip(spread) {
                    *of_place.entry(index).or_default() += 1;
                }
            }
            // The first place, and so the second and the third.
            for of_place in seen {
                let most = of_place.into_values().max().unwrap_or_default();
                assert!(
                    most <= 50,
                    "{most} of 1,000 people see the same issue at one place, favorite {favorite}"
                );
            }
        }
    }

    #[test]
    fn one_in_ten_results_is_less_visited() {
        let order = issues(500, 0.7);
        let spread = spread(&order, 7);
        let indices: BTreeSet<usize> = spread.iter().map(|(index, _)| *index).collect();
        assert_eq!(indices.len(), 500, "each issue once");
        let page = &spread[..100];
        let explored: Vec<i64> = page
            .iter()
            .filter(|(_, why)| *why == SpreadPlace::LessVisited)
            .map(|(index, _)| order[*index].views)
            .collect();
        assert_eq!(explored.len(), 10);
        assert!(explored.iter().all(|views| *views <= 10), "{explored:?}");
        let by_score: Vec<usize> = page
            .iter()
            .filter(|(_, why)| *why == SpreadPlace::Score)
            .map(|(index, _)| *index)
            .collect();
        assert!(by_score.is_sorted());
    }

    #[test]
    fn the_order_depends_on_the_person_and_the_day_only() {
        let order = issues(60, 0.7);
        let ines = Uuid::from_u128(3);
        assert_eq!(spread(&order, seed(ines, day())), spread(&order, seed(ines, day())));
        let tomorrow = day().succ_opt().expect("a day");
        assert_ne!(seed(ines, day()), seed(ines, tomorrow));
        assert_ne!(spread(&order, seed(ines, day())), spread(&order, seed(ines, tomorrow)));
    }

    #[test]
    fn short_lists_stay_complete() {
        for count in 0..25 {
            let spread = spread(&issues(count, 0.7), 11);
            let indices: BTreeSet<usize> = spread.iter().map(|(index, _)| *index).collect();
            assert_eq!(indices.len(), count as usize);
        }
    }
}
