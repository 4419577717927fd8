//! The work of coaches, competitors and admins.

use identity::model::Role;

use crate::app::TestApp;

#[tokio::test]
async fn students_wait_for_their_coach_and_have_work_of_their_own() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    app.is_done("coach", "joining").await;
    app.joined(roster, "ada").await;
    let item = app.waits("coach", "joining").await;
    assert_eq!(item["title"], "Ada asks to join Harbor Owls");
    assert_eq!(item["address"], format!("/ctf/rosters/{roster}/competitors?needs=confirmation"));
    app.is_done("ada", "joining").await;
    let own = app.waits("ada", "ctf_profile").await;
    assert_eq!(own["address"], "/ctf/me");

    app.change("UPDATE competitors SET confirmed_at = created_at").await.expect("confirmed");
    app.is_done("coach", "joining").await;
    let item = app.waits("coach", "release").await;
    assert_eq!(item["title"], "Ada: consent not signed");
    let list = item["address"].as_str().expect("an address").to_owned();
    let browser = app.browser_of("coach").await;
    assert!(browser.get(&list).await.text.contains("Ada Quill"), "who has to sign");
    assert!(browser.get("/").await.text.contains("CTF roster"), "what runs says what it is");
    app.change("UPDATE competitors SET is_18_or_over = TRUE, email_personal = 'ada@owl.example'")
        .await
        .expect("completed");
    app.is_done("ada", "ctf_profile").await;
    app.change("UPDATE competitors SET release_signed = TRUE").await.expect("signed");
    app.is_done("coach", "release").await;
    assert!(!browser.get(&list).await.text.contains("Ada Quill"), "no one has to sign");
    app.is_done("ada", "own_release").await;

    app.change("UPDATE competitors SET game_platform_sync_error = 'No address'")
        .await
        .expect("failed");
    let item = app.waits("coach", "sync").await;
    assert_eq!(item["title"], "Ada: sync with the game platform failed");
    app.change("UPDATE competitors SET game_platform_sync_error = NULL").await.expect("synced");
    app.is_done("coach", "sync").await;
    app.finish().await;
}

#[tokio::test]
async fn a_release_waits_for_who_may_sign_it() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    app.joined(roster, "ada").await;
    app.change(
        "UPDATE competitors SET confirmed_at = created_at, is_18_or_over = TRUE, email_personal = 'ada@owl.example'",
    )
    .await
    .expect("completed");
    app.is_done("ada", "own_release").await;
    app.change(
        "INSERT INTO ctf_consents (id, created_at, version, text) SELECT id, created_at, 1, 'The text' FROM rosters",
    )
    .await
    .expect("a text");
    app.waits("ada", "own_release").await;
    app.change("UPDATE competitors SET release_signed = TRUE").await.expect("signed");
    app.is_done("ada", "own_release").await;
    app.finish().await;
}

#[tokio::test]
async fn what_differs_from_the_platform_waits_for_admins() {
    let app = TestApp::start().await;
    app.browser_with("admin", Role::Admin).await;
    let (_, roster) = app.roster("coach").await;
    app.joined(roster, "ada").await;
    app.change(
        "INSERT INTO game_platform_reconciliations (id, created_at, trigger, scope, completed_at) \
         SELECT id, created_at, 'schedule', 'all', created_at FROM rosters",
    )
    .await
    .expect("a comparison");
    for (kind, made, fixed) in [
        (
            "discrepancies",
            "INSERT INTO ctf_discrepancies (id, created_at, competitor_id, reporter, solves_here, points_here) \
             SELECT id, created_at, id, 'coach', 1, 1 FROM competitors",
            "UPDATE ctf_discrepancies SET resolved_at = created_at",
        ),
        (
            "differences",
            "INSERT INTO game_platform_differences (id, created_at, kind, subject, competitor_id, here, there, \
             first_seen_at, last_seen_at, seen_in) SELECT p.id, p.created_at, 'account_erased', 'x', p.id, 'Erased', \
             'In a team', p.created_at, p.created_at, c.id FROM competitors p, game_platform_reconciliations c",
            "UPDATE game_platform_differences SET resolved_at = created_at",
        ),
        (
            "platform_erasures",
            "INSERT INTO game_platform_erasures (id, created_at, competitor_id, syned_user_id) \
             SELECT id, created_at, id, 'x' FROM competitors",
            "UPDATE game_platform_erasures SET confirmed_at = created_at",
        ),
    ] {
        app.change(made).await.expect("made");
        app.waits("admin", kind).await;
        app.is_done("coach", kind).await;
        app.change(fixed).await.expect("fixed");
        app.is_done("admin", kind).await;
    }
    app.finish().await;
}
