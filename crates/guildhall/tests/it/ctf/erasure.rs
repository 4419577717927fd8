//! Erasure of competitors, and the deletion of their accounts on the game platform.

use ctf::{
    actions::{
        add_team_member, confirm_erasure, create_team, erase_competitor, remind_inactive,
        request_competitor_sync, state_release,
    },
    model::{CompetitorId, MILESTONES, RosterId, RosterRole},
    reads,
    rules::teams::TeamInput,
};
use guildhall::{MODULES, privacy};
use identity::model::Role;
use platform::{audit::Actor::Operator, db::Sql as _};

use super::{app::id as known_id, coaches::code, figures::Solve, privacy_scene::minor};
use crate::{app::TestApp, privacy::erasure::texts};

/// Adds a minor on the platform with all kinds of data, whose link waits to be emailed.
async fn scene(app: &TestApp) -> (RosterId, CompetitorId) {
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    app.on_platform(id, (1, 200)).await;
    app.solved(id, Solve::new("Salted Harbor", "cryptography", 200, 2)).await;
    app.took_part(id, "October Flash", 250, 20).await;
    let team = TeamInput {
        name: "Null Owls".to_owned(),
        division: "high_school".to_owned(),
        affiliation: "Harbor High".to_owned(),
    };
    let team = create_team(app.context(), Operator, roster, &team).await;
    add_team_member(app.context(), Operator, team.expect("a team"), id).await.expect("a member");
    for change in [
        "UPDATE competitors SET metactf_username = 'ottoline.quillfeather', metactf_user_id = 7, \
         game_platform_sync_error = 'Could not sync Ottoline'",
        "UPDATE game_platform_challenge_solves SET raw = '{\"by\":\"Quillfeather\"}'",
        "UPDATE game_platform_flash_ctf_events SET raw = '{\"by\":\"Quillfeather\"}'",
        "UPDATE game_platform_sync_state SET error_message = 'Ottoline'",
    ] {
        app.change(change).await.expect(change);
    }
    app.profile_token(id).await;
    app.work().await;
    app.consent_token(id).await;
    (roster, id)
}

/// Stores the row of a run and of a comparison, and a failure, a difference and a milestone of the minor.
async fn plant(app: &TestApp, roster: RosterId, id: CompetitorId) {
    let (context, now) = (app.context(), app.context().now());
    let mut tx = context.begin().await.expect("a transaction");
    let sql = "INSERT INTO game_platform_sync_runs (id, created_at, trigger, scope, state, finished_at, \
               completed_at, outcome) VALUES ($1, $2, 'schedule', 'all', 'finished', $2, $2, 'success')";
    let values = [known_id(0x71).into(), now.into()];
    tx.run(tx.statement(sql, values)).await.expect("a run");
    let sql = "INSERT INTO game_platform_reconciliations (id, created_at, trigger, scope, completed_at) \
               VALUES ($1, $2, 'schedule', 'all', $2)";
    let values = [known_id(0x81).into(), now.into()];
    tx.run(tx.statement(sql, values)).await.expect("a comparison");
    let sql = "INSERT INTO game_platform_sync_failures (id, created_at, run_id, competitor_id, kind, message) \
               VALUES ($1, $2, $3, $4, 'refused', 'Could not sync Ottoline')";
    let values = [known_id(0x72).into(), now.into(), known_id(0x71).into(), id.into()];
    tx.run(tx.statement(sql, values)).await.expect("a failure");
    let sql = "INSERT INTO game_platform_differences (id, created_at, kind, subject, competitor_id, here, there, \
               first_seen_at, last_seen_at, seen_in) \
               VALUES ($1, $2, 'account_changed', $3, $4, 'ottoline.q', 'quillfeather', $2, $2, $5)";
    let values = [
        known_id(0x82).into(),
        now.into(),
        format!("competitor:{id}").into(),
        id.into(),
        known_id(0x81).into(),
    ];
    tx.run(tx.statement(sql, values)).await.expect("a difference");
    let sql = "INSERT INTO ctf_milestones (id, created_at, competitor_id, code, is_imported) \
               VALUES ($1, $2, $3, 'solves_1', FALSE)";
    let values = [known_id(0x83).into(), now.into(), id.into()];
    tx.run(tx.statement(sql, values)).await.expect("a milestone");
    tx.wake(MILESTONES, [roster.0], context.ids.as_ref(), now).await.expect("raised");
    tx.commit().await.expect("committed");
    app.verify_address("marit-s").await;
    app.work().await;
}

