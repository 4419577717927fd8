//! The consent text by version, and the consent of parents.

use chrono::TimeDelta;
use ctf::{
    actions::{
        archive_roster, edit_competitor, give_consent, publish_consent, remove_competitor,
        request_competitor_sync, send_consent_link, sign_own_release, withdraw_consent,
    },
    model::{CompetitorStatus, ReleaseBy},
    reads,
    rules::profile::ProfileInput,
};
use identity::model::Role;
use platform::audit::Actor::{Operator, Visitor};

use super::{
    coaches::code,
    privacy_scene::{adult, minor},
};
use crate::app::{TestApp, at, browser::Browser};

const PAGE: &str = "/admin/ctf/privacy";

#[tokio::test]
async fn an_admin_publishes_versions_of_the_text() {
    let app = TestApp::start().await;
    let admin = app.browser_with("admin", Role::Admin).await;
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("No text is published"), "{page}");
    for (version, text) in
        [(1, "Coaches see the results."), (2, "Coaches see results.\nOnly they.")]
    {
        let published = admin.post(PAGE, &[("text", text)]).await;
        assert_eq!(published.location(), PAGE);
        let page = admin.get(PAGE).await.text;
        assert!(page.contains(&format!("Version {version} is in use")), "{page}");
    }
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("Coaches see the results."), "earlier versions stay: {page}");
    let long = "a".repeat(10_001);
    for (text, words) in [
        ("", "The text is missing"),
        (" Coaches see results.\r\nOnly they. ", "This is the present text"),
        (long.as_str(), "Use at most 10000"),
        ("Coaches\u{7} see", "control character"),
    ] {
        let refused = admin.post(PAGE, &[("text", text)]).await;
        refused.refuses_form(422, Some("text"), words);
    }
    for change in ["UPDATE ctf_consents SET text = 'Nothing'", "DELETE FROM ctf_consents"] {
        app.change(change).await.expect_err(change);
    }
    assert_eq!(app.audited("ctf_consent.publish").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn admins_who_publish_at_once_publish_different_versions() {
    let app = TestApp::start().await;
    let texts: Vec<String> = (0..5).map(|number| format!("Text {number}")).collect();
    let publishing = texts.iter().map(|text| publish_consent(app.context(), Operator, text));
    let outcomes = futures_util::future::join_all(publishing).await;
    let mut versions: Vec<i64> = outcomes.into_iter().map(|it| it.expect("published")).collect();
    versions.sort_unstable();
    assert_eq!(versions, [1, 2, 3, 4, 5]);
    app.finish().await;
}

#[tokio::test]
async fn a_parent_consents_and_withdraws_with_a_mailed_link() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    app.consent("Coaches see the results.").await;
    let marit = app.browser_of("marit-s").await;
    let profile = format!("/ctf/competitors/{id}/profile");
    let sent = marit.post(&format!("{profile}/consent-link"), &[]).await;
    assert_eq!(sent.location(), profile);
    let page = marit.get(&profile).await.text;
    let said = "The link is on its way to bartholomew@home.example";
    assert!(page.contains(said), "{page}");
    for text in [&sent.text, &page] {
        assert!(!text.contains("/ctf/links/"), "the coach sees it: {text}");
    }
    app.work().await;
    assert_eq!(mailbox.subjects(), ["bartholomew@home.example: Your consent for Harbor Owls"]);
    let link = mailbox.link(&app.server.post.site);
    let path = app.path(&link).to_owned();
    let (give, withdraw) = (format!("{path}/consent"), format!("{path}/withdraw"));
    let refused = request_competitor_sync(app.context(), Operator, id).await;
    assert_eq!(code(refused), "COMPETITOR_NOT_SENT");
    let parent = Browser::new(&app);
    let page = parent.get(&path).await.text;
    for words in ["Consent for <bdi>Ottoline</bdi>", "Coaches see the results.", "(version 1)"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Quillfeather"), "no more than the email says: {page}");
    let refused = parent.post(&give, &[("agreed", "1")]).await;
    refused.refuses_form(422, Some("parent_name"), "Your name");
    let refused = parent.post(&give, &[("parent_name", "Bo Quillfeather")]).await;
    refused.refuses_form(422, Some("agreed"), "Agree to the text");
    app.consent("Only coaches see the results.").await;
    let old = [("parent_name", " Bo Quillfeather "), ("agreed", "1")];
    let refused = parent.post(&give, &old).await;
    refused.refuses_form(422, Some("agreed"), "The text has changed");
    let new = [("parent_name", " Bo Quillfeather "), ("agreed", "2")];
    assert_eq!(parent.post(&give, &new).await.location(), path);
    let view = app.view(id).await;
    assert_eq!(view.status, CompetitorStatus::Complete);
    assert_eq!(view.stated_by(), Some(ReleaseBy::Parent));
    assert_eq!(view.consent_version, Some(2));
    assert!(view.consented_at.is_some());
    assert_eq!(view.consent_name.as_deref(), Some("Bo Quillfeather"));
    assert_eq!(
        view.parent_name.as_deref(),
        Some("Bartholomew Quillfeather"),
        "as the coach recorded"
    );

    app.clock.advance(TimeDelta::days(300));
    let page = parent.get(&path).await.text;
    assert!(page.contains("Consent is on record"), "{page}");
    for _ in 0..2 {
        assert_eq!(parent.post(&withdraw, &[]).await.location(), path);
    }
    assert_eq!(app.audited("ctf_competitor.withdraw_release").await, 1);
    let view = app.view(id).await;
    assert!(!view.is_released() && view.release_withdrawn_at.is_some());
    let refused = request_competitor_sync(app.context(), Operator, id).await;
    assert_eq!(code(refused), "COMPETITOR_NOT_SENT");
    let page = parent.get(&path).await.text;
    assert!(page.contains("The earlier consent was withdrawn"), "{page}");
    assert_eq!(parent.post(&give, &new).await.location(), path);
    assert!(app.view(id).await.is_released());
    let kept = "SELECT count(*) FROM ctf_links WHERE email IS NOT NULL";
    assert_eq!(app.count(kept).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn parents_are_asked_from_the_list_of_consents() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("marit-s").await;
    let asked = app.added(roster, &minor()).await;
    let email_school = "other@harbor.example".to_owned();
    let adult = app.added(roster, &ProfileInput { email_school, ..adult() }).await;
    let marit = app.browser_of("marit-s").await;
    let list = format!("/ctf/rosters/{roster}/competitors?needs=release");
    let path = |id| format!("/ctf/competitors/{id}/profile/consent-link");
    let page = marit.get(&list).await.text;
    assert!(page.contains(&path(asked)) && !page.contains(&path(adult)), "{page}");
    let sent = marit.post(&path(asked), &[("from", "list")]).await;
    assert_eq!(sent.location(), list);
    app.work().await;
    assert_eq!(mailbox.subjects(), ["bartholomew@home.example: Your consent for Harbor Owls"]);
    app.finish().await;
}

#[tokio::test]
async fn a_coach_is_not_asked_for_a_parent() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("marit-s").await;
    app.verify_address("marit-s").await;
    let parent_email = "Marit-S@oak.example".to_owned();
    let id = app.added(roster, &ProfileInput { parent_email, ..minor() }).await;
    let marit = app.browser_of("marit-s").await;
    let refused = marit.post(&format!("/ctf/competitors/{id}/profile/consent-link"), &[]).await;
    refused.refuses(409, "NO_PARENT", "cannot consent for a parent");
    app.work().await;
    assert_eq!(mailbox.subjects(), [""; 0]);
    app.finish().await;
}

#[tokio::test]
async fn a_server_without_e_mail_cannot_ask_a_parent() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    let marit = app.browser_of("marit-s").await;
    let profile = format!("/ctf/competitors/{id}/profile");
    let page = marit.get(&profile).await.text;
    let instead = "Record the signed paper instead.";
    assert!(page.contains(instead), "{page}");
    assert!(!page.contains("Ask the parent by email"), "{page}");
    let refused = marit.post(&format!("{profile}/consent-link"), &[]).await;
    refused.refuses(409, "CTF_NO_EMAIL", "This server cannot send email");
    let links = "SELECT count(*) FROM ctf_links WHERE kind = 'consent'";
    assert_eq!(app.count(links).await, 0);
    // The link of the profile is handed over.
    let made = marit.post(&format!("{profile}/link"), &[]).await.text;
    let (_, rest) = made.split_once("/ctf/links/").expect("a link");
    let (token, _) = rest.split_once('<').expect("its end");
    crate::app::logs::plant(token);
    app.finish().await;
}

