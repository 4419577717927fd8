//! A second implementation of a month: integers only, in one loop, written from the published rules. It
//! supports only what the generator of [`super::properties`] varies.

use super::*;

/// Twelve decimals for diminishing returns; the other factors have eight together.
const ONE: i128 = 1_000_000_000_000;
const UNIT: i128 = 100_000_000 * ONE;

fn digits(factor: Multiplier, places: u32) -> i128 {
    let mut decimal = factor.0;
    decimal.rescale(places);
    decimal.mantissa()
}

fn half_up(value: i128) -> Points {
    let rounded = (value * 2 + UNIT).div_euclid(UNIT * 2);
    Points::try_from(rounded).expect("points")
}

fn excluded(pull: &PullWithRules) -> bool {
    let facts = &pull.facts;
    let who = facts.author_is_bot || facts.author_owns_repository || facts.author_banned_at_opening;
    let ends = [pull.archived_at, pull.inactive_since];
    let is_late = ends.into_iter().flatten().any(|at| at < facts.created_at);
    who || is_late || facts.self_merged || facts.ready_at.is_none()
}

fn void(pull: &PullWithRules) -> bool {
    pull.facts.marked_spam || pull.openings_24h > pull.frequency_rules.document.frequency.openings
}

/// Returns time, GitHub ID, order within the pull request and index, sorted as the rules require.
fn order(window: &Window) -> Vec<(Timestamp, i64, u8, usize)> {
    let mut order = Vec::new();
    for (index, PullWithRules { facts, .. }) in window.pulls.iter().enumerate() {
        order.push((facts.ready_at.unwrap_or(facts.created_at), facts.github_id, 0, index));
        order.extend(facts.merged_at.map(|merged| (merged, facts.github_id, 1, index)));
    }
    order.retain(|place| Month::of(place.0) == window.month);
    order.sort_unstable();
    order
}

/// Returns the nonzero points of the month, as GitHub ID, reason and points.
pub(super) fn month(window: &Window) -> Vec<(i64, EntryReason, Points)> {
    let rules = &window.rules.document;
    let (mut left, mut merges, mut power) = (rules.monthly_cap, 0, ONE);
    let mut result = Vec::new();
    for (_, id, part, index) in order(window) {
        let pull = &window.pulls[index];
        if excluded(pull) {
            continue;
        }
        let own = &pull.rules.document;
        let mut asked = Vec::new();
        if part == 0 && !void(pull) {
            asked.push((EntryReason::PrOpened, own.opened));
        }
        if part == 1 && !void(pull) {
            merges += 1;
            if merges > rules.diminishing.after {
                power = power * digits(rules.diminishing.factor, 2) / 100;
            }
            let share = power.max(digits(rules.diminishing.floor, 12));
            asked.push((EntryReason::PrMerged, merged(pull, share)));
            asked.push((
                EntryReason::SizeBonus,
                half_up(i128::from(bonus(pull)) * 100_000_000 * share),
            ));
        }
        for (reason, asked) in asked {
            let granted = asked.min(left);
            left -= granted;
            result.push((id, reason, granted));
        }
        if part == 0 && pull.facts.marked_spam {
            result.push((id, EntryReason::Spam, -own.spam.penalty));
        }
    }
    result.retain(|one| one.2 != 0);
    result
}

fn merged(pull: &PullWithRules, share: i128) -> Points {
    let (own, facts) = (&pull.rules.document, &pull.facts);
    let mut ratings = facts.ratings.clone();
    ratings.sort_unstable();
    let rating = match ratings.len() {
        0 => 100,
        count => digits(own.rating.of(ratings[(count - 1) / 2]), 2),
    };
    let has = |name: &str| facts.paths.iter().flatten().any(|file| file.path == name);
    let factor = |applies: bool, factor| if applies { digits(factor, 2) } else { 100 };
    let tests = factor(has("src/a.rs") && has("tests/a.rs"), own.tests);
    let docs = factor(has("src/a.rs") && has("a.md"), own.docs);
    let fix = factor(facts.labels.iter().any(|label| label == "Bug"), own.types["fix"]);
    let award = half_up(i128::from(own.merged) * rating * tests * docs * fix * share);
    let less = if facts.marked_low_value { own.low_value.deduction } else { 0 };
    (award - less).max(0)
}

fn bonus(pull: &PullWithRules) -> Points {
    let listed = |files: &Vec<ChangedFile>| {
        let kept = files.iter().filter(|file| file.path != "go.sum");
        kept.map(|file| file.additions + file.deletions).sum()
    };
    let total = || pull.facts.additions.zip(pull.facts.deletions).map(|(plus, minus)| plus + minus);
    let lines: Option<i64> = pull.facts.paths.as_ref().map(listed).or_else(total);
    let bands = pull.rules.document.size_bonus.iter();
    bands
        .filter(|band| lines.is_some_and(|lines| lines >= band.lines))
        .map(|band| band.points)
        .max()
        .unwrap_or(0)
}
