//! Reads of minors' data by admins in the audit log.

use chrono::TimeDelta;
use ctf::{
    actions::{create_team, note_roster_read},
    rules::{runs::RunScope, teams::TeamInput},
};
use identity::model::Role;
use platform::audit::Actor::Operator;

use super::platform::Synced;
use crate::app::TestApp;

const ROSTER: &str = "ctf_roster.read";
const COMPETITOR: &str = "ctf_competitor.read";

#[tokio::test]
async fn each_page_of_a_roster_is_recorded_for_admins_only() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    app.competitor(roster, "Ada", "Quill").await;
    let team = TeamInput {
        name: "Null Owls".to_owned(),
        division: "high_school".to_owned(),
        affiliation: "Harbor High".to_owned(),
    };
    let team = create_team(app.context(), Operator, roster, &team).await;
    let pages = [
        format!("/ctf/rosters/{roster}"),
        format!("/ctf/rosters/{roster}/teams"),
        format!("/ctf/teams/{}", team.expect("a team")),
        format!("/ctf/rosters/{roster}/new-year"),
        format!("/ctf/rosters/{roster}/competitors"),
    ];
    let coach = app.browser_of("coach").await;
    for path in &pages {
        assert_eq!(coach.get(path).await.status, 200, "{path}");
    }
    assert_eq!(app.audited(ROSTER).await, 0, "coaches read their own");
    for (path, number) in pages.iter().zip(1..) {
        let admin = app.browser_with("admin", Role::Admin).await;
        assert_eq!(admin.get(path).await.status, 200, "{path}");
        assert_eq!(app.audited(ROSTER).await, number, "{path}");
        app.clock.advance(TimeDelta::minutes(61));
    }
    app.finish().await;
}

#[tokio::test]
async fn pages_with_an_error_are_recorded_too() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (_, roster) = app.roster("coach").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    let team = TeamInput {
        name: "Null Owls".to_owned(),
        division: "high_school".to_owned(),
        affiliation: "Harbor High".to_owned(),
    };
    let team = create_team(app.context(), Operator, roster, &team).await;
    // Only coaches rate a dashboard, so the admin is one, of other rosters.
    app.coach("admin").await;
    let (page, team) =
        (format!("/ctf/rosters/{roster}"), format!("/ctf/teams/{}", team.expect("a team")));
    let profile = format!("/ctf/competitors/{ada}/profile");
    for (path, field, action) in [
        (format!("{page}/comparison"), ("number", "0"), ROSTER),
        (format!("{page}/rating"), ("rating", "9"), ROSTER),
        (format!("{page}/teams"), ("name", ""), ROSTER),
        (format!("{page}/new-year"), ("name", ""), ROSTER),
        (team.clone(), ("name", ""), ROSTER),
        (format!("{team}/members"), ("competitor", "x"), ROSTER),
        (profile.clone(), ("first_name", ""), COMPETITOR),
        (format!("{profile}/release"), ("signed_on", ""), COMPETITOR),
    ] {
        let admin = app.browser_with("admin", Role::Admin).await;
        let before = app.audited(action).await;
        let refused = admin.post(&path, &[field]).await;
        assert_eq!(refused.status, 422, "{path}: {}", refused.text);
        assert_eq!(app.audited(action).await, before + 1, "{path}");
        synced.advance(TimeDelta::minutes(61));
    }
    synced.app.finish().await;
}

#[tokio::test]
async fn questions_that_name_a_competitor_are_recorded() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    for (question, number) in ["leave", "erase"].into_iter().zip(1..) {
        let admin = app.browser_with("admin", Role::Admin).await;
        let path = format!("/ctf/competitors/{ada}/profile/{question}");
        let asked = admin.get(&path).await;
        assert!(asked.text.contains("Ada Quill"), "{}", asked.text);
        assert_eq!(app.audited(COMPETITOR).await, number, "{path}");
        app.clock.advance(TimeDelta::minutes(61));
    }
    app.finish().await;
}

#[tokio::test]
async fn reads_of_a_person_are_recorded_once_an_hour() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let (_, other) = app.roster("other").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    let admin = app.browser_with("admin", Role::Admin).await;
    let (page, card) = (format!("/ctf/rosters/{roster}"), format!("/ctf/competitors/{ada}"));
    for _ in 0..3 {
        admin.get(&page).await;
        admin.get(&card).await;
    }
    assert_eq!(app.audited(ROSTER).await, 1);
    assert_eq!(app.audited(COMPETITOR).await, 1);
    admin.get(&format!("/ctf/rosters/{other}")).await;
    assert_eq!(app.audited(ROSTER).await, 2, "another roster");
    let second = app.browser_with("second", Role::Admin).await;
    second.get(&page).await;
    assert_eq!(app.audited(ROSTER).await, 3, "another person");
    let actor = app.actor("admin").await;
    for (minutes, number) in [(59, 3), (1, 4), (1, 4)] {
        app.clock.advance(TimeDelta::minutes(minutes));
        note_roster_read(app.context(), actor, roster).await.expect("noted");
        assert_eq!(app.audited(ROSTER).await, number, "{minutes}");
    }
    app.finish().await;
}

#[tokio::test]
async fn lists_of_those_who_are_left_out_or_failed_are_recorded_with_their_ids() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (_, roster) = app.roster("coach").await;
    app.verify_address("coach").await;
    let admin = app.browser_with("admin", Role::Admin).await;
    let preflight = "/admin/game-platform/preflight";
    assert_eq!(admin.get(preflight).await.status, 200);
    assert_eq!(app.audited("sync_preflight.read").await, 0, "names no one");
    // No address, so that adding them fails.
    let ada = app.competitor(roster, "Ada", "Quill").await;
    let page = admin.get(preflight).await.text;
    assert!(page.contains("Ada Quill"), "{page}");
    let run = synced.run(RunScope::All).await;
    assert_eq!(run.failed, 1);
    let page = admin.get(&format!("/admin/game-platform/runs/{}", run.id)).await.text;
    assert!(page.contains("Ada Quill"), "{page}");
    for action in ["sync_preflight.read", "sync_run.read"] {
        let sql = format!("SELECT after AS value FROM audit_logs WHERE action = '{action}'");
        let expected = format!("{{\"competitors\":[\"{ada}\"]}}");
        assert_eq!(app.values(&sql).await, [expected], "{action}");
    }
    synced.app.finish().await;
}

#[tokio::test]
async fn a_dry_run_lists_two_hundred_competitors_of_a_reason() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    for number in 0..203 {
        app.competitor(roster, "Ada", &format!("Quill{number:03}")).await;
    }
    let admin = app.browser_with("admin", Role::Admin).await;
    let page = admin.get("/admin/game-platform/preflight").await.text;
    assert_eq!(page.matches("Ada Quill").count(), 200);
    assert!(page.contains("Would be skipped: 203"), "{page}");
    assert!(page.contains("and 3 more"), "{page}");
    app.finish().await;
}