#[tokio::test]
async fn releases_are_dated_by_the_day_of_the_roster() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let signed = "SELECT release_signed_on AS value FROM competitors";
    let id = app.added(roster, &minor()).await;
    let change = async |sql: &str| app.change(sql).await.expect("changed");
    let unsigned = "UPDATE competitors SET release_signed = FALSE";
    // 08:00 in Auckland, the day before in UTC.
    change("UPDATE rosters SET timezone = 'Pacific/Auckland'").await;
    app.clock.set(at("2026-11-24T19:00:00Z"));
    let marit = app.browser_of("marit-s").await;
    let profile = format!("/ctf/competitors/{id}/profile");
    let page = marit.get(&profile).await.text;
    assert!(page.contains("max=\"2026-11-25\""), "{page}");
    let release = format!("{profile}/release");
    let early = marit.post(&release, &[("signed_on", "2026-11-26")]).await;
    early.refuses_form(422, Some("signed_on"), "It cannot be in the future");
    let recorded = marit.post(&release, &[("signed_on", "2026-11-25")]).await;
    assert_eq!(recorded.location(), profile);
    assert_eq!(app.values(signed).await, ["2026-11-25"]);
    // 20:00 in Chicago, the next day in UTC.
    change("UPDATE rosters SET timezone = 'America/Chicago'").await;
    change(unsigned).await;
    app.clock.set(at("2026-11-25T02:00:00Z"));
    let token = app.consent_token(id).await;
    give_consent(app.context(), Visitor, &token, "Bo", Some(0)).await.expect("given");
    assert_eq!(app.values(signed).await, ["2026-11-24"]);
    edit_competitor(app.context(), Operator, id, &adult()).await.expect("of age");
    change(unsigned).await;
    app.clock.set(at("2026-11-26T02:00:00Z"));
    sign_own_release(app.context(), Operator, id, Some(0)).await.expect("signed");
    assert_eq!(app.values(signed).await, ["2026-11-25"]);
    app.finish().await;
}

