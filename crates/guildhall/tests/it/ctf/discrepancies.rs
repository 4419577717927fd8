//! Reports that a number of a report card is wrong.

use chrono::TimeDelta;
use ctf::{
    actions::{erase_competitor, report_discrepancy, resolve_discrepancy},
    model::{CompetitorId, DiscrepancyId, Reporter, RosterId, RosterRole},
    reads,
};
use platform::audit::Actor::Operator;

use super::{
    coaches::code,
    figures::Solve,
    rollout::{PAGE, list, page, shows, started},
};
use crate::app::TestApp;

/// A competitor of `coach` whose numbers differ from those of the platform.
async fn scene(app: &TestApp) -> (RosterId, CompetitorId) {
    let (_, roster) = app.roster("coach").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    app.on_platform(ada, (4, 700)).await;
    app.solved(ada, Solve::new("Salted Harbor", "cryptography", 200, 2)).await;
    (roster, ada)
}

#[tokio::test]
async fn a_difference_is_reported_once_and_resolved() {
    let (app, _fake) = started().await;
    let (_, ada) = scene(&app).await;
    list(&app, &["coach"]).await;
    let card = format!("/ctf/competitors/{ada}");
    let path = format!("{card}/discrepancy");
    let coach = app.browser_of("coach").await;
    let shown = coach.get(&card).await.text;
    assert!(shown.contains("Report this difference"), "{shown}");
    assert_eq!(coach.post(&path, &[]).await.location(), card);
    let shown = coach.get(&card).await.text;
    assert!(shown.contains("The difference is reported"), "{shown}");
    assert!(!shown.contains("Report this difference"), "{shown}");
    assert_eq!(coach.post(&path, &[]).await.location(), card);
    let shown = coach.get(&card).await.text;
    assert!(shown.contains("This was reported before"), "{shown}");
    assert_eq!(app.audited("ctf_discrepancy.report").await, 1);

    let text = page(&app).await;
    for words in [
        "Open reports of wrong numbers: 1",
        "1 of 1 competitor on the platform, in the last 30 days",
        &format!("/ctf/competitors/{ada}#wrong"),
        "<td class=\"n wide\">200<span",
        "<td class=\"n wide\">700<span",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("Quill"), "it names no one: {text}");
    let open = reads::open_discrepancy(&app.context().db, ada).await;
    let id: DiscrepancyId = open.expect("read").expect("a report").id.into();
    let admin = app.browser_of("admin").await;
    let resolve = format!("/admin/game-platform/discrepancies/{id}/resolve");
    for _ in 0..2 {
        assert_eq!(admin.post(&resolve, &[]).await.location(), PAGE);
    }
    assert_eq!(app.audited("ctf_discrepancy.resolve").await, 1);
    shows(&app, &["No open reports", "1 of 1 competitor on the platform"]).await;
    let again = coach.post(&path, &[]).await;
    assert_eq!(again.location(), card, "a new report after the first");
    assert_eq!(app.audited("ctf_discrepancy.report").await, 2);
    app.clock.advance(TimeDelta::days(31));
    shows(&app, &["0 of 1 competitor on the platform"]).await;
    app.finish().await;
}

#[tokio::test]
async fn a_report_about_an_erased_competitor_is_closed() {
    let (app, _fake) = started().await;
    let (roster, ada) = scene(&app).await;
    let ben = app.competitor(roster, "Ben", "Marsh").await;
    app.on_platform(ben, (1, 100)).await;
    let context = app.context();
    for competitor in [ada, ben] {
        report_discrepancy(context, Operator, competitor, Reporter::Coach).await.expect("reported");
    }
    erase_competitor(context, Operator, ada).await.expect("erased");
    let open = reads::open_discrepancies(&context.db, 9).await;
    let open = open.expect("read");
    assert_eq!(open.total, 1);
    let about: Vec<_> = open.rows.iter().map(|row| row.competitor_id).collect();
    assert_eq!(about, [ben.0]);
    app.finish().await;
}

#[tokio::test]
async fn two_who_report_at_once_make_one_report() {
    let app = TestApp::start().await;
    let (_, ada) = scene(&app).await;
    let context = app.context();
    let reports = [Reporter::Coach, Reporter::Assistant, Reporter::Competitor]
        .map(|reporter| report_discrepancy(context, Operator, ada, reporter));
    let reported = futures_util::future::join_all(reports).await;
    let new = reported.into_iter().filter(|it| *it.as_ref().expect("reported"));
    assert_eq!(new.count(), 1);
    assert_eq!(app.count("SELECT count(*) FROM ctf_discrepancies").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn only_those_who_see_a_card_report_a_difference() {
    let app = TestApp::start().await;
    let (roster, ada) = scene(&app).await;
    let absent = app.competitor(roster, "Ben", "Marsh").await;
    app.roster("other").await;
    let path = format!("/ctf/competitors/{ada}/discrepancy");
    let other = app.browser_of("other").await.post(&path, &[]).await;
    assert_eq!(other.status, 404, "{}", other.text);
    app.shared_with(roster, "helper", RosterRole::Assistant).await;
    let helper = app.browser_of("helper").await;
    let card = format!("/ctf/competitors/{absent}");
    let shown = helper.get(&card).await.text;
    assert!(!shown.contains("/discrepancy"), "{shown}");
    let refused = helper.post(&format!("{card}/discrepancy"), &[]).await;
    refused.refuses(409, "NOT_ON_PLATFORM", "nothing to compare");
    assert_eq!(app.audited("ctf_discrepancy.report").await, 0);
    helper.post(&path, &[]).await.location();
    let open = reads::open_discrepancy(&app.context().db, ada).await;
    let open = open.expect("read").expect("a report");
    assert_eq!(open.reporter(), "Assistant");
    assert_eq!((open.solves_here, open.solves_there), (1, Some(4)));
    let unknown = DiscrepancyId::new(roster.0);
    let refused = resolve_discrepancy(app.context(), Operator, unknown).await;
    assert_eq!(code(refused), "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn competitors_report_their_own_numbers_and_download_the_report() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let own = app.joined(roster, "ada-q").await;
    let student = app.browser_of("ada-q").await;
    let path = "/ctf/me/report/discrepancy";
    let refused = student.post(path, &[]).await;
    refused.refuses(409, "NOT_ON_PLATFORM", "nothing to compare");
    app.on_platform(own, (0, 0)).await;
    let shown = student.get("/ctf/me/report").await.text;
    assert!(shown.contains("Report a wrong number"), "{shown}");
    let reported = student.post(path, &[]).await;
    assert_eq!(reported.location(), "/ctf/me/report");
    let person = app.person_id("ada-q").await;
    let export = reads::export(&app.context().db, person.into()).await;
    let export = export.expect("exported");
    let report = &export["reported_differences"][0];
    assert_eq!(report["reporter"], "competitor", "{export}");
    app.finish().await;
}
