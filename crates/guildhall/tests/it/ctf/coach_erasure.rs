//! Erasure of coaches, their accounts on the game platform, and the addresses of their invitations.

use ctf::{
    actions::{
        accept_coach_link, accept_roster_link, create_roster, fix_difference, invite_coach,
        set_coach_approved,
    },
    model::{CoachId, DifferenceId, RosterRole},
};
use guildhall::{MODULES, privacy};
use identity::model::Role;
use platform::{audit::Actor::Operator, db::Sql as _};

use super::{
    app::id as known_id,
    coaches::code,
    platform::switched_on,
    scene::{harbor, owls},
};
use crate::app::TestApp;

/// Stores that the account of a coach differs.
async fn differs(app: &TestApp, coach: CoachId) -> DifferenceId {
    let (context, now) = (app.context(), app.context().now());
    let tx = context.begin().await.expect("a transaction");
    let sql = "INSERT INTO game_platform_reconciliations (id, created_at, trigger, scope, completed_at) \
               VALUES ($1, $2, 'schedule', 'all', $2)";
    let values = [known_id(0x81).into(), now.into()];
    tx.run(tx.statement(sql, values)).await.expect("a comparison");
    let sql = "INSERT INTO game_platform_differences (id, created_at, kind, subject, coach_id, here, there, \
               first_seen_at, last_seen_at, seen_in) \
               VALUES ($1, $2, 'account_changed', $3, $4, 'Approved', 'Denied', $2, $2, $5)";
    let values = [
        known_id(0x91).into(),
        now.into(),
        format!("coach:{coach}").into(),
        coach.into(),
        known_id(0x81).into(),
    ];
    tx.run(tx.statement(sql, values)).await.expect("a difference");
    tx.commit().await.expect("committed");
    DifferenceId::new(known_id(0x91))
}

async fn erase_person(app: &TestApp, login: &str) {
    let person = app.person_id(login).await.into();
    privacy::erase(MODULES, app.context(), Operator, person).await.expect("erased");
}

#[tokio::test]
async fn nothing_is_written_into_the_row_of_an_erased_coach() {
    let app = TestApp::start().await;
    let (coach, _) = app.roster("marit-s").await;
    app.change("UPDATE coaches SET game_platform_id = 'mock-1', metactf_username = 'marit'")
        .await
        .expect("on the platform");
    let difference = differs(&app, coach).await;
    let (context, platforms, fake) = switched_on(&app, &coach.to_string()).await;
    erase_person(&app, "marit-s").await;
    let fix = || fix_difference(&context, &platforms, Operator, difference);
    assert_eq!(code(fix().await), "NOT_FOUND", "resolved");
    // A comparison that began before reports it again.
    app.change("UPDATE game_platform_differences SET resolved_at = NULL").await.expect("open");
    assert_eq!(code(fix().await), "GAME_PLATFORM_FAILED");
    assert!(fake.calls().is_empty(), "{:?}", fake.calls());
    let stored = "SELECT coalesce(metactf_username, '') || coalesce(game_platform_sync_error, '') || school AS value \
                  FROM coaches";
    assert_eq!(app.values(stored).await, [""]);
    let refused = set_coach_approved(app.context(), Operator, coach, true).await;
    assert_eq!(code(refused), "COACH_ERASED");
    let admin = app.browser_with("admin", Role::Admin).await;
    let list = admin.get("/admin/ctf").await.text;
    assert!(list.contains(">Erased</span>"), "{list}");
    assert!(!list.contains(&format!("{coach}/approve")), "{list}");
    app.finish().await;
}

