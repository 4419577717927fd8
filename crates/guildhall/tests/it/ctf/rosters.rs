//! Rosters: creation, settings, archiving, and school years.

use ctf::{
    actions::{
        NewYear, archive_roster, create_first_roster, create_join_link, create_roster, edit_roster,
        set_coach_approved, share_roster, start_school_year,
    },
    model::{RosterId, RosterRole},
    reads,
    rules::rosters::{CoachInput, RosterInput},
};
use identity::model::Role;
use platform::audit::Actor::Operator;

use super::{coaches::code, scene::owls};
use crate::app::TestApp;

#[tokio::test]
async fn an_approved_coach_creates_and_edits_a_roster() {
    let app = TestApp::start().await;
    app.coach("marit-s").await;
    let marit = app.browser_of("marit-s").await;
    let blank = marit.get("/ctf/rosters/new").await.text;
    assert!(blank.contains("value=\"Harbor High\""), "{blank}");
    let fields = |name, year| {
        [
            ("name", name),
            ("school", "Harbor High"),
            ("school_year", year),
            ("timezone", "America/Chicago"),
        ]
    };
    let refused = marit.post("/ctf/rosters/new", &fields("Owls", "soon")).await;
    refused.refuses_form(422, Some("school_year"), "2026/27");
    let created = marit.post("/ctf/rosters/new", &fields("Owls", "2026/27")).await;
    let settings = created.location().to_owned();
    let page = marit.get(&settings).await.text;
    assert!(page.contains("Owls is created"), "{page}");
    let refused = marit.post(&settings, &fields("", "2026/27")).await;
    refused.refuses_form(422, Some("name"), "missing");
    let saved = marit.post(&settings, &fields("Night <Owls>", "2026")).await;
    assert_eq!(saved.location(), settings);
    let home = marit.get("/ctf").await.text;
    assert!(home.contains("Night &#60;Owls&#62;"), "{home}");
    let audited =
        "SELECT action AS value FROM audit_logs WHERE target_kind = 'ctf_roster' ORDER BY id";
    assert_eq!(app.values(audited).await, ["ctf_roster.create", "ctf_roster.edit"]);
    app.finish().await;
}

#[tokio::test]
async fn an_admin_becomes_a_coach_with_a_first_roster() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for page in ["/ctf", "/admin/ctf"] {
        let page = admin.get(page).await.text;
        assert!(page.contains("href=\"/ctf/rosters/new\""), "{page}");
    }
    let blank = admin.get("/ctf/rosters/new").await.text;
    assert!(blank.contains("You as its coach") && blank.contains("name=\"region\""), "{blank}");
    let form = |region| {
        [
            ("name", "Owls"),
            ("school", "Harbor High"),
            ("school_year", "2026/27"),
            ("timezone", "UTC"),
            ("division", "high_school"),
            ("region", region),
        ]
    };
    let refused = admin.post("/ctf/rosters/new", &form("")).await;
    refused.refuses_form(422, Some("region"), "region");
    for kept in ["value=\"Owls\"", "value=\"high_school\" selected"] {
        assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
    }
    assert_eq!(app.count("SELECT count(*) FROM coaches").await, 0);
    let created = admin.post("/ctf/rosters/new", &form("Texas")).await;
    let page = admin.get(created.location()).await.text;
    assert!(page.contains("Owls is created"), "{page}");
    let coach = app.coach_of("rook-elm").await;
    assert!(coach.approved && coach.school == "Harbor High" && coach.region == "Texas");
    assert!(admin.get("/ctf").await.text.contains("Owls"));
    let audited = "SELECT action AS value FROM audit_logs \
                   WHERE target_kind IN ('coach', 'ctf_roster') ORDER BY id";
    assert_eq!(app.values(audited).await, ["coach.approve", "ctf_roster.create"]);
    let blank = admin.get("/ctf/rosters/new").await.text;
    assert!(!blank.contains("You as its coach") && blank.contains("value=\"Harbor High\""));
    // One who is suspended is asked to be approved again first.
    set_coach_approved(app.context(), Operator, coach.key(), false).await.expect("suspended");
    admin.get("/ctf/rosters/new").await.refuses(403, "COACH_REQUIRED", "Only approved coaches");
    app.finish().await;
}

