//! The publication of results: what keeps it, reasons that override that, and the 15 minutes to undo it.

use chrono::TimeDelta;
use futures_util::future::join_all;
use hackathons::{
    actions::{
        NewResults, appeal, approve_points, edit_hackathon, publish_results, rule_submission,
        schedule_results, set_judging, settle_tie, undo_results,
    },
    model::{JuryOutcome, ResultBlocker},
    rules::{details::HackathonInput, points::PointValues, publication::Override, rulings::Ruling},
};
use platform::{ActionError, Context, audit::Actor::Operator};
use serde_json::json;

use super::{
    at_once::patiently,
    judging::{order, rubric, scored},
    scene::{code, overrides},
};
use crate::app::{TestApp, at};

const TEXT: &str = "**Gannet** wins by a halcyon.";
const SLUG: &str = "low-tide";

fn results(overrides: Vec<Override>) -> NewResults {
    NewResults { results: TEXT.to_owned(), overrides }
}

fn because(blocker: ResultBlocker) -> Vec<Override> {
    vec![Override { blocker, reason: "The jury decided it.".to_owned() }]
}

/// Creates a hackathon whose judging is over, with a winner, a prize and approved points. Returns its slug.
async fn decided(app: &TestApp) -> String {
    let slug = app.closed_event().await;
    let harbor = app.prize(&slug, "Harbor prize", 1).await;
    app.awards((&slug, &harbor), "ada").await.expect("awarded");
    let organizer = app.hacker_id("organizer").await;
    let gannet = app.submission_of(&slug, "ada").await.key();
    let winner = Ruling::Choose(Some(JuryOutcome::Winner));
    rule_submission(app.context(), organizer, &slug, gannet, winner, "").await.expect("chosen");
    approve_points(app.context(), Operator, &slug, PointValues::default()).await.expect("approved");
    app.clock.set(at("2026-11-29T18:00:00Z"));
    app.work().await;
    slug
}

/// Checks whether results are public: on the page and in the API of the hackathon, and in what its people have.
async fn are_public(app: &TestApp, slug: &str, expected: bool) {
    app.work().await;
    let reader = app.browser_of("dee").await;
    let page = reader.get(&format!("/hackathons/{slug}")).await.text;
    assert_eq!(page.contains("halcyon"), expected, "{page}");
    let shown = reader.json(&format!("/api/v1/hackathons/{slug}")).await;
    let phase = if expected { "completed" } else { "judging_closed" };
    assert_eq!((&shown["phase"], shown["results"].is_null()), (&json!(phase), !expected));
    let prizes = reader.json(&format!("/api/v1/hackathons/{slug}/prizes")).await;
    assert_eq!(prizes["items"][0]["winners"] == json!([]), !expected, "{prizes}");
    let ada = app.browser_of("ada").await;
    let inbox = app.inbox(&ada).await;
    assert_eq!(inbox.iter().any(|title| title.contains("are published")), expected, "{inbox:?}");
    assert_eq!(app.count("SELECT count(*) FROM point_transactions").await > 0, expected);
    assert_eq!(app.count("SELECT count(*) FROM hackathon_results").await > 0, expected);
    let published = "SELECT count(*) FROM prize_awards WHERE published_at IS NOT NULL";
    assert_eq!(app.count(published).await > 0, expected);
}

#[tokio::test]
async fn nothing_leaves_before_15_minutes_are_over() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = decided(&app).await;
    let context = app.context();
    let sequence = app.hackathon_view(&slug).await.sequence;
    schedule_results(context, Operator, &slug, &results(vec![])).await.expect("scheduled");
    assert_eq!(app.hackathon_view(&slug).await.sequence, sequence, "the calendar tells nothing");
    app.clock.advance(TimeDelta::minutes(15) - TimeDelta::seconds(1));
    assert_eq!(app.run_schedule("HackathonResults").await, "0 hackathons");
    are_public(&app, &slug, false).await;
    let title = HackathonInput { title: Some("Ebb".to_owned()), ..HackathonInput::default() };
    let changed = edit_hackathon(context, Operator, &slug, &title).await;
    assert_eq!(code(changed), "RESULTS_WAITING");
    assert_eq!(code(app.awards((&slug, "harbor-prize"), "cy").await), "RESULTS_WAITING");

    app.clock.advance(TimeDelta::seconds(1));
    let late = undo_results(context, Operator, &slug).await;
    assert_eq!(code(late), "RESULTS_NOT_WAITING");
    assert_eq!(app.run_schedule("HackathonResults").await, "1 hackathon");
    are_public(&app, &slug, true).await;
    assert_eq!(app.run_schedule("HackathonResults").await, "0 hackathons");
    assert_eq!(code(undo_results(context, Operator, &slug).await), "RESULTS_NOT_WAITING");
    assert_eq!(code(publish_results(context, Operator, &slug).await), "RESULTS_NOT_WAITING");
    app.finish().await;
}

