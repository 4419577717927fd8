//! The notices about a parent's answer to coaches, and the pages of the parent after it.

use ctf::{actions::share_roster, model::RosterRole};
use platform::audit::Actor::Operator;

use super::privacy_scene::minor;
use crate::app::{TestApp, browser::Browser};

async fn notices(app: &TestApp) -> Vec<String> {
    let sql = "SELECT u.login || ': ' || n.title AS value FROM notifications n \
               JOIN users u ON u.id = n.user_id WHERE n.kind = 'ctf_consents' ORDER BY n.id";
    app.values(sql).await
}

#[tokio::test]
async fn coaches_are_notified_and_the_parent_can_read_the_text_and_is_asked_twice() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    app.shared_with(roster, "tomas-b", RosterRole::Assistant).await;
    app.consent("Coaches see the results.").await;
    let id = app.added(roster, &minor()).await;
    let token = app.consent_token(id).await;
    let path = format!("/ctf/links/{token}");
    let parent = Browser::new(&app);
    let form = [("parent_name", "Bo Quillfeather"), ("agreed", "1")];
    assert_eq!(parent.post(&format!("{path}/consent"), &form).await.location(), path);
    app.work().await;
    assert_eq!(notices(&app).await, ["marit-s: Harbor Owls: a parent consented"]);
    // The coach's record of the name stays, beside the one that was typed.
    let view = app.view(id).await;
    assert_eq!(view.parent_name.as_deref(), Some("Bartholomew Quillfeather"));
    let marit = app.browser_of("marit-s").await;
    let profile = marit.get(&format!("/ctf/competitors/{id}/profile")).await.text;
    assert!(profile.contains("stated by the parent <bdi>Bo Quillfeather</bdi>"), "{profile}");
    // A later version is not the one that they agreed to.
    app.consent("Everyone sees the results.").await;
    let page = parent.get(&path).await.text;
    assert!(page.contains("Coaches see the results.") && page.contains("(version 1)"), "{page}");
    assert!(!page.contains("<form method=\"post\" action=\"/ctf/links"), "{page}");
    let asked = parent.get(&format!("{path}/withdraw")).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    assert!(asked.text.contains("Withdraw your consent?"), "{}", asked.text);
    assert!(app.view(id).await.is_released(), "asking changes nothing");
    assert_eq!(parent.post(&format!("{path}/withdraw"), &[]).await.location(), path);
    app.work().await;
    assert_eq!(notices(&app).await.len(), 2);
    assert_eq!(notices(&app).await[1], "marit-s: Harbor Owls: a parent withdrew the consent");
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_to_the_same_address_replaces_the_open_one() {
    let (app, _) = TestApp::mailing().await;
    let (_, roster) = app.roster("marit-s").await;
    let (context, post) = (app.context(), &app.server.post);
    for (role, address, open) in [
        (RosterRole::Coach, "bo@school.example", 1),
        (RosterRole::Coach, "Bo@School.example", 1),
        (RosterRole::Assistant, "bo@school.example", 2),
        (RosterRole::Coach, "cy@school.example", 3),
        (RosterRole::Coach, "bo@school.example", 3),
        (RosterRole::Coach, "", 4),
        (RosterRole::Coach, "", 5),
    ] {
        share_roster(context, post, Operator, roster, role, address).await.expect("shared");
        let found = ctf::reads::open_links(&context.db, roster, context.now()).await.expect("read");
        assert_eq!(found.len(), open, "{role:?} {address}");
    }
    app.work().await;
    app.finish().await;
}
