//! Teams: joining, leaving, and who manages them.

use hackathons::{
    actions::{self, TeamChange},
    model::TeamRole,
    reads,
};

use super::scene::{code, november};
use crate::app::{TestApp, at};

#[tokio::test]
async fn members_join_by_code_and_each_refusal_has_its_code() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    for login in ["ada", "bo", "cy", "dee"] {
        app.applied(&slug, login).await;
    }
    app.hacker("stranger").await;
    let gannet = app.team_of(&slug, "ada", "Gannet").await;
    let shown = format!("{}-{}", gannet[..4].to_lowercase(), &gannet[4..]);
    app.joins(&shown, "bo").await.expect("joined");
    app.joins(&gannet, "bo").await.expect("a second click changes nothing");
    let joined = "SELECT count(*) FROM audit_logs WHERE action = 'team.join'";
    assert_eq!(app.count(joined).await, 1);
    let heron = app.team_of(&slug, "dee", "Heron").await;
    assert_eq!(code(app.joins(&heron, "bo").await), "ALREADY_IN_TEAM");
    assert_eq!(code(app.joins("AAAA2222", "cy").await), "UNKNOWN_TEAM_CODE");
    assert_eq!(code(app.joins("AAAA-222O", "cy").await), "BAD_HACKATHON");
    assert_eq!(code(app.joins(&gannet, "stranger").await), "NOT_A_PARTICIPANT");
    let ada = app.person_id("ada").await.into();
    let lock = TeamChange { is_locked: Some(true), ..TeamChange::default() };
    actions::change_team(app.context(), ada, &slug, &lock).await.expect("locked");
    assert_eq!(code(app.joins(&gannet, "cy").await), "TEAM_LOCKED");
    let open = TeamChange { is_locked: Some(false), new_code: true, ..TeamChange::default() };
    let changed = actions::change_team(app.context(), ada, &slug, &open).await;
    let changed = changed.expect("changed");
    assert_eq!(code(app.joins(&gannet, "cy").await), "UNKNOWN_TEAM_CODE");
    app.joins(&changed.invite_code, "cy").await.expect("joined");
    app.clock.set(at("2026-11-24T18:00:00Z"));
    app.joins(&changed.invite_code, "cy").await.expect("a member stays one");
    assert_eq!(code(app.joins(&changed.invite_code, "dee").await), "TEAMS_CLOSED");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_lead_moves_and_only_leaders_manage() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    for login in ["ada", "bo", "cy"] {
        app.applied(&slug, login).await;
    }
    let gannet = app.team_of(&slug, "ada", "Gannet").await;
    for login in ["bo", "cy"] {
        app.joins(&gannet, login).await.expect("joined");
    }
    let context = app.context();
    let [ada, bo, cy] =
        [app.person_id("ada").await, app.person_id("bo").await, app.person_id("cy").await]
            .map(Into::into);
    let refused = actions::remove_member(context, bo, &slug, "cy").await;
    assert_eq!(code(refused), "TEAM_LEADER_REQUIRED");
    let refused = actions::set_team_role(context, bo, &slug, "cy", TeamRole::CoLeader).await;
    assert_eq!(code(refused), "TEAM_LEADER_REQUIRED");
    let refused = actions::set_team_role(context, ada, &slug, "ada", TeamRole::Member).await;
    assert_eq!(code(refused), "LEADER_STAYS");
    actions::set_team_role(context, ada, &slug, "cy", TeamRole::CoLeader)
        .await
        .expect("a co-leader");
    let refused = actions::remove_member(context, cy, &slug, "ada").await;
    assert_eq!(code(refused), "LEADER_STAYS");
    actions::leave_team(context, ada, &slug).await.expect("left");
    let id = app.hackathon_view(&slug).await.key();
    let own = reads::team_of(&context.db, id, cy).await.expect("read");
    let (_, role) = own.expect("a team");
    assert_eq!(role, TeamRole::Leader);
    actions::remove_member(context, cy, &slug, "bo").await.expect("removed");
    actions::set_team_role(context, cy, &slug, "bo", TeamRole::Member)
        .await
        .expect_err("no member");
    actions::create_team(context, bo, &slug, "Gannet").await.expect("another team");
    let slugs = "SELECT count(DISTINCT slug) FROM teams";
    assert_eq!(app.count(slugs).await, 2);
    app.clock.set(at("2026-11-22T18:00:00Z"));
    let refused = actions::leave_team(context, cy, &slug).await;
    assert_eq!(code(refused), "TEAMS_CLOSED");
    app.work().await;
    app.finish().await;
}
