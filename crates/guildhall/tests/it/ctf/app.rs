//! Rosters, coaches and competitors for tests, and the programme's part in the tests of all modules.

use ctf::{
    actions::{
        Invite, NewYear, archive_roster, change_coach_role, edit_roster, invite, leave_roster,
        note_competitor_read, note_dashboard_visit, note_roster_read, rate_dashboard,
        remove_roster_coach, reopen_roster, revoke_coach_link, revoke_roster_link,
        set_coach_approved, start_school_year,
    },
    model::{LinkKind, RosterId, RosterRole},
    rules::links::digest,
};
use platform::{
    audit::Actor::Operator,
    db::{Cell, Sql as _, Tx},
};
use uuid::Uuid;

use super::{competitor_rows::COMPETITOR_ROWS, rows::ROWS, scene::owls};
use crate::app::{TestApp, programme::ProgrammeTests};
use crate::auth::{
    objects::{Make, ObjectRow},
    rows::NONE,
};

pub(crate) const TESTS: ProgrammeTests = ProgrammeTests {
    rows: &[COMPETITOR_ROWS, ROWS],
    objects: &[OBJECTS],
    prepare: |app| Box::pin(prepare(app)),
    act: |app, login| Box::pin(act(app, login)),
};

/// Makes the person a competitor who is of age.
const COMPETITOR: Make = |app, login| Box::pin(competitor(app, login));

/// Makes the person a competitor who is on the game platform.
const ON_PLATFORM: Make = |app, login| Box::pin(on_platform(app, login));

const NO_PARAMETERS: Make = |_, _| Box::pin(async { Vec::new() });

/// Routes of competitors to their own page, and the consent text.
#[rustfmt::skip]
const OBJECTS: &[ObjectRow] = &[
    ("GET", "/ctf/me", COMPETITOR, NONE, 200),
    ("GET", "/ctf/me/report", COMPETITOR, NONE, 200),
    ("POST", "/ctf/me/report/discrepancy", ON_PLATFORM, NONE, 303),
    ("GET", "/ctf/me/report/events", COMPETITOR, NONE, 200),
    ("GET", "/ctf/me/report/solves.csv", COMPETITOR, NONE, 200),
    ("POST", "/ctf/me", COMPETITOR, &[("first_name", "Ada"), ("last_name", "Quill"), ("is_18_or_over", "yes")], 303),
    ("POST", "/ctf/me/release", COMPETITOR, &[("agreed", "0")], 303),
    ("POST", "/ctf/me/weekly-mail", COMPETITOR, NONE, 303),
    ("POST", "/ctf/me/withdraw", COMPETITOR, NONE, 303),
    ("GET", "/ctf/me/leave", COMPETITOR, NONE, 200),
    ("POST", "/ctf/me/leave", COMPETITOR, NONE, 303),
    ("GET", "/ctf/me/erase", COMPETITOR, NONE, 200),
    ("POST", "/ctf/me/erase", COMPETITOR, NONE, 303),
    ("POST", "/admin/ctf/privacy", NO_PARAMETERS, &[("text", "We show the results of competitors to their coaches.")], 303),
];

/// The coach of the rosters in the rows.
pub(super) const COACH: &str = "ctf-coach";

/// The rosters in the rows: one that `COACH` coaches, one of other coaches, one that `COACH` assists, and an archived one.
pub(super) const ROSTERS: [u128; 4] = [1, 2, 3, 4];

/// The token of the join link in the rows, to the roster of other coaches.
pub(super) const JOIN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Returns an ID that the rows name by its last digits.
pub(super) fn id(last: u128) -> Uuid {
    Uuid::from_u128(0x7000_8000_0000_0000_0000 | last)
}

