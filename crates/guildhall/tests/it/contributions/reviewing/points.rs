//! Reviews change the state, and ratings and marks the points, until the facts of a pull request close.

use contributions::model::{ReviewAction, ReviewVerdict};
use contributions::rules::State;
use guildhall::PROGRAMMES;
use kernel::Problem;
use platform::ActionError;
use recognition::model::SettlementMode;
use testkit::{
    payloads::Verdict,
    story::{Act, Diff, NewReview as OnGithub},
};

use super::{PAGE, server};
use crate::{
    app::{TestApp, at, scenarios::person},
    contributions::app::review_of,
};
use ReviewAction::{
    Approved, Commented, MarkedLowValue, MarkedSpam, Overrode, Rated, Rejected, Released,
    RequestedChanges, Started, UnmarkedLowValue, UnmarkedSpam,
};

/// Gives a review; returns the state, or the code of the refusal.
async fn give(app: &TestApp, login: &str, action: ReviewAction) -> Result<State, &'static str> {
    read(app.review("lantern", 1, login, action).await)
}

fn read(
    given: Result<contributions::actions::GivenReview, ActionError>,
) -> Result<State, &'static str> {
    given.map(|given| given.state).map_err(|error| match error {
        ActionError::Refused(Problem { code, .. }) => code,
        other => panic!("{other}"),
    })
}

async fn rate(app: &TestApp, login: &str, rating: i64) -> Result<State, &'static str> {
    let mut new = review_of(Rated, login);
    new.rating = Some(rating);
    read(app.give_review("lantern", 1, login, new).await)
}

/// Checks that what is stored follows from the facts and the reviews.
async fn check(app: &TestApp) {
    app.work().await;
    app.verify().await;
    let mode = SettlementMode::Check;
    let rebuilt = recognition::actions::rebuild(app.context(), PROGRAMMES, mode, |_| {}).await;
    let entries: usize = rebuilt.expect("rebuilt").iter().map(|part| part.entries).sum();
    assert_eq!(entries, 0, "entries that a rebuild would post");
}

