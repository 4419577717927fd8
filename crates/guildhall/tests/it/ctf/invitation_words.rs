//! The words of an invitation before sign-in and of the email to a parent; acts that an archived roster does not offer.

use ctf::{
    actions::{archive_roster, share_roster},
    model::RosterRole,
};
use platform::audit::Actor::Operator;

use super::{imports::page, privacy_scene::minor};
use crate::app::{TestApp, browser::Browser};

#[tokio::test]
async fn a_visitor_reads_who_invites_to_what() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let (marit, post) = (app.actor("marit-s").await, &app.server.post);
    let token = share_roster(app.context(), post, marit, roster, RosterRole::Assistant, "").await;
    let token = token.expect("shared");
    let join = app.join_token(roster).await;
    for (token, words) in [
        (
            &token,
            "marit-s invites you to assist the coaches of the CTF team roster Harbor Owls of Harbor High",
        ),
        (&join, "An operator of this server invites you to join the CTF team roster Harbor Owls"),
    ] {
        let visitor = Browser::new(&app);
        let asked = visitor.get(&format!("/ctf/links/{token}")).await;
        assert!(asked.location().starts_with("/sign-in?return=%2Fctf%2Flinks%2F"));
        let page = visitor.get(asked.location()).await;
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let coach = app.coach_token().await;
    let tomas = app.browser_of("tomas-b").await;
    let form = tomas.get(&format!("/ctf/links/{coach}")).await.text;
    assert!(form.contains("<option value=\"\">Choose</option>"), "no division is preset: {form}");
    app.finish().await;
}

#[tokio::test]
async fn the_e_mail_to_a_parent_names_the_school_and_the_coach() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    let marit = app.browser_of("marit-s").await;
    marit.post(&format!("/ctf/competitors/{id}/profile/consent-link"), &[]).await.location();
    app.work().await;
    let taken = mailbox.taken();
    let text = &taken.last().expect("an email").content.text;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words =
        "The coach marit-s added Ottoline to the CTF team roster Harbor Owls of Harbor High.";
    assert!(text.contains(words), "{text}");
    mailbox.link(&app.server.post.site);
    app.finish().await;
}

#[tokio::test]
async fn an_archived_roster_offers_no_acts() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    app.added(roster, &minor()).await;
    let marit = app.browser_of("marit-s").await;
    let dashboard = format!("/ctf/rosters/{roster}");
    let before = marit.get(&dashboard).await.text;
    assert!(before.contains("Record the release"), "{before}");
    archive_roster(app.context(), Operator, roster).await.expect("archived");
    let after = marit.get(&dashboard).await.text;
    assert!(!after.contains("Record the release"), "{after}");
    let rows = [("rows", "Name\nAda Quill\n")];
    marit.get(&page(roster)).await.refuses(409, "ROSTER_ARCHIVED", "archived");
    marit.post(&page(roster), &rows).await.refuses(409, "ROSTER_ARCHIVED", "archived");
    app.finish().await;
}