/// Creates rosters with a coach, and invitations, with IDs that the rows name.
async fn prepare(app: &TestApp) {
    let people = [COACH, "admin", "ctf-suspended"];
    let mut users = Vec::new();
    for login in people {
        app.browser_of(login).await;
        users.push(app.person_id(login).await);
    }
    let now = app.context().now();
    let tx = app.context().begin().await.expect("a transaction");
    for (user, last) in users.into_iter().zip(0x21..) {
        let sql = "INSERT INTO coaches (id, created_at, updated_at, user_id, school, division, region, \
                   approved) VALUES ($1, $2, $2, $3, 'Harbor High', 'high_school', 'Texas', TRUE)";
        insert(&tx, sql, [id(last).into(), now.into(), user.into()]).await;
    }
    for last in ROSTERS {
        let sql = "INSERT INTO rosters (id, created_at, updated_at, name, school, school_year, timezone) \
                   VALUES ($1, $2, $2, 'Owls', 'Harbor High', '2026/27', 'UTC')";
        insert(&tx, sql, [id(last).into(), now.into()]).await;
    }
    let archive = "UPDATE rosters SET archived_at = $2 WHERE id = $1";
    insert(&tx, archive, [id(4).into(), now.into()]).await;
    for (row, roster, coach, role) in [
        (0x31, 1, 0x21, "coach"),
        (0x32, 3, 0x21, "assistant"),
        (0x33, 3, 0x22, "assistant"),
        (0x34, 4, 0x21, "coach"),
    ] {
        let sql = "INSERT INTO roster_coaches (id, created_at, roster_id, coach_id, role) \
                   VALUES ($1, $2, $3, $4, $5)";
        let values = [id(row).into(), now.into(), id(roster).into(), id(coach).into(), role.into()];
        insert(&tx, sql, values).await;
    }
    for (last, left) in [(0x41, false), (0x43, false), (0x44, true), (0x45, false)] {
        let sql = "INSERT INTO competitors (id, created_at, updated_at, roster_id, first_name, last_name, \
                   release_signed, wants_weekly_mail, confirmed_at, status, parent_email, left_at) \
                   VALUES ($1, $2, $2, $3, 'Ada', 'Quill', FALSE, FALSE, $2, 'pending', 'bo@home.example', $4)";
        let left = left.then_some(now);
        insert(&tx, sql, [id(last).into(), now.into(), id(1).into(), left.into()]).await;
    }
    let sql = "INSERT INTO competitors (id, created_at, updated_at, roster_id, first_name, last_name, release_signed, \
               wants_weekly_mail, confirmed_at, status, game_platform_id) \
               VALUES ($1, $2, $2, $3, 'Ben', 'Quill', TRUE, FALSE, $2, 'complete', 'ben-quill')";
    insert(&tx, sql, [id(0x46).into(), now.into(), id(1).into()]).await;
    let sql = "INSERT INTO ctf_discrepancies (id, created_at, competitor_id, reporter, solves_here, points_here) \
               VALUES ($1, $2, $3, 'coach', 1, 100)";
    insert(&tx, sql, [id(0x81).into(), now.into(), id(0x45).into()]).await;
    for (last, roster) in [(0x51, 1), (0x52, 4)] {
        let sql = "INSERT INTO ctf_teams (id, created_at, updated_at, roster_id, name, division, affiliation, \
                   status) VALUES ($1, $2, $2, $3, 'Null Owls', 'high_school', 'Harbor High', 'forming')";
        insert(&tx, sql, [id(last).into(), now.into(), id(roster).into()]).await;
    }
    let sql = "INSERT INTO game_platform_erasures (id, created_at, competitor_id, syned_user_id) \
               VALUES ($1, $2, $3, 'gone')";
    insert(&tx, sql, [id(0x61).into(), now.into(), id(0x44).into()]).await;
    let sql = "INSERT INTO game_platform_sync_runs (id, created_at, trigger, scope, state, \
               finished_at, completed_at, outcome) \
               VALUES ($1, $2, 'schedule', 'all', 'finished', $2, $2, 'success')";
    insert(&tx, sql, [id(0x71).into(), now.into()]).await;
    let sql = "INSERT INTO game_platform_reconciliations (id, created_at, trigger, scope, completed_at) \
               VALUES ($1, $2, 'schedule', 'all', $2)";
    insert(&tx, sql, [id(0x81).into(), now.into()]).await;
    let sql = "INSERT INTO game_platform_differences (id, created_at, kind, subject, competitor_id, platform_id, \
               here, there, first_seen_at, last_seen_at, seen_in) \
               VALUES ($1, $2, 'account_erased', 'gone', $3, 'gone', 'Erased', 'In a team', $2, $2, $4)";
    let values = [id(0x91).into(), now.into(), id(0x44).into(), id(0x81).into()];
    insert(&tx, sql, values).await;
    for (row, kind, token) in [(0x14, "profile", "d"), (0x15, "consent", "e")] {
        let sql = "INSERT INTO ctf_links (id, created_at, kind, digest, competitor_id, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = [
            id(row).into(),
            now.into(),
            kind.into(),
            digest(&token.repeat(64)).into(),
            id(0x45).into(),
            (now + chrono::TimeDelta::days(7)).into(),
        ];
        insert(&tx, sql, values).await;
    }
    for (row, kind, token, roster) in [
        (0x11, "join", JOIN.to_owned(), Some(id(2))),
        (0x12, "roster", "b".repeat(64), Some(id(1))),
        (0x13, "coach", "c".repeat(64), None),
    ] {
        let sql = "INSERT INTO ctf_links (id, created_at, kind, digest, roster_id, role, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, 'assistant', $6)";
        let values = [
            id(row).into(),
            now.into(),
            kind.into(),
            digest(&token).into(),
            roster.into(),
            (now + chrono::TimeDelta::days(30)).into(),
        ];
        insert(&tx, sql, values).await;
    }
    tx.commit().await.expect("committed");
}