#[tokio::test]
async fn the_account_of_a_coach_who_is_erased_meanwhile_has_to_be_deleted() {
    let app = TestApp::start().await;
    let (coach, _) = app.roster("marit-s").await;
    let difference = differs(&app, coach).await;
    let (context, platforms, fake) = switched_on(&app, &coach.to_string()).await;
    fake.switch(|switches| switches.latency_ms = 3_000);
    let erase = async {
        // The platform was asked, and has not answered.
        while fake.calls().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        erase_person(&app, "marit-s").await;
    };
    let fix = fix_difference(&context, &platforms, Operator, difference);
    let (fixed, ()) = tokio::join!(fix, erase);
    fixed.expect("asked");
    let accounts = "SELECT syned_user_id AS value FROM game_platform_erasures";
    assert_eq!(app.values(accounts).await, [coach.to_string()]);
    let stored = "SELECT count(*) FROM coaches WHERE game_platform_id IS NOT NULL OR metactf_username IS NOT NULL";
    assert_eq!(app.count(stored).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn no_roster_keeps_a_coach_who_is_erased_at_the_same_time() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    for number in 0..6 {
        let login = format!("coach-{number}");
        let coach = app.coach(&login).await;
        let (view, person) = (app.coach_view(coach).await, app.person_id(&login).await.into());
        let token = app.share_token(roster, RosterRole::Assistant).await;
        let owls = owls();
        let (created, accepted, ()) = tokio::join!(
            create_roster(app.context(), &view, &owls),
            accept_roster_link(app.context(), person, &token),
            erase_person(&app, &login),
        );
        for outcome in [created.map(drop), accepted.map(drop)] {
            if outcome.is_err() {
                assert_eq!(code(outcome), "COACH_REQUIRED");
            }
        }
    }
    let left = "SELECT count(*) FROM roster_coaches b JOIN coaches c ON c.id = b.coach_id \
                WHERE c.erased_at IS NOT NULL";
    assert_eq!(app.count(left).await, 0);
    let erased = "SELECT count(*) FROM coaches WHERE erased_at IS NOT NULL AND NOT approved";
    assert_eq!(app.count(erased).await, 6);
    app.finish().await;
}

#[tokio::test]
async fn the_addresses_of_a_coach_are_forgotten_with_the_e_mails() {
    let (app, _mailbox) = TestApp::mailing().await;
    let (context, post) = (app.context(), &app.server.post);
    let mails = "SELECT recipient AS value FROM outbox_messages ORDER BY recipient";
    let token = invite_coach(context, post, Operator, "marit@harbor.example").await;
    app.work().await;
    assert_eq!(app.values(mails).await, ["marit@harbor.example"]);
    let person = app.ctf_person("marit-s").await;
    let token = token.expect("invited");
    app.verify_as("marit-s", "marit@harbor.example").await;
    accept_coach_link(context, person, &token, &harbor()).await.expect("a coach");
    assert_eq!(app.values(mails).await, Vec::<String>::new(), "at acceptance");
    let own = "UPDATE user_emails SET address = 'marit-s@oak.example'";
    app.change(own).await.expect("changed");
    for address in ["Marit-S@oak.example", "other@oak.example"] {
        invite_coach(context, post, Operator, address).await.expect("invited");
    }
    app.work().await;
    assert_eq!(app.values(mails).await.len(), 2);
    erase_person(&app, "marit-s").await;
    assert_eq!(app.values(mails).await, ["other@oak.example"]);
    let links = "SELECT email AS value FROM ctf_links WHERE email IS NOT NULL";
    assert_eq!(app.values(links).await, ["other@oak.example"]);
    app.finish().await;
}

#[tokio::test]
async fn the_account_of_an_erased_coach_has_to_be_deleted_too() {
    let app = TestApp::start().await;
    let (coach, _) = app.roster("marit-s").await;
    app.coach("tomas-b").await;
    app.change(&format!(
        "UPDATE coaches SET game_platform_id = 'mock-{coach}' WHERE school = 'Harbor High' \
         AND user_id = (SELECT id FROM users WHERE login = 'marit-s')"
    ))
    .await
    .expect("on the platform");
    for login in ["marit-s", "tomas-b"] {
        let person = app.person_id(login).await.into();
        privacy::erase(MODULES, app.context(), Operator, person).await.expect("erased");
    }
    let accounts = "SELECT syned_user_id AS value FROM game_platform_erasures";
    assert_eq!(app.values(accounts).await, [format!("mock-{coach}")]);
    let admin = app.browser_with("admin", Role::Admin).await;
    let page = admin.get("/admin/ctf/privacy").await.text;
    assert!(page.contains("<span class=\"meta block\">Coach</span>"), "{page}");
    app.finish().await;
}
