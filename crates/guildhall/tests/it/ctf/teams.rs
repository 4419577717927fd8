//! Teams of a roster.

use ctf::{
    actions::{
        add_team_member, archive_roster, create_team, delete_team, edit_team, remove_competitor,
        remove_team_member, sync_team,
    },
    gateway::Platforms,
    model::{CompetitorId, RosterId, RosterRole, TeamId},
    reads,
    rules::{runs::RunScope, teams::TeamInput},
};
use platform::{ActionError, audit::Actor::Operator};

use super::platform::Synced;
use crate::app::TestApp;

fn input(name: &str) -> TeamInput {
    TeamInput {
        name: name.to_owned(),
        division: "high_school".to_owned(),
        affiliation: "Harbor High".to_owned(),
    }
}

async fn team(app: &TestApp, roster: RosterId, name: &str) -> TeamId {
    let created = create_team(app.context(), Operator, roster, &input(name)).await;
    created.expect("created")
}

async fn add(app: &TestApp, team: TeamId, id: CompetitorId) -> Result<(), ActionError> {
    add_team_member(app.context(), Operator, team, id).await
}

fn code(error: ActionError) -> &'static str {
    match error {
        ActionError::Refused(problem) => problem.code,
        other => panic!("{other}"),
    }
}

async fn members(app: &TestApp, roster: RosterId, team: TeamId) -> usize {
    let everyone = reads::members_of_roster(&app.context().db, roster).await;
    let everyone = everyone.expect("read").into_iter();
    everyone.filter(|row| row.team_id == Some(team.0)).count()
}

#[tokio::test]
async fn a_coach_creates_a_team_and_moves_members_by_page() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    let browser = app.browser_of("coach").await;
    let list = format!("/ctf/rosters/{roster}/teams");
    let empty = browser.get(&list).await;
    assert!(empty.text.contains("No teams yet"), "{}", empty.text);
    let form = [("name", "Null Owls"), ("division", "high_school"), ("affiliation", "Harbor High")];
    let created = browser.post(&list, &form).await;
    assert_eq!(created.status, 303, "{}", created.text);
    let again = browser.post(&list, &form).await;
    assert_eq!(again.status, 409);
    assert!(again.text.contains("Choose another name"), "{}", again.text);
    let found = reads::team_named(&app.context().db, roster, "Null Owls").await;
    let page = found.expect("read").expect("a team").address();
    let ada = ada.to_string();
    let added = browser.post(&format!("{page}/members"), &[("competitor", ada.as_str())]).await;
    assert_eq!(added.status, 303, "{}", added.text);
    let shown = browser.get(&page).await;
    assert!(shown.text.contains("1 of 6") && shown.text.contains("Ada Quill"));
    let removed = format!("{page}/members/{ada}/remove");
    assert_eq!(browser.post(&removed, &[]).await.status, 303);
    let deleted = browser.post(&format!("{page}/delete"), &[]).await;
    assert_eq!(deleted.status, 303, "{}", deleted.text);
    assert_eq!(app.count("SELECT count(*) FROM ctf_teams").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn assistants_see_teams_and_other_coaches_do_not() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let id = team(&app, roster, "Null Owls").await;
    app.shared_with(roster, "assistant", RosterRole::Assistant).await;
    app.roster("other").await;
    let page = format!("/ctf/teams/{id}");
    let assistant = app.browser_of("assistant").await;
    assert_eq!(assistant.get(&page).await.status, 200);
    assert_eq!(assistant.post(&format!("{page}/delete"), &[]).await.status, 403);
    let other = app.browser_of("other").await;
    for path in [page.clone(), format!("{page}/delete")] {
        assert_eq!(other.get(&path).await.status, 404);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_competitor_is_in_one_team_of_their_roster() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let (_, elsewhere) = app.roster("other").await;
    let (one, two) = (team(&app, roster, "One").await, team(&app, roster, "Two").await);
    let ada = app.competitor(roster, "Ada", "Quill").await;
    for team in [one, two, two] {
        add(&app, team, ada).await.expect("added");
    }
    assert_eq!(members(&app, roster, one).await, 0);
    assert_eq!(members(&app, roster, two).await, 1);
    let foreign = app.competitor(elsewhere, "Bo", "Quill").await;
    let pending = app.joined(roster, "joiner").await;
    for id in [foreign, pending] {
        let refused = add(&app, one, id).await.expect_err("refused");
        assert_eq!(code(refused), "TEAM_MEMBER_REFUSED");
    }
    remove_competitor(app.context(), Operator, ada).await.expect("left");
    assert_eq!(members(&app, roster, two).await, 0);
    let refused = edit_team(app.context(), Operator, one, &input("Two")).await;
    assert_eq!(code(refused.expect_err("refused")), "TEAM_NAME_TAKEN");
    archive_roster(app.context(), Operator, roster).await.expect("archived");
    let refused = remove_team_member(app.context(), Operator, one, ada).await;
    assert_eq!(code(refused.expect_err("refused")), "ROSTER_ARCHIVED");
    app.finish().await;
}

#[tokio::test]
async fn ten_at_once_for_the_last_two_places_fill_two() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let id = team(&app, roster, "Null Owls").await;
    let mut competitors = Vec::new();
    for number in 0..14 {
        let last = format!("Quill{number}");
        competitors.push(app.competitor(roster, "Ada", &last).await);
    }
    for competitor in competitors.drain(..4) {
        add(&app, id, competitor).await.expect("added");
    }
    let tries = competitors.into_iter().map(|competitor| {
        let context = app.context().clone();
        tokio::spawn(async move { add_team_member(&context, Operator, id, competitor).await })
    });
    let tries: Vec<_> = tries.collect();
    let mut added = 0;
    for tried in tries {
        match tried.await.expect("a task") {
            Ok(()) => added += 1,
            Err(error) => assert_eq!(code(error), "TEAM_MEMBER_REFUSED"),
        }
    }
    assert_eq!(added, 2);
    assert_eq!(members(&app, roster, id).await, 6);
    app.finish().await;
}

#[tokio::test]
async fn the_platform_follows_the_members_of_a_team() {
    let synced = Synced::start().await;
    let (roster, competitors) = synced.roster_of("coach", 3).await;
    let app = &synced.app;
    let id = team(app, roster, "Null Owls").await;
    for competitor in &competitors[..2] {
        add(app, id, *competitor).await.expect("added");
    }
    let late = app.competitor(roster, "Bo", "Late").await;
    add(app, id, late).await.expect("added");
    synced.run(RunScope::All).await;
    let there = |id: CompetitorId| synced.fake.team_of(&id.to_string());
    assert_eq!(there(competitors[0]), Some(id.to_string()));
    assert_eq!(there(competitors[2]), None);
    let platforms = Platforms::of(&app.server.config);
    remove_team_member(app.context(), Operator, id, competitors[0]).await.expect("removed");
    let report = sync_team(app.context(), &platforms, Operator, id).await;
    let report = report.expect("sent");
    assert_eq!(report.removed, [competitors[0]]);
    assert_eq!(report.skipped.len(), 1, "{report:?}");
    assert_eq!(there(competitors[0]), None);
    synced.fake.switch(|switches| switches.outage = true);
    let failed = delete_team(app.context(), &platforms, Operator, id).await;
    assert!(failed.expect("deleted here").is_some());
    assert_eq!(app.count("SELECT count(*) FROM ctf_teams").await, 0);
    assert_eq!(synced.fake.teams(), [id.to_string()]);
    let open = "SELECT syned_user_id AS value FROM game_platform_erasures";
    assert_eq!(app.values(open).await, [id.to_string()]);
    synced.app.finish().await;
}