async fn competitor(app: &TestApp, login: &str) -> Vec<String> {
    let person = app.ctf_person(login).await;
    let found = ctf::reads::competitor_of(&app.context().db, person).await;
    let found = found.expect("read").filter(|found| found.left_at.is_none());
    let competitor = match found {
        Some(found) => found.key(),
        None => app.joined(RosterId::new(id(2)), login).await,
    };
    let tx = app.context().begin().await.expect("a transaction");
    let sql =
        "UPDATE competitors SET is_18_or_over = TRUE, release_withdrawn_at = NULL WHERE id = $1";
    insert(&tx, sql, [competitor.into()]).await;
    tx.commit().await.expect("committed");
    Vec::new()
}

async fn on_platform(app: &TestApp, login: &str) -> Vec<String> {
    let values = competitor(app, login).await;
    let person = app.ctf_person(login).await;
    let found = ctf::reads::competitor_of(&app.context().db, person).await;
    let found = found.expect("read").expect("a competitor");
    app.on_platform(found.key(), (1, 100)).await;
    values
}

async fn insert<const N: usize>(tx: &Tx, sql: &str, values: [Cell; N]) {
    tx.run(tx.statement(sql, values)).await.expect("a row");
}

/// Performs every audited action of the programme with a person, and stores all kinds of data about them.
async fn act(app: &TestApp, login: &str) {
    let context = app.context();
    let (coach, roster) = app.roster(login).await;
    let actor = app.actor(login).await;
    for approved in [false, true] {
        set_coach_approved(context, Operator, coach, approved).await.expect("changed");
    }
    edit_roster(context, actor, roster, &owls()).await.expect("edited");
    let to_coach =
        Invite { kind: LinkKind::Coach, roster: None, competitor: None, role: None, email: None };
    let (link, _) = invite(context, actor, to_coach.clone()).await.expect("made");
    revoke_coach_link(context, Operator, link).await.expect("revoked");
    let to_share = Invite {
        kind: LinkKind::Roster,
        roster: Some(roster),
        role: Some(RosterRole::Coach),
        ..to_coach.clone()
    };
    let (link, _) = invite(context, actor, to_share).await.expect("made");
    revoke_roster_link(context, actor, roster, link).await.expect("revoked");
    let person = app.person_id(login).await.into();
    note_dashboard_visit(context, person).await.expect("noted");
    rate_dashboard(context, person, "4").await.expect("rated");
    share(app, login, roster).await;
    join(app, login, &to_coach).await;
    super::platform_acts::act(app, login, roster).await;
    let year = NewYear {
        name: "Owls".to_owned(),
        school_year: "2027/28".to_owned(),
        competitors: Vec::new(),
    };
    let started = start_school_year(context, actor, roster, &year).await;
    let next = started.expect("started").roster;
    archive_roster(context, actor, next).await.expect("archived");
    reopen_roster(context, actor, next).await.expect("reopened");
}

/// Shares the person's roster with coaches, of whom one leaves and one is removed.
async fn share(app: &TestApp, login: &str, roster: RosterId) {
    let (context, actor) = (app.context(), app.actor(login).await);
    let leaving = app.shared_with(roster, "ctf-leaving", RosterRole::Assistant).await;
    change_coach_role(context, actor, roster, leaving, RosterRole::Coach).await.expect("changed");
    leave_roster(context, app.person_id("ctf-leaving").await, roster).await.expect("left");
    let removed = app.shared_with(roster, "ctf-removed", RosterRole::Assistant).await;
    remove_roster_coach(context, actor, roster, removed).await.expect("removed");
}

/// Lets the person join the roster of another coach, and invites them to complete their profile.
async fn join(app: &TestApp, login: &str, link: &Invite) {
    let (_, elsewhere) = app.roster("ctf-elsewhere").await;
    let competitor = app.joined(elsewhere, login).await;
    let profile = Invite { kind: LinkKind::Profile, competitor: Some(competitor), ..link.clone() };
    invite(app.context(), Operator, profile).await.expect("made");
    note_roster_read(app.context(), app.actor(login).await, elsewhere).await.expect("recorded");
    note_competitor_read(app.context(), app.actor(login).await, competitor)
        .await
        .expect("recorded");
    super::acts::act(app, login, competitor).await;
}