/// Reminds the minor by email, after a release was recorded.
async fn remind(app: &TestApp, roster: RosterId, id: CompetitorId) {
    let day = "2026-10-01".parse().expect("a day");
    state_release(app.context(), Operator, id, day).await.expect("recorded");
    app.seen(id, Some(30)).await;
    remind_inactive(app.context(), &app.server.post, Operator, roster).await.expect("reminded");
}

/// Returns the columns of the database that contain something about the minor or the parent.
async fn found(app: &TestApp) -> Vec<String> {
    let mut found = Vec::new();
    for (table, column) in texts(app).await {
        let text = format!("lower(coalesce(CAST({column} AS text), ''))");
        let holds = WORDS.map(|word| format!("{text} LIKE '%{word}%'")).join(" OR ");
        let sql = format!("SELECT count(*) FROM {table} WHERE {holds}");
        if app.count(&sql).await > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

const WORDS: [&str; 5] =
    ["ottoline", "quillfeather", "bartholomew", "harbor.example", "home.example"];

#[tokio::test]
async fn no_table_contains_an_erased_minor() {
    let (app, _) = TestApp::mailing().await;
    let (roster, id) = scene(&app).await;
    plant(&app, roster, id).await;
    remind(&app, roster, id).await;
    for (table, kind) in [
        ("notifications", "ctf_milestones"),
        ("outbox_messages", "ctf_reminder"),
        ("outbox_messages", "ctf_competitor_link"),
    ] {
        let sql = format!("SELECT count(*) FROM {table} WHERE kind = '{kind}'");
        assert!(app.count(&sql).await > 0, "{table} {kind}");
    }
    let before = found(&app).await;
    for table in [
        "competitors",
        "ctf_links",
        "outbox_messages",
        "game_platform_challenge_solves",
        "game_platform_flash_ctf_events",
        "game_platform_sync_state",
        "game_platform_sync_failures",
        "game_platform_differences",
    ] {
        let is_there = |place: &String| place.starts_with(&format!("{table}."));
        assert!(before.iter().any(is_there), "{table}: {before:?}");
    }
    let marit = app.browser_of("marit-s").await;
    let path = format!("/ctf/competitors/{id}/profile/erase");
    let asked = marit.get(&path).await.text;
    assert!(asked.contains("Erase the data of Ottoline"), "{asked}");
    assert!(asked.contains("asks the game platform to delete"), "{asked}");
    let list = format!("/ctf/rosters/{roster}/competitors");
    assert_eq!(marit.post(&path, &[]).await.location(), list);
    assert_eq!(found(&app).await, Vec::<String>::new());
    let view = app.view(id).await;
    assert!(view.erased_at.is_some() && view.left_at.is_some());
    assert_eq!(view.name(), "Erased competitor");
    assert_eq!(view.game_platform_id, Some(id.to_string()));
    assert_eq!(reads::team_name(&app.context().db, id).await.expect("read"), None);
    let solves = "SELECT count(*) FROM game_platform_challenge_solves";
    assert_eq!(app.count(solves).await, 1, "the numbers stay");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_erased_competitor_is_never_asked_for_again() {
    let app = TestApp::start().await;
    let (roster, id) = scene(&app).await;
    let context = app.context();
    for _ in 0..2 {
        erase_competitor(context, Operator, id).await.expect("erased");
    }
    assert_eq!(app.audited("ctf_competitor.erase").await, 1);
    let tasks = "SELECT count(*) FROM game_platform_erasures";
    assert_eq!(app.count(tasks).await, 1);
    let refused = request_competitor_sync(context, Operator, id).await;
    assert_eq!(code(refused), "COMPETITOR_NOT_SENT");
    let marit = app.browser_of("marit-s").await;
    let page = format!("/ctf/competitors/{id}/profile");
    let changed = marit.post(&page, &super::privacy_scene::fields(&minor())).await;
    changed.refuses_form(409, None, "was erased");
    for path in [page, format!("/ctf/rosters/{roster}/competitors?list=gone")] {
        let shown = marit.get(&path).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        assert!(shown.text.contains("Erased"), "{}", shown.text);
    }
    app.finish().await;
}

#[tokio::test]
async fn only_coaches_of_the_roster_erase_a_competitor() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    app.coach("tomas-b").await;
    app.shared_with(roster, "nils-a", RosterRole::Assistant).await;
    let path = format!("/ctf/competitors/{id}/profile/erase");
    for (login, status) in [("tomas-b", 404), ("nils-a", 403)] {
        let browser = app.browser_of(login).await;
        for answer in [browser.get(&path).await, browser.post(&path, &[]).await] {
            assert_eq!(answer.status.as_u16(), status, "{login}: {}", answer.text);
        }
    }
    assert!(app.view(id).await.erased_at.is_none());
    let unknown = erase_competitor(app.context(), Operator, CompetitorId::new(roster.0)).await;
    assert_eq!(code(unknown), "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn a_deletion_stays_open_until_it_is_confirmed() {
    let app = TestApp::start().await;
    let (roster, id) = scene(&app).await;
    let absent = ctf::rules::profile::ProfileInput {
        email_school: "absent@harbor.example".to_owned(),
        ..minor()
    };
    let absent = app.added(roster, &absent).await;
    let context = app.context();
    for competitor in [id, absent] {
        erase_competitor(context, Operator, competitor).await.expect("erased");
    }
    let admin = app.browser_with("admin", Role::Admin).await;
    let page = admin.get("/admin/ctf/privacy").await.text;
    let (account, other) = (id.to_string(), absent.to_string());
    assert!(page.contains(&account) && page.contains("Please delete"), "{page}");
    assert!(!page.contains(&other), "only accounts on the platform: {page}");
    assert!(!page.contains("Quillfeather"), "{page}");
    let open = reads::erasures(&context.db, None).await.expect("read").rows;
    let erasure = open.first().expect("a deletion").id;
    let actors = [app.actor("admin").await, app.actor("marit-s").await];
    let confirming = actors.map(|actor| confirm_erasure(context, actor, erasure));
    for confirmed in futures_util::future::join_all(confirming).await {
        confirmed.expect("confirmed");
    }
    assert_eq!(app.audited("game_platform_erasure.confirm").await, 1);
    let path = format!("/admin/ctf/erasures/{erasure}/confirm");
    assert_eq!(admin.post(&path, &[]).await.location(), "/admin/ctf/privacy");
    let page = admin.get("/admin/ctf/privacy").await.text;
    assert!(page.contains("Deleted") && !page.contains("Please delete"), "{page}");
    let unknown = confirm_erasure(context, Operator, id.0).await;
    assert_eq!(code(unknown), "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn an_account_that_an_operator_forgot_is_deleted_too() {
    let app = TestApp::start().await;
    let (_, id) = scene(&app).await;
    // The server put a prefix before its IDs.
    app.change("UPDATE competitors SET game_platform_id = NULL, account_id = 'mock-7'")
        .await
        .expect("as an operator does");
    erase_competitor(app.context(), Operator, id).await.expect("erased");
    let accounts = app.values("SELECT syned_user_id AS value FROM game_platform_erasures").await;
    assert_eq!(accounts, ["mock-7"]);
    app.finish().await;
}

#[tokio::test]
async fn erasing_an_account_erases_the_competitor() {
    let app = TestApp::start().await;
    let (_, id) = scene(&app).await;
    let person = app.connected(id, "ottoline-q").await;
    privacy::erase(MODULES, app.context(), Operator, person).await.expect("erased");
    assert!(app.view(id).await.erased_at.is_some());
    assert_eq!(app.count("SELECT count(*) FROM game_platform_erasures").await, 1);
    assert_eq!(found(&app).await, Vec::<String>::new());
    app.finish().await;
}

#[tokio::test]
async fn deletions_are_paged_with_the_open_ones_first() {
    let app = TestApp::start().await;
    app.coach("marit-s").await;
    let tx = app.context().begin().await.expect("a transaction");
    for number in 0..120 {
        let sql = "INSERT INTO game_platform_erasures (id, created_at, syned_user_id, confirmed_at) \
                   VALUES ($1, $2, $3, $4)";
        let now = app.context().now();
        let values = [
            app.context().ids.next().into(),
            now.into(),
            format!("team-{number:03}").into(),
            (number % 2 == 0).then_some(now).into(),
        ];
        tx.run(tx.statement(sql, values)).await.expect("a row");
    }
    tx.commit().await.expect("committed");
    let admin = app.browser_with("admin", Role::Admin).await;
    let (mut path, mut seen) = (Some("/admin/ctf/privacy".to_owned()), Vec::new());
    while let Some(next) = path {
        let page = admin.get(&next).await.text;
        let rows = page.split("<th scope=\"row\">").skip(1);
        seen.extend(rows.filter_map(|row| {
            let id = row.split("team-").nth(1)?;
            Some((row.contains("Deleted"), id[..3].to_owned()))
        }));
        let link = page.split("href=\"/admin/ctf/privacy?after=").nth(1);
        path = link.map(|link| format!("/admin/ctf/privacy?after={}", &link[..36]));
    }
    assert_eq!(seen.len(), 120);
    assert!(seen[..60].iter().all(|(is_deleted, _)| !is_deleted));
    assert_eq!((&*seen[0].1, &*seen[59].1, &*seen[60].1), ("119", "001", "118"));
    app.finish().await;
}