#[tokio::test]
async fn an_admin_who_creates_two_rosters_at_once_becomes_a_coach_once() {
    for _ in 0..4 {
        let app = TestApp::start().await;
        app.browser_with("rook-elm", Role::Admin).await;
        let person = app.person_id("rook-elm").await.into();
        let own = CoachInput {
            school: String::new(),
            division: "college".to_owned(),
            region: "Texas".to_owned(),
        };
        let input = owls();
        let create = || create_first_roster(app.context(), person, &own, &input);
        let (one, other) = tokio::join!(create(), create());
        let refused = if one.is_ok() { other } else { one };
        assert_eq!(code(refused), "ALREADY_COACH");
        for table in ["coaches", "rosters", "roster_coaches"] {
            assert_eq!(app.count(&format!("SELECT count(*) FROM {table}")).await, 1, "{table}");
        }
        app.finish().await;
    }
}

#[tokio::test]
async fn others_find_no_roster_and_do_not_learn_that_it_exists() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    app.coach("tomas-b").await;
    let tomas = app.browser_of("tomas-b").await;
    let unknown = RosterId::new(app.context().ids.next());
    for id in [roster.to_string(), unknown.to_string(), "owls".to_owned()] {
        for page in ["coaches", "settings", "archive", "new-year", "leave"] {
            let answer = tomas.get(&format!("/ctf/rosters/{id}/{page}")).await;
            assert_eq!(answer.status, 404, "{id} {page}");
            assert!(answer.text.contains("Unknown roster."), "{}", answer.text);
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_suspended_coach_creates_no_roster() {
    let app = TestApp::start().await;
    let coach = app.coach("marit-s").await;
    let before = app.coach_view(coach).await;
    set_coach_approved(app.context(), Operator, coach, false).await.expect("suspended");
    // The request began before.
    let refused = create_roster(app.context(), &before, &owls()).await;
    assert_eq!(code(refused), "COACH_REQUIRED");
    app.finish().await;
}

#[tokio::test]
async fn an_archived_roster_is_not_changed() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let token = app.join_token(roster).await;
    let marit = app.browser_of("marit-s").await;
    let archive = format!("/ctf/rosters/{roster}/archive");
    assert!(marit.get(&archive).await.text.contains("Archive Harbor Owls?"));
    assert_eq!(marit.post(&archive, &[]).await.location(), "/ctf");
    assert!(marit.get("/ctf").await.text.contains("Archived"));
    let context = app.context();
    let archived = "ROSTER_ARCHIVED";
    assert_eq!(code(archive_roster(context, Operator, roster).await), archived);
    assert_eq!(code(edit_roster(context, Operator, roster, &owls()).await), archived);
    assert_eq!(code(create_join_link(context, Operator, roster).await), archived);
    let shared =
        share_roster(context, &app.server.post, Operator, roster, RosterRole::Coach, "").await;
    assert_eq!(code(shared), archived);
    let year = start_school_year(context, Operator, roster, &NewYear::default()).await;
    assert_eq!(code(year), archived);
    let wren = app.browser_of("wren-oak").await;
    let ended = wren.get(&format!("/ctf/links/{token}")).await;
    assert_eq!(ended.status, 410);
    assert!(ended.text.contains("This link was revoked"), "{}", ended.text);
    app.finish().await;
}

#[tokio::test]
async fn continuing_competitors_move_to_the_new_school_year() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let other = app.shared_with(roster, "tomas-b", RosterRole::Assistant).await;
    let stays = app.joined(roster, "ada-q").await;
    let ends = app.joined(roster, "bo-f").await;
    let team = "INSERT INTO ctf_teams (id, created_at, updated_at, roster_id, name, division, affiliation, \
                status) SELECT id, created_at, updated_at, id, 'Terns', 'high_school', 'Harbor High', \
                'forming' FROM rosters";
    app.change(team).await.expect("a team");
    let member = "INSERT INTO ctf_team_members (id, created_at, team_id, competitor_id) \
                  SELECT p.id, p.created_at, p.roster_id, p.id FROM competitors p";
    app.change(member).await.expect("members");
    let marit = app.browser_of("marit-s").await;
    let path = format!("/ctf/rosters/{roster}/new-year");
    let page = marit.get(&path).await.text;
    assert!(page.contains("value=\"2027/28\"") && page.contains("checked"), "{page}");
    let id = stays.to_string();
    let fields = |year| [("name", "Owls"), ("school_year", year), ("competitor", &*id)];
    let refused = marit.post(&path, &fields("2026/27")).await;
    refused.refuses_form(422, Some("school_year"), "already has the school year");
    let started = marit.post(&path, &fields("2027/28")).await;
    let next = started.location().to_owned();
    let next = next.split('/').nth(3).expect("an ID");
    let next: RosterId = next.parse::<uuid::Uuid>().expect("an ID").into();

    let db = &app.context().db;
    let moved = reads::competitor(db, stays).await.expect("read");
    assert_eq!(moved.expect("a competitor").roster(), next);
    let kept = reads::competitor(db, ends).await.expect("read");
    assert_eq!(kept.expect("a competitor").roster(), roster);
    let former = reads::roster(db, roster).await.expect("read");
    assert!(former.expect("a roster").is_archived());
    let coaches = reads::roster_coaches(db, next).await.expect("read");
    let roles: Vec<_> = coaches.iter().map(|row| row.role).collect();
    assert_eq!(roles, [RosterRole::Coach, RosterRole::Assistant]);
    assert_eq!(coaches.last().map(|row| row.coach.key()), Some(other));
    let active = "SELECT count(*) FROM ctf_teams WHERE status <> 'archived'";
    assert_eq!(app.count(active).await, 0);
    let present = "SELECT count(*) FROM ctf_team_members WHERE left_at IS NULL";
    assert_eq!(app.count(present).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_school_year_moves_only_competitors_of_the_roster() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let (_, elsewhere) = app.roster("tomas-b").await;
    let own = app.joined(roster, "ada-q").await;
    let other = app.joined(elsewhere, "bo-f").await;
    let left = app.joined(roster, "cy-d").await;
    let leave = "UPDATE competitors SET left_at = created_at WHERE user_id IN \
                 (SELECT id FROM users WHERE login = 'cy-d')";
    app.change(leave).await.expect("left");
    let new = NewYear {
        name: "Owls".to_owned(),
        school_year: "2027/28".to_owned(),
        competitors: vec![own, other, left],
    };
    let started = start_school_year(app.context(), Operator, roster, &new).await;
    assert_eq!(started.expect("started").moved, 1);
    let stays = reads::competitor(&app.context().db, other).await.expect("read");
    assert_eq!(stays.expect("a competitor").roster(), elsewhere);
    app.finish().await;
}

#[tokio::test]
async fn settings_are_limited() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    for wrong in [
        RosterInput { name: "a".repeat(81), ..owls() },
        RosterInput { school: "a".repeat(121), ..owls() },
    ] {
        let refused = edit_roster(app.context(), Operator, roster, &wrong).await;
        assert_eq!(code(refused), "BAD_ROSTER");
    }
    let wrong = RosterInput { timezone: "Chicago".to_owned(), ..owls() };
    let refused = edit_roster(app.context(), Operator, roster, &wrong).await;
    assert_eq!(code(refused), "NO_SUCH_TIMEZONE");
    app.finish().await;
}
