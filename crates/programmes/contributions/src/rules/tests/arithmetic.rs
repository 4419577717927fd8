//! The points of a single pull request: the rules table and the rounding.

use super::*;

use EntryReason::{PrMerged, PrOpened, SizeBonus};

#[test]
fn opened_is_10_and_merged_50() {
    assert_eq!(alone(|_| {}), [(PrOpened, 10), (PrMerged, 50)]);
    assert_eq!(alone(|pull| pull.facts.merged_at = None), [(PrOpened, 10)]);
}

#[test]
fn the_highest_band_reached_counts_alone() {
    for (lines, bonus) in
        [(0, 0), (99, 0), (100, 20), (499, 20), (500, 50), (999, 50), (1000, 100), (90_000, 100)]
    {
        let all =
            alone(|pull| (pull.facts.additions, pull.facts.deletions) = (Some(lines), Some(0)));
        let got = all.iter().find(|one| one.0 == SizeBonus).map_or(0, |one| one.1);
        assert_eq!(got, bonus, "{lines} lines");
    }
}

#[test]
fn additions_and_deletions_are_added() {
    let all = alone(|pull| (pull.facts.additions, pull.facts.deletions) = (Some(60), Some(40)));
    assert_eq!(all, [(PrOpened, 10), (PrMerged, 50), (SizeBonus, 20)]);
}

#[test]
fn generated_vendored_and_lock_files_earn_no_bonus() {
    let all = alone(|pull| {
        pull.facts.additions = Some(5000);
        pull.facts.paths = Some(vec![
            file("Cargo.lock", 3000),
            file("vendor/lib.c", 1500),
            file("web/app.min.js", 401),
            file("src/lib.rs", 99),
        ]);
    });
    assert_eq!(all, [(PrOpened, 10), (PrMerged, 50)]);
}

#[test]
fn an_unknown_size_earns_no_bonus() {
    let all = alone(|pull| (pull.facts.additions, pull.facts.deletions) = (None, Some(5000)));
    assert_eq!(all, [(PrOpened, 10), (PrMerged, 50)]);
}

#[test]
fn the_median_rating_multiplies() {
    let cases: [(&[u8], i64); 10] = [
        (&[], 50),
        (&[1], 25),
        (&[2], 40),
        (&[3], 50),
        (&[4], 60),
        (&[5], 75),
        (&[5, 4], 60),
        (&[5, 1, 5], 75),
        (&[2, 5, 1, 4], 40),
        (&[0, 9], 50),
    ];
    for (ratings, award) in cases {
        assert_eq!(merge_award(|pull| pull.facts.ratings = ratings.to_vec()), award, "{ratings:?}");
    }
}

#[test]
fn tests_and_docs_multiply_when_code_is_touched_as_well() {
    let (code, test, doc) = ("src/lib.rs", "tests/it.rs", "README.md");
    let cases: [(&[&str], i64); 7] = [
        (&[code], 50),
        (&[test], 50),
        (&[doc], 50),
        (&[test, doc], 50),
        (&[code, test], 60),
        (&[code, doc], 55),
        (&[code, test, doc], 66),
    ];
    for (paths, award) in cases {
        let files = paths.iter().map(|path| file(path, 20)).collect();
        assert_eq!(merge_award(|pull| pull.facts.paths = Some(files)), award, "{paths:?}");
    }
}

#[test]
fn the_type_comes_from_a_label_or_else_the_title_and_the_lowest_label_wins() {
    let document = r#"{"types": {"docs": 0.5, "feature": 1.5, "Level 3": 2, "perf": 1.4}}"#;
    let cases: [(&[&str], &str, i64); 9] = [
        (&[], "Teach it", 50),
        (&["Type: Feature"], "Teach it", 75),
        (&["documentation"], "Teach it", 25),
        (&["enhancement", "docs"], "Teach it", 25),
        (&["level-3"], "Teach it", 100),
        (&["docs"], "feat: Teach it", 25),
        (&["good first issue"], "feat(ui)!: Teach it", 75),
        (&[], "perf: Teach it", 70),
        (&["bug"], "feat: Teach it", 50),
    ];
    for (labels, title, award) in cases {
        let got = merge_award(|pull| {
            pull.rules = rules(2, document);
            pull.facts.labels = labels.iter().map(ToString::to_string).collect();
            pull.facts.title = title.to_owned();
        });
        assert_eq!(got, award, "{labels:?} {title}");
    }
}

