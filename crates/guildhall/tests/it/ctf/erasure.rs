//! Erasure of competitors, and the deletion of their accounts on the game platform.

use ctf::{
    actions::{
        add_team_member, confirm_erasure, create_team, erase_competitor, request_competitor_sync,
    },
    model::{CompetitorId, RosterId, RosterRole},
    reads,
    rules::teams::TeamInput,
};
use guildhall::{MODULES, privacy};
use identity::model::Role;
use platform::audit::Actor::Operator;

use super::{coaches::code, figures::Solve, privacy_scene::minor};
use crate::{app::TestApp, privacy::erasure::texts};

/// Adds a minor on the platform with all kinds of data, whose link waits to be e-mailed.
async fn scene(app: &TestApp) -> (RosterId, CompetitorId) {
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    app.on_platform(id, (1, 200)).await;
    app.solved(id, Solve::new("Salted Harbor", "cryptography", 200, 2))
        .await;
    app.took_part(id, "October Flash", 250, 20).await;
    let team = TeamInput {
        name: "Null Owls".to_owned(),
        division: "high_school".to_owned(),
        affiliation: "Harbor High".to_owned(),
    };
    let team = create_team(app.context(), Operator, roster, &team).await;
    add_team_member(app.context(), Operator, team.expect("a team"), id)
        .await
        .expect("a member");
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

/// Returns the columns of the database that contain something about the minor or the parent.
async fn found(app: &TestApp) -> Vec<String> {
    let mut found = Vec::new();
    for (table, column) in texts(app).await {
        let text = format!("lower(coalesce(CAST({column} AS text), ''))");
        let holds = WORDS
            .map(|word| format!("{text} LIKE '%{word}%'"))
            .join(" OR ");
        let sql = format!("SELECT count(*) FROM {table} WHERE {holds}");
        if app.count(&sql).await > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

const WORDS: [&str; 5] = [
    "ottoline",
    "quillfeather",
    "bartholomew",
    "harbor.example",
    "home.example",
];

#[tokio::test]
async fn no_table_contains_an_erased_minor() {
    let (app, _) = TestApp::mailing().await;
    let (roster, id) = scene(&app).await;
    let before = found(&app).await;
    for table in [
        "competitors",
        "ctf_links",
        "outbox_messages",
        "game_platform_challenge_solves",
        "game_platform_flash_ctf_events",
        "game_platform_sync_state",
    ] {
        let is_there = |place: &String| place.starts_with(&format!("{table}."));
        assert!(before.iter().any(is_there), "{table}: {before:?}");
    }
    let marit = app.browser_of("marit-s").await;
    let path = format!("/ctf/competitors/{id}/profile/erase");
    let asked = marit.get(&path).await.text;
    assert!(asked.contains("Erase the data of Ottoline"), "{asked}");
    assert!(
        asked.contains("asks the game platform to delete"),
        "{asked}"
    );
    let list = format!("/ctf/rosters/{roster}/competitors");
    assert_eq!(marit.post(&path, &[]).await.location(), list);
    assert_eq!(found(&app).await, Vec::<String>::new());
    let view = app.view(id).await;
    assert!(view.erased_at.is_some() && view.left_at.is_some());
    assert_eq!(view.name(), "Erased competitor");
    assert_eq!(view.game_platform_id, Some(id.to_string()));
    assert_eq!(
        reads::team_name(&app.context().db, id).await.expect("read"),
        None
    );
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
        erase_competitor(context, Operator, id)
            .await
            .expect("erased");
    }
    assert_eq!(app.audited("ctf_competitor.erase").await, 1);
    let tasks = "SELECT count(*) FROM game_platform_erasures";
    assert_eq!(app.count(tasks).await, 1);
    let refused = request_competitor_sync(context, Operator, id).await;
    assert_eq!(code(refused), "COMPETITOR_NOT_SENT");
    let marit = app.browser_of("marit-s").await;
    let page = format!("/ctf/competitors/{id}/profile");
    let changed = marit
        .post(&page, &super::privacy_scene::fields(&minor()))
        .await;
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
    app.shared_with(roster, "nils-a", RosterRole::Assistant)
        .await;
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
        erase_competitor(context, Operator, competitor)
            .await
            .expect("erased");
    }
    let admin = app.browser_with("admin", Role::Admin).await;
    let page = admin.get("/admin/ctf/privacy").await.text;
    let (account, other) = (id.to_string(), absent.to_string());
    assert!(
        page.contains(&account) && page.contains("Please delete"),
        "{page}"
    );
    assert!(
        !page.contains(&other),
        "only accounts on the platform: {page}"
    );
    assert!(!page.contains("Quillfeather"), "{page}");
    let open = reads::erasures(&context.db).await.expect("read");
    let erasure = open.first().expect("a deletion").id;
    let actors = [app.actor("admin").await, app.actor("marit-s").await];
    let confirming = actors.map(|actor| confirm_erasure(context, actor, erasure));
    for confirmed in futures_util::future::join_all(confirming).await {
        confirmed.expect("confirmed");
    }
    assert_eq!(app.audited("game_platform_erasure.confirm").await, 1);
    let path = format!("/admin/ctf/erasures/{erasure}/confirm");
    assert_eq!(
        admin.post(&path, &[]).await.location(),
        "/admin/ctf/privacy"
    );
    let page = admin.get("/admin/ctf/privacy").await.text;
    assert!(
        page.contains("Deleted") && !page.contains("Please delete"),
        "{page}"
    );
    let unknown = confirm_erasure(context, Operator, id.0).await;
    assert_eq!(code(unknown), "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn an_account_that_an_operator_forgot_is_deleted_too() {
    let app = TestApp::start().await;
    let (_, id) = scene(&app).await;
    app.change("UPDATE competitors SET game_platform_id = NULL")
        .await
        .expect("as an operator does");
    erase_competitor(app.context(), Operator, id)
        .await
        .expect("erased");
    let accounts = app
        .values("SELECT syned_user_id AS value FROM game_platform_erasures")
        .await;
    assert_eq!(accounts, [id.to_string()]);
    app.finish().await;
}

#[tokio::test]
async fn erasing_an_account_erases_the_competitor() {
    let app = TestApp::start().await;
    let (_, id) = scene(&app).await;
    let person = app.connected(id, "ottoline-q").await;
    privacy::erase(MODULES, app.context(), Operator, person)
        .await
        .expect("erased");
    assert!(app.view(id).await.erased_at.is_some());
    assert_eq!(
        app.count("SELECT count(*) FROM game_platform_erasures")
            .await,
        1
    );
    assert_eq!(found(&app).await, Vec::<String>::new());
    app.finish().await;
}
