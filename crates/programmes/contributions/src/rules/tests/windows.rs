//! Awards of a month: cap, diminishing returns, order, and the month of each award.

use super::*;

use EntryReason::{PrMerged, PrOpened, SizeBonus, Spam};

/// Returns pull requests that were merged a minute apart and opened in April.
fn merges(count: i64) -> Vec<PullWithRules> {
    let minutes = |minutes| at("2026-05-02T12:00:00Z") + chrono::Duration::minutes(minutes);
    let one = |id| {
        let mut facts = facts(id);
        facts.created_at = at("2026-04-20T00:00:00Z");
        facts.ready_at = Some(facts.created_at);
        facts.merged_at = Some(minutes(id));
        pull(facts)
    };
    (1..=count).map(one).collect()
}

fn only(points: &[(i64, EntryReason, Points)], reason: EntryReason) -> Vec<Points> {
    points.iter().filter(|one| one.1 == reason).map(|one| one.2).collect()
}

#[test]
fn after_five_merges_each_is_worth_less_down_to_the_floor() {
    let points = points_of(&window(merges(15)));
    let expected = [50, 50, 50, 50, 50, 40, 32, 26, 20, 16, 13, 10, 10, 10, 10];
    assert_eq!(only(&points, PrMerged), expected);
}

#[test]
fn the_bonus_diminishes_too() {
    let mut pulls = merges(8);
    pulls.iter_mut().for_each(|pull| pull.facts.additions = Some(100));
    let points = points_of(&window(pulls));
    assert_eq!(only(&points, SizeBonus), [20, 20, 20, 20, 20, 16, 13, 10]);
}

#[test]
fn only_scored_merges_count_toward_diminishing_returns() {
    let mut pulls = merges(9);
    pulls[0].facts.author_owns_repository = true;
    pulls[1].facts.marked_spam = true;
    pulls[2].openings_24h = 11;
    let points = points_of(&window(pulls));
    assert_eq!(only(&points, PrMerged), [50, 50, 50, 50, 50, 40]);
}

#[test]
fn a_merge_reduced_to_zero_by_low_value_still_counts() {
    let mut pulls = merges(6);
    pulls[0].rules = rules(2, r#"{"merged": 15}"#);
    pulls[0].facts.marked_low_value = true;
    assert_eq!(only(&points_of(&window(pulls)), PrMerged), [50, 50, 50, 50, 40]);
}

#[test]
fn ties_are_broken_by_github_id_and_the_opening_comes_before_the_merge() {
    let mut window = window(merges(7));
    let instant = at("2026-05-02T12:00:00Z");
    window.pulls.iter_mut().for_each(|pull| pull.facts.merged_at = Some(instant));
    window.pulls[6].facts.ready_at = Some(instant);
    window.pulls.reverse();
    let points = points_of(&window);
    let merged = |id, points| (id, PrMerged, points);
    assert_eq!(points[5..], [merged(6, 40), (7, PrOpened, 10), merged(7, 32)]);
}

#[test]
fn the_cap_grants_the_remaining_allowance_in_order() {
    let mut window = window(merges(3));
    window.rules = rules(4, r#"{"monthly_cap": 130}"#);
    window.pulls[1].facts.additions = Some(500);
    let expected = [(1, PrMerged, 50), (2, PrMerged, 50), (2, SizeBonus, 30)];
    assert_eq!(points_of(&window), expected);
}

#[test]
fn penalties_do_not_increase_the_allowance() {
    let mut window = window(merges(3));
    window.rules = rules(4, r#"{"monthly_cap": 80}"#);
    window.pulls[1].facts.marked_spam = true;
    window.pulls[1].facts.ready_at = Some(at("2026-05-01T00:00:00Z"));
    let expected = [(2, Spam, -20), (1, PrMerged, 50), (3, PrMerged, 30)];
    assert_eq!(points_of(&window), expected);
}

#[test]
fn a_pending_award_counts_toward_cap_and_diminishing_returns() {
    let mut window = window(merges(7));
    window.rules = rules(4, r#"{"monthly_cap": 260}"#);
    window.pulls[0].rules = rules(2, r#"{"maturing_days": 14}"#);
    let calculations = settle(&window, at("2026-05-03T00:00:00Z"));
    assert_eq!(calculations[0].pending[0].points, 50);
    assert!(calculations[0].entitlements.is_empty());
    let last: Vec<Points> =
        calculations[5..].iter().flat_map(|one| &one.entitlements).map(|one| one.points).collect();
    assert_eq!(last, [10], "the sixth asks for 40 and gets 10, the seventh nothing");
}

#[test]
fn each_part_belongs_to_the_utc_month_of_its_time() {
    let mut facts = facts(1);
    facts.ready_at = Some(at("2026-04-30T23:59:59.999999Z"));
    facts.merged_at = Some(at("2026-05-31T23:59:59.999999Z"));
    let pulls = vec![pull(facts)];
    let month = |text: &str| {
        let month = text.parse().expect("a month");
        points_of(&Window { month, ..window(pulls.clone()) })
    };
    assert_eq!(month("2026-04"), [(1, PrOpened, 10)]);
    assert_eq!(month("2026-05"), [(1, PrMerged, 50)]);
    assert_eq!(month("2026-06"), []);
}

#[test]
fn a_draft_earns_when_it_becomes_ready() {
    let mut facts = facts(1);
    facts.created_at = at("2026-03-01T00:00:00Z");
    facts.ready_at = Some(at("2026-05-01T00:00:00Z"));
    facts.merged_at = None;
    let calculations = settle(&window(vec![pull(facts)]), later());
    assert_eq!(calculations[0].entitlements[0].at, at("2026-05-01T00:00:00Z"));
}

#[test]
fn points_use_the_pull_requests_rules_and_the_cap_those_of_the_month() {
    let mut window = window(merges(2));
    window.rules = rules(
        7,
        r#"{"merged": 1000, "monthly_cap": 90, "diminishing": {"after": 1, "factor": 0.5, "floor": 0}}"#,
    );
    window.pulls[0].rules =
        rules(2, r#"{"merged": 70, "monthly_cap": 1, "diminishing": {"factor": 0.2}}"#);
    assert_eq!(points_of(&window), [(1, PrMerged, 70), (2, PrMerged, 20)]);
    let calculations = settle(&window, later());
    let used = calculations[0].explanation.rules;
    assert_eq!((used.pull, used.month, used.frequency), (2, 7, 1));
}

#[test]
fn a_floor_of_0_ends_at_0_without_overflow() {
    let mut window = window(merges(200));
    window.rules = rules(
        7,
        r#"{"diminishing": {"after": 1, "factor": 0.99, "floor": 0}, "monthly_cap": 1000000}"#,
    );
    let points = points_of(&window);
    let merged = only(&points, PrMerged);
    assert_eq!(merged[..4], [50, 50, 49, 49]);
    assert!(merged.is_sorted_by(|before, after| before >= after));
}

#[test]
fn powers_are_truncated_to_twelve_decimals() {
    let mut window = window(merges(8));
    window.rules = rules(7, r#"{"diminishing": {"after": 1, "factor": 0.77, "floor": 0}}"#);
    let factors: Vec<String> = settle(&window, later())[6..]
        .iter()
        .map(|one| one.explanation.awards[1].steps[1].factor.to_string())
        .collect();
    assert_eq!(factors, ["0.208422380089", "0.160485232668"]);
}