#[tokio::test]
async fn an_undone_publication_stays_a_draft() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = decided(&app).await;
    let organizer = app.browser_of("organizer").await;
    let path = format!("/api/v1/hackathons/{slug}/results");
    let waiting = organizer.call("POST", &path, Some(&json!({ "results": TEXT }))).await;
    assert_eq!(waiting.status, 200, "{}", waiting.text);
    assert_eq!(waiting.body()["due_at"], "2026-11-29T18:15:00Z");
    let again = organizer.call("POST", &path, Some(&json!({ "results": "Other." }))).await;
    again.refuses(409, "RESULTS_WAITING", "become public at 29 Nov 2026, 18:15");
    app.clock.advance(TimeDelta::minutes(14));
    let undone = organizer.call("DELETE", &path, None).await;
    assert_eq!(undone.body()["state"], "draft", "{}", undone.text);
    assert_eq!(undone.body()["results"], TEXT);
    let acts = "SELECT count(*) FROM audit_logs WHERE action = 'hackathon.undo_results'";
    assert_eq!(app.count(acts).await, 1);
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(app.run_schedule("HackathonResults").await, "0 hackathons");
    are_public(&app, &slug, false).await;
    let page = organizer.get(&format!("/hackathons/{slug}/results")).await.text;
    assert!(page.contains(TEXT) && page.contains("Publish results"), "{page}");
    let now = organizer.call("POST", &format!("{path}/now"), None).await;
    now.refuses(409, "RESULTS_NOT_WAITING", "Write them first");

    // Published without waiting.
    organizer.call("POST", &path, Some(&json!({ "results": TEXT }))).await;
    let now = organizer.call("POST", &format!("{path}/now"), None).await;
    assert_eq!(now.body()["phase"], "completed", "{}", now.text);
    are_public(&app, &slug, true).await;
    assert_eq!(organizer.json(&path).await["state"], "published");
    app.finish().await;
}

#[tokio::test]
async fn the_form_shows_what_becomes_public_and_keeps_what_is_typed() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = decided(&app).await;
    app.change("UPDATE prizes SET count = 2").await.expect("another");
    let organizer = app.browser_of("organizer").await;
    let page = format!("/hackathons/{slug}/results");
    let shown = organizer.get(&page).await.text;
    for words in ["Harbor prize (1 of 2 awarded)", "What becomes public", "2,850", "Winner"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let typed = [
        ("results", TEXT),
        ("override_prize_without_winner", "Halcyon days."),
        ("then", "preview"),
    ];
    let preview = organizer.post(&page, &typed).await;
    assert_eq!(preview.status, 200);
    assert!(
        preview.text.contains("<strong>Gannet</strong> wins by a halcyon."),
        "{}",
        preview.text
    );
    assert!(preview.text.contains("Halcyon days."), "{}", preview.text);
    are_public(&app, &slug, false).await;

    let refused = organizer.post(&page, &[("results", TEXT)]).await;
    refused.refuses_form(409, None, "Prizes without a winner: Harbor prize (1 of 2 awarded).");
    assert!(refused.text.contains(TEXT), "{}", refused.text);
    let long = "x".repeat(501);
    let typed = [("results", TEXT), ("override_prize_without_winner", long.as_str())];
    let refused = organizer.post(&page, &typed).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains(&long)
            && refused.text.contains("id=\"override_prize_without_winner-e\"")
    );

    let typed = [("results", TEXT), ("override_prize_without_winner", "Halcyon days.")];
    assert_eq!(organizer.post(&page, &typed).await.location(), page);
    let waiting = organizer.get(&page).await.text;
    let now = format!("{page}/now");
    let link = format!("href=\"{now}\"");
    for words in ["become public at 29 Nov 2026, 18:15 (", &link, "Undo", "Halcyon days."] {
        assert!(waiting.contains(words), "{words}: {waiting}");
    }
    assert!(!waiting.contains(&format!("action=\"{now}\"")), "it asks first: {waiting}");
    let asked = organizer.get(&now).await.text;
    for words in ["now?", "cannot be undone", &format!("action=\"{now}\"")] {
        assert!(asked.contains(words), "{words}: {asked}");
    }
    assert_eq!(organizer.post(&format!("{page}/undo"), &[]).await.location(), page);
    assert_eq!(organizer.get(&now).await.location(), page, "nothing waits");
    let draft = organizer.get(&page).await.text;
    assert!(draft.contains(TEXT) && draft.contains("Halcyon days."), "{draft}");
    assert_eq!(organizer.post(&page, &typed).await.location(), page);
    let published = organizer.post(&format!("{page}/now"), &[]).await;
    assert_eq!(published.location(), format!("/hackathons/{slug}"), "{}", published.text);
    let kept = organizer.get(&page).await.text;
    assert!(kept.contains("Halcyon days.") && kept.contains("Published nevertheless"), "{kept}");
    let public = app.browser_of("dee").await.get(&format!("/hackathons/{slug}")).await.text;
    assert!(!public.contains("Halcyon days."), "{public}");
    app.finish().await;
}