#[tokio::test]
async fn a_parent_withdraws_after_the_school_year() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    let token = app.consent_token(id).await;
    let context = app.context();
    let parent = "Bo Quillfeather";
    give_consent(context, Visitor, &token, parent, Some(0)).await.expect("given");
    assert_eq!(app.view(id).await.consent_version, None, "no text is published");
    archive_roster(context, Operator, roster).await.expect("archived");
    withdraw_consent(context, Visitor, &token).await.expect("withdrawn");
    assert!(!app.view(id).await.is_released());
    let refused = give_consent(context, Visitor, &token, parent, Some(0)).await;
    assert_eq!(code(refused), "ROSTER_ARCHIVED");
    app.finish().await;
}

#[tokio::test]
async fn links_for_parents_are_refused_with_the_reason() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let (context, post) = (app.context(), &app.server.post);
    let id = app.added(roster, &minor()).await;
    let replaced = app.consent_token(id).await;
    let expired = app.consent_token(id).await;
    app.clock.advance(TimeDelta::days(8));
    for token in [&replaced, &expired] {
        let path = format!("/ctf/links/{token}");
        let visitor = Browser::new(&app);
        for answer in [
            visitor.get(&path).await,
            visitor.post(&format!("{path}/consent"), &[]).await,
            visitor.post(&format!("{path}/withdraw"), &[]).await,
        ] {
            assert_eq!(answer.status, 410, "{}", answer.text);
            assert!(answer.text.contains("Ask the coach"), "{}", answer.text);
        }
        let refused = give_consent(context, Visitor, token, "Bo", Some(0)).await;
        assert_eq!(code(refused), "CTF_LINK_ENDED");
        let refused = withdraw_consent(context, Visitor, token).await;
        assert_eq!(code(refused), "CTF_LINK_ENDED");
    }
    let unreachable = ProfileInput { parent_email: String::new(), ..minor() };
    for input in [adult(), unreachable] {
        edit_competitor(context, Operator, id, &input).await.expect("edited");
        let refused = send_consent_link(context, post, Operator, id).await;
        assert_eq!(code(refused), "NO_PARENT");
    }
    remove_competitor(context, Operator, id).await.expect("left");
    let refused = send_consent_link(context, post, Operator, id).await;
    assert_eq!(code(refused), "COMPETITOR_LEFT");
    assert!(reads::latest_consent(&context.db).await.expect("read").is_none());
    app.finish().await;
}