#[test]
fn the_product_is_rounded_half_up_once() {
    // 55 × 0.5 × 1.1 = 30.25; rounding in between would give 28 × 1.1 = 30.8, thus 31.
    let files = || Some(vec![file("src/a.rs", 30), file("docs/a.md", 30)]);
    let award = |document: &str| {
        merge_award(|pull| {
            pull.rules = rules(2, document);
            pull.facts.ratings = vec![1];
            pull.facts.paths = files();
        })
    };
    assert_eq!(award(r#"{"merged": 55}"#), 30);
    assert_eq!(award(r#"{"merged": 50}"#), 28, "27.5 goes up");
    assert_eq!(award(r#"{"merged": 49}"#), 27, "26.95");
}

#[test]
fn low_value_deducts_15_from_the_rounded_merge_award_but_not_below_0() {
    let small = |title: &str, ratings: &[u8]| {
        merge_award(|pull| {
            (pull.facts.additions, pull.facts.deletions) = (Some(10), Some(9));
            pull.facts.title = title.to_owned();
            pull.facts.ratings = ratings.to_vec();
        })
    };
    assert_eq!(small("Fix typo in README", &[]), 35);
    assert_eq!(small("Remove trailing white space", &[]), 35);
    assert_eq!(small("docs: FORMATTING of tables", &[1]), 10);
    assert_eq!(small("Fix the parser", &[]), 50);
    let poor = rules(2, r#"{"merged": 10}"#);
    let award = merge_award(|pull| {
        pull.rules = poor;
        pull.facts.marked_low_value = true;
    });
    assert_eq!(award, 0);
}

#[test]
fn a_low_value_title_counts_only_for_a_small_change_of_known_size() {
    let typo = |additions| {
        merge_award(|pull| {
            pull.facts.title = "Fix typo".to_owned();
            (pull.facts.additions, pull.facts.deletions) = (additions, Some(0));
        })
    };
    assert_eq!(typo(Some(19)), 35);
    assert_eq!(typo(Some(20)), 50);
    assert_eq!(typo(None), 50);
}

#[test]
fn low_value_does_not_change_the_opening_or_the_bonus() {
    let all = alone(|pull| {
        pull.facts.marked_low_value = true;
        pull.facts.additions = Some(100);
    });
    assert_eq!(all, [(PrOpened, 10), (PrMerged, 35), (SizeBonus, 20)]);
}

#[test]
fn an_award_is_pending_until_it_matures() {
    let mut pull = pull(facts(1));
    pull.rules = rules(2, r#"{"maturing_days": 7}"#);
    let window = window(vec![pull]);
    let matured = |now: &str| {
        let calculations = settle(&window, at(now));
        let entitled: usize = calculations.iter().map(|one| one.entitlements.len()).sum();
        let pending: usize = calculations.iter().map(|one| one.pending.len()).sum();
        (entitled, pending)
    };
    assert_eq!(matured("2026-05-08T11:59:59Z"), (0, 2));
    assert_eq!(matured("2026-05-08T12:00:00Z"), (1, 1));
    assert_eq!(matured("2026-05-09T12:00:00Z"), (2, 0));
}

#[test]
fn facts_close_seven_days_after_the_end_or_when_points_mature() {
    let ended = Some(at("2026-05-02T12:00:00Z"));
    assert_eq!(closes_at(ended, 0), Some(at("2026-05-09T12:00:00Z")));
    assert_eq!(closes_at(ended, 7), Some(at("2026-05-09T12:00:00Z")));
    assert_eq!(closes_at(ended, 14), Some(at("2026-05-16T12:00:00Z")));
    assert_eq!(closes_at(None, 7), None);
}