/// Checks that results are refused because of a blocker, and are published for a reason.
async fn blocks(app: &TestApp, slug: &str, blocker: ResultBlocker, thing: &str) {
    let context = app.context();
    let refused = schedule_results(context, Operator, slug, &results(vec![])).await;
    let Err(ActionError::Refused(problem)) = refused else {
        panic!("{blocker:?}: {refused:?}");
    };
    assert_eq!(problem.code, "RESULTS_BLOCKED", "{blocker:?}");
    let words = format!("{}: {thing}", blocker.heading());
    assert!(problem.detail.contains(&words), "{words}: {}", problem.detail);
    let others = overrides().into_iter().filter(|it| it.blocker != blocker).collect();
    let refused = schedule_results(context, Operator, slug, &results(others)).await;
    assert_eq!(code(refused), "RESULTS_BLOCKED", "{blocker:?}");
    schedule_results(context, Operator, slug, &results(because(blocker)))
        .await
        .expect("overridden");
    undo_results(context, Operator, slug).await.expect("undone");
}

#[tokio::test]
async fn prizes_and_appeals_keep_results() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = decided(&app).await;
    app.change("UPDATE prizes SET count = 2").await.expect("another");
    blocks(&app, &slug, ResultBlocker::PrizeWithoutWinner, "Harbor prize (1 of 2 awarded)").await;
    app.change("UPDATE prizes SET count = 1").await.expect("one");
    let cy = app.hacker_id("cy").await;
    let organizer = app.hacker_id("organizer").await;
    let own = app.submission_of(&slug, "cy").await.key();
    rule_submission(app.context(), organizer, &slug, own, Ruling::Disqualify, "Copied.")
        .await
        .expect("disqualified");
    appeal(app.context(), cy, &slug, "It is mine.").await.expect("appealed");
    blocks(&app, &slug, ResultBlocker::OpenAppeal, "Gannet").await;
    rule_submission(app.context(), organizer, &slug, own, Ruling::Reinstate, "")
        .await
        .expect("back");
    schedule_results(app.context(), Operator, &slug, &results(vec![])).await.expect("scheduled");
    app.finish().await;
}

#[tokio::test]
async fn judging_keeps_results() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(3, 1).await;
    let context = app.context();
    set_judging(context, Operator, SLUG, &rubric(1)).await.expect("criteria");
    let projects = scored(&app, judges[0], &[3, 3]).await;
    app.clock.set(at("2026-11-29T18:00:00Z"));
    let left = "SELECT title AS value FROM submissions WHERE id NOT IN (SELECT submission_id FROM \
                judging_assignments WHERE status = 'judged')";
    let left = app.values(left).await.remove(0);
    let thing = format!("{left} (0 of 1 judges)");
    blocks(&app, SLUG, ResultBlocker::MissingScores, &thing).await;
    let withdrawn =
        format!("UPDATE submissions SET withdrawn_at = created_at WHERE title = '{left}'");
    app.change(&withdrawn).await.expect("withdrawn");

    // The tie matters once one of the two is chosen, and until it is settled.
    let free = async || {
        schedule_results(context, Operator, SLUG, &results(vec![])).await.expect("scheduled");
        undo_results(context, Operator, SLUG).await.expect("undone");
    };
    free().await;
    let organizer = app.hacker_id("organizer").await;
    let winner = Ruling::Choose(Some(JuryOutcome::Winner));
    rule_submission(context, organizer, SLUG, projects[0].into(), winner, "")
        .await
        .expect("chosen");
    blocks(&app, SLUG, ResultBlocker::OpenTie, "Project ").await;
    settle_tie(context, Operator, SLUG, None, &order(&projects), "By lot.").await.expect("settled");
    free().await;

    // A score counts although its judge declared a conflict, as after an earlier round.
    let conflict = "INSERT INTO judging_conflicts (id, created_at, hackathon_id, submission_id, user_id, kind, detail) \
                    SELECT id, created_at, hackathon_id, submission_id, user_id, 'work', '' \
                    FROM judging_assignments WHERE status = 'judged'";
    app.change(conflict).await.expect("declared");
    blocks(&app, SLUG, ResultBlocker::CountedConflict, "Project ").await;
    app.finish().await;
}