#[tokio::test]
async fn the_median_rating_enters_the_merge_award_until_the_facts_close() {
    let (app, scenario) = server().await;
    assert_eq!(give(&app, "wren-oak", Started).await, Ok(State::UnderReview));
    assert_eq!(give(&app, "wren-oak", Approved).await, Ok(State::Approved));
    let scenario = scenario.merged("2026-10-31T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    assert!(app.net_ledger().await.contains(&"#1  pr_merged +50 2026-10".to_owned()));
    assert_eq!(rate(&app, "wren-oak", 5).await, Ok(State::Merged));
    app.work().await;
    assert!(app.net_ledger().await.contains(&"#1  pr_merged +75 2026-10".to_owned()));
    assert_eq!(rate(&app, "finch-ash", 4).await, Ok(State::Merged));
    check(&app).await;
    assert!(app.net_ledger().await.contains(&"#1  pr_merged +60 2026-10".to_owned()));
    let sentences = app.explanation(1).await.join("\n");
    assert!(sentences.contains("rating 4 (median of 2)"), "{sentences}");
    assert_eq!(give(&app, "wren-oak", RequestedChanges).await, Err("REVIEW_NOT_POSSIBLE"));
    assert_eq!(give(&app, "wren-oak", Commented).await, Ok(State::Merged));
    // The facts close seven days after the merge.
    app.clock.set(at("2026-11-07T08:00:00Z"));
    assert_eq!(rate(&app, "finch-ash", 5).await, Ok(State::Merged), "in the last second");
    app.clock.set(at("2026-11-07T08:00:01Z"));
    for action in ReviewAction::ALL {
        assert_eq!(give(&app, "finch-ash", action).await, Err("REVIEWS_CLOSED"), "{action:?}");
    }
    check(&app).await;
    assert!(app.net_ledger().await.contains(&"#1  pr_merged +75 2026-10".to_owned()));
    let dumped = app.dump().await;
    assert!(dumped.iter().any(|line| line.contains("own_review") && line.contains("RATED")));
    assert!(!dumped.iter().any(|line| line.contains("Said by")), "no texts");
    app.finish().await;
}

#[tokio::test]
async fn a_mark_as_spam_takes_all_points_and_can_be_removed() {
    let (app, scenario) = server().await;
    app.deliver_all(&[&scenario.merged("2026-10-31T08:00:00Z")]).await;
    let before = app.net_ledger().await;
    assert_eq!(give(&app, "wren-oak", MarkedSpam).await, Ok(State::Merged));
    assert_eq!(give(&app, "finch-ash", MarkedSpam).await, Err("REVIEW_NOT_POSSIBLE"));
    check(&app).await;
    assert_eq!(app.net_ledger().await, ["#1  spam -20 2026-10"]);
    assert_eq!(give(&app, "finch-ash", UnmarkedSpam).await, Ok(State::Merged));
    check(&app).await;
    assert_eq!(app.net_ledger().await, before);
    app.finish().await;
}

#[tokio::test]
async fn a_mark_as_low_value_lowers_the_merge_award_and_can_be_removed() {
    let (app, scenario) = server().await;
    app.deliver_all(&[&scenario.merged("2026-10-31T08:00:00Z")]).await;
    let before = app.net_ledger().await;
    assert_eq!(before, ["#1  pr_merged +50 2026-10", "#1  pr_opened +10 2026-10"]);
    assert_eq!(give(&app, "wren-oak", UnmarkedLowValue).await, Err("REVIEW_NOT_POSSIBLE"));
    assert_eq!(give(&app, "wren-oak", MarkedLowValue).await, Ok(State::Merged));
    assert_eq!(give(&app, "finch-ash", MarkedLowValue).await, Err("REVIEW_NOT_POSSIBLE"));
    check(&app).await;
    assert_eq!(app.net_ledger().await, ["#1  pr_merged +35 2026-10", "#1  pr_opened +10 2026-10"]);
    let explained = app.explanation(1).await.join("\n");
    assert!(explained.contains("less 15 for low value (marked by a maintainer)"), "{explained}");
    let stored = "SELECT explanation AS value FROM point_transactions WHERE points = 35";
    let stored = app.values(stored).await;
    assert!(stored[0].contains(r#""by":"mark""#), "{stored:?}");
    let wren = app.browser_of("wren-oak").await;
    let page = wren.get(PAGE).await.text;
    assert!(page.contains("marked this pull request as low value"), "{page}");
    assert!(page.contains("Remove low-value mark") && !page.contains("Mark as low value"));
    let audited =
        "SELECT action AS value FROM audit_logs WHERE action LIKE '%low_value' ORDER BY action";
    assert_eq!(app.values(audited).await, ["pull_request.mark_low_value"]);
    assert_eq!(give(&app, "finch-ash", UnmarkedLowValue).await, Ok(State::Merged));
    check(&app).await;
    assert_eq!(app.net_ledger().await, before);
    app.finish().await;
}

#[tokio::test]
async fn conflicts_follow_the_majority_until_an_owner_decides() {
    let (app, _) = server().await;
    app.know_reviewer("season", "birch").await;
    for login in ["wren-oak", "finch-ash", "birch"] {
        give(&app, login, Started).await.expect("started");
    }
    assert_eq!(give(&app, "wren-oak", Approved).await, Ok(State::Approved));
    assert_eq!(
        give(&app, "finch-ash", RequestedChanges).await,
        Ok(State::ChangesRequested),
        "a tie"
    );
    let mut decided = review_of(Overrode, "birch");
    decided.decision = Some(ReviewVerdict::Approved);
    let given = app.give_review("lantern", 1, "birch", decided).await.expect("decided");
    assert_eq!((given.state, given.has_conflict), (State::Approved, true));
    check(&app).await;
    assert_eq!(
        give(&app, "finch-ash", RequestedChanges).await,
        Ok(State::ChangesRequested),
        "a later review"
    );
    assert_eq!(give(&app, "birch", Approved).await, Ok(State::Approved), "the majority");
    assert_eq!(give(&app, "birch", Rejected).await, Ok(State::Closed));
    assert_eq!(give(&app, "birch", Started).await, Err("REVIEW_NOT_POSSIBLE"));
    assert_eq!(give(&app, "wren-oak", Released).await, Ok(State::Open), "reopened");
    check(&app).await;
    assert_eq!(app.json(&format!("/api/v1{PAGE}")).await["state"], "OPEN");
    app.finish().await;
}

#[tokio::test]
async fn github_wins_and_new_commits_are_marked() {
    let (app, scenario) = server().await;
    give(&app, "wren-oak", Started).await.expect("started");
    give(&app, "wren-oak", Approved).await.expect("approved");
    app.clock.set(at("2026-11-02T08:00:00Z"));
    let diff = Diff { additions: 5, deletions: 1, changed_files: 1, head_sha: "f".repeat(40) };
    let scenario =
        scenario.then(Act::Synchronized(diff), &person("hexacat"), "2026-11-01T09:00:00Z");
    app.deliver_all(&[&scenario]).await;
    let changed = "SELECT count(*) FROM contributions WHERE has_new_commits AND state = 'APPROVED'";
    assert_eq!(app.count(changed).await, 1);
    assert_eq!(give(&app, "wren-oak", Approved).await, Ok(State::Approved), "again");
    assert_eq!(app.count(changed).await, 0);
    // A maintainer's review on GitHub counts as a vote.
    let review = OnGithub {
        id: 9_001,
        verdict: Verdict::ChangesRequested,
        body: None,
        association: "MEMBER",
        bare: false,
    };
    let scenario =
        scenario.then(Act::Reviewed(review), &person("finch-ash"), "2026-11-02T08:30:00Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.json(&format!("/api/v1{PAGE}")).await["state"], "CHANGES_REQUESTED");
    app.clock.set(at("2026-11-02T09:00:00Z"));
    give(&app, "finch-ash", Started).await.expect("started");
    assert_eq!(give(&app, "finch-ash", Approved).await, Ok(State::Approved), "one vote a person");
    let scenario = scenario.then(Act::Closed, &person("hexacat"), "2026-11-02T10:00:00Z");
    app.deliver_all(&[&scenario]).await;
    app.clock.set(at("2026-11-02T11:00:00Z"));
    assert_eq!(
        give(&app, "wren-oak", Approved).await,
        Err("REVIEW_NOT_POSSIBLE"),
        "closed on GitHub"
    );
    assert_eq!(rate(&app, "wren-oak", 3).await, Ok(State::Closed));
    check(&app).await;
    app.finish().await;
}

#[tokio::test]
async fn a_decision_here_is_the_review_that_a_self_merge_needs() {
    for (is_reviewed, count) in [(false, 0), (true, 2)] {
        let (app, scenario) = server().await;
        if is_reviewed {
            give(&app, "wren-oak", Started).await.expect("started");
            give(&app, "wren-oak", Approved).await.expect("approved");
        }
        let merged = scenario.then(Act::Merged, &person("hexacat"), "2026-11-01T08:00:00Z");
        app.clock.set(at("2026-11-01T09:00:00Z"));
        app.deliver_all(&[&merged]).await;
        assert_eq!(app.net_ledger().await.len(), count);
        check(&app).await;
        app.finish().await;
    }
}

#[tokio::test]
async fn erasure_removes_the_words_and_keeps_the_reviews() {
    let (app, _) = server().await;
    give(&app, "wren-oak", Started).await.expect("started");
    give(&app, "wren-oak", Approved).await.expect("approved");
    give(&app, "finch-ash", Commented).await.expect("commented");
    let exported = {
        let id = app.person_id("wren-oak").await.into();
        contributions::reads::export(&app.context().db, id).await.expect("exported")
    };
    assert_eq!(exported["reviews"][1]["internal_comment"], "Noted by wren-oak.");
    let own = {
        let id = app.person_id("hexacat").await.into();
        contributions::reads::export(&app.context().db, id).await.expect("exported")
    };
    assert_eq!(own["reviews_received"][1]["public_comment"], "Said by wren-oak.");
    assert!(!own.to_string().contains("Noted by"), "{own}");
    let tx = app.context().begin().await.expect("a transaction");
    let id = app.person_id("wren-oak").await.into();
    contributions::actions::erase(&tx, id).await.expect("erased");
    tx.commit().await.expect("committed");
    let left = "SELECT count(*) FROM pr_review_words";
    assert_eq!(app.count(left).await, 1, "of finch-ash");
    assert_eq!(app.count("SELECT count(*) FROM pr_reviews").await, 3);
    for sql in ["UPDATE pr_reviews SET rating = 5", "DELETE FROM pr_reviews"] {
        let refused = app.change(sql).await.expect_err("append-only").to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    app.work().await;
    app.finish().await;
}
