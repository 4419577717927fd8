//! A competitor cannot consent as their own parent.

use ctf::{
    actions::{give_consent, send_consent_link},
    rules::profile::ProfileInput,
};
use platform::audit::Actor::{Operator, Visitor};

use super::{
    coaches::code,
    privacy_scene::{fields, minor},
};
use crate::app::{TestApp, browser::Browser};

const OWN: &str = "is the competitor";

/// Stores an address of the parent as it could be stored before it was checked.
async fn stored(app: &TestApp, address: &str) {
    let sql = format!("UPDATE competitors SET parent_email = '{address}'");
    app.change(&sql).await.expect("changed");
}

#[tokio::test]
async fn the_competitors_own_address_is_no_parents() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    let marit = app.browser_of("marit-s").await;
    let profile = format!("/ctf/competitors/{id}/profile");
    let token = app.profile_token(id).await;
    let save = format!("/ctf/links/{token}/profile");
    for address in ["Ottoline@Harbor.example", "ottoline+mother@harbor.example"] {
        let input = ProfileInput { parent_email: address.to_owned(), ..minor() };
        let mut form = fields(&input);
        let refused = marit.post(&profile, &form).await;
        refused.refuses_form(422, Some("parent_email"), OWN);
        let add = format!("/ctf/rosters/{roster}/competitors/new");
        marit.post(&add, &form).await.refuses_form(422, Some("parent_email"), OWN);
        form.push(("agreed", "0"));
        let refused = Browser::new(&app).post(&save, &form).await;
        refused.refuses_form(422, Some("parent_email"), OWN);
    }
    // Nor does the competitor take the parent's address later.
    let input = [("email_personal", "bartholomew@home.example"), ("agreed", "0")];
    let refused = Browser::new(&app).post(&save, &input).await;
    refused.refuses_form(422, Some("parent_email"), OWN);
    let parent = app.view(id).await.parent_email;
    assert_eq!(parent.as_deref(), Some("bartholomew@home.example"));
    app.finish().await;
}

#[tokio::test]
async fn an_address_of_before_is_neither_asked_nor_answers() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    let token = app.consent_token(id).await;
    app.work().await;
    let mailed = mailbox.subjects().len();
    stored(&app, "OTTOLINE@harbor.example").await;
    let refused = send_consent_link(app.context(), &app.server.post, Operator, id).await;
    assert_eq!(code(refused), "BAD_ROSTER");
    app.change("UPDATE ctf_links SET email = NULL").await.expect("changed");
    let refused = give_consent(app.context(), Visitor, &token, "Bo", Some(0)).await;
    assert_eq!(code(refused), "BAD_ROSTER");
    assert!(!app.view(id).await.is_released());
    app.work().await;
    assert_eq!(mailbox.subjects().len(), mailed);
    app.finish().await;
}

#[tokio::test]
async fn the_account_of_a_competitor_does_not_consent() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    let token = app.consent_token(id).await;
    app.connected(id, "ottoline").await;
    let own = app.actor("ottoline").await;
    let refused = give_consent(app.context(), own, &token, "Bo", Some(0)).await;
    assert_eq!(code(refused), "NO_PARENT");
    // The verified address of the account is the competitor's too.
    app.verify_as("ottoline", "bartholomew@home.example").await;
    let refused = give_consent(app.context(), Visitor, &token, "Bo", Some(0)).await;
    assert_eq!(code(refused), "BAD_ROSTER");
    assert!(!app.view(id).await.is_released());
    app.finish().await;
}