#[tokio::test]
async fn results_that_a_new_blocker_keeps_become_a_draft() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = decided(&app).await;
    let context = app.context();
    schedule_results(context, Operator, &slug, &results(vec![])).await.expect("scheduled");
    let withdrawn = "UPDATE submissions SET withdrawn_at = created_at WHERE team_id IS NOT NULL";
    app.change(withdrawn).await.expect("withdrawn");
    app.clock.advance(TimeDelta::minutes(15));
    assert_eq!(app.run_schedule("HackathonResults").await, "0 hackathons");
    are_public(&app, &slug, false).await;
    let organizer = app.browser_of("organizer").await;
    assert_eq!(app.run_schedule("HackathonResults").await, "0 hackathons");
    app.work().await;
    let titles = app.inbox(&organizer).await;
    let held = titles.iter().filter(|title| title.contains("were not published"));
    assert_eq!(held.count(), 1, "{titles:?}");
    let state = organizer.json(&format!("/api/v1/hackathons/{slug}/results")).await;
    assert_eq!(state["state"], "draft");
    assert_eq!(state["held_at"], "2026-11-29T18:15:00Z");
    let blockers = state["blockers"].as_array().expect("blockers");
    assert_eq!(blockers[0]["blocker"], "invalid_award");
    assert_eq!(blockers[0]["may_be_overridden"], false);
    let page = organizer.get(&format!("/hackathons/{slug}/results")).await.text;
    assert!(page.contains("The results were not published"), "{page}");
    let over = json!({
        "results": TEXT, "overrides": [{ "blocker": "invalid_award", "reason": "It stays." }]
    });
    let path = format!("/api/v1/hackathons/{slug}/results");
    let refused = organizer.call("POST", &path, Some(&over)).await;
    refused.refuses(422, "BAD_HACKATHON", "cannot be overridden");
    let acts = "SELECT count(*) FROM audit_logs WHERE action = 'hackathon.hold_results'";
    assert_eq!(app.count(acts).await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_organizers_who_publish_at_once_one_does() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = decided(&app).await;
    let scheduling = (0..6).map(|_| {
        let (context, slug, new) = (app.context().clone(), slug.clone(), results(vec![]));
        tokio::spawn(async move {
            patiently(|| schedule_results(&context, Operator, &slug, &new)).await.is_ok()
        })
    });
    let scheduled = join_all(scheduling.collect::<Vec<_>>()).await;
    assert_eq!(scheduled.into_iter().filter(|it| *it.as_ref().expect("ended")).count(), 1);
    let ending = (0..6).map(|number| {
        let (context, slug) = (app.context().clone(), slug.clone());
        tokio::spawn(async move { patiently(|| end(&context, &slug, number)).await.is_ok() })
    });
    let ended = join_all(ending.collect::<Vec<_>>()).await;
    assert_eq!(ended.into_iter().filter(|it| *it.as_ref().expect("ended")).count(), 1);
    app.finish().await;
}

/// Publishes results that wait, or undoes it.
async fn end(context: &Context, slug: &str, number: i32) -> Result<(), ActionError> {
    match number % 2 {
        0 => publish_results(context, Operator, slug).await.map(drop),
        _ => undo_results(context, Operator, slug).await.map(drop),
    }
}

#[tokio::test]
async fn the_recap_names_the_badges_of_the_event() {
    let (mut app, mailbox) = TestApp::mailing().await;
    app.may_leave_work();
    let slug = decided(&app).await;
    app.verify_address("ada").await;
    schedule_results(app.context(), Operator, &slug, &results(vec![])).await.expect("scheduled");
    app.clock.advance(TimeDelta::minutes(15));
    assert_eq!(app.run_schedule("HackathonResults").await, "1 hackathon");
    app.work().await;
    let sent = mailbox.taken();
    let recap = sent.iter().find(|email| email.content.subject.contains("are published"));
    let recap = &recap.expect("a recap").content.text;
    let recap = recap.split_whitespace().collect::<Vec<_>>().join(" ");
    let badges = "You earned the badges Application submitted, Submitted on time, Selected by the jury, Hackathon winner.";
    assert!(recap.contains(badges), "{recap}");
    app.finish().await;
}
