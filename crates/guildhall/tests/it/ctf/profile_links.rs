//! Links with which competitors complete their profiles.

use chrono::TimeDelta;
use ctf::{
    actions::{
        CompletedProfile, archive_roster, complete_profile, edit_competitor, edit_own_profile,
        erase_competitor, remove_competitor, send_consent_link, send_profile_link,
    },
    model::{CompetitorStatus, ReleaseBy},
    rules::profile::ProfileInput,
};
use platform::{
    audit::Actor::{Operator, Visitor},
    outbox::TO_ADDRESS,
};

use super::{
    coaches::code,
    privacy_scene::{adult, fields, minor},
};
use crate::app::{TestApp, browser::Browser, logs};

/// A competitor of age whose grade is not known.
fn unfinished() -> ProfileInput {
    ProfileInput { grade: String::new(), ..adult() }
}

#[tokio::test]
async fn a_competitor_completes_the_profile_with_a_mailed_link() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &unfinished()).await;
    let marit = app.browser_of("marit-s").await;
    let page = format!("/ctf/competitors/{id}/profile");
    let sent = marit.post(&format!("{page}/link"), &[]).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert!(sent.text.contains("ottoline@harbor.example"), "{}", sent.text);
    app.work().await;
    assert_eq!(
        mailbox.subjects(),
        ["ottoline@harbor.example: Complete your profile for Harbor Owls"]
    );
    let link = mailbox.link(&app.server.post.site);
    let links = format!("{}/ctf/links/", app.server.post.site);
    assert!(sent.text.contains(&links), "one to hand over is shown once");
    assert!(!sent.text.contains(&link), "the emailed one proves the address: no coach sees it");
    assert!(!marit.get(&page).await.text.contains(&links));
    let path = app.path(&link).to_owned();
    let save = format!("{path}/profile");
    let visitor = Browser::new(&app);
    let (input, shown) = (adult(), visitor.get(&path).await);
    assert_eq!(shown.status, 200);
    assert!(shown.text.contains("Your profile for"), "{}", shown.text);
    let refused = visitor.post(&save, &fields(&input)).await;
    refused.refuses_form(422, Some("agreed"), "Agree to the text");
    assert!(refused.text.contains("value=\"10\""), "{}", refused.text);
    assert_eq!(visitor.get(&path).await.status, 200, "until it is completed");
    let mut form = fields(&input);
    form.push(("agreed", "0"));
    assert_eq!(visitor.post(&save, &form).await.location(), "/");
    let view = app.view(id).await;
    assert_eq!(view.status, CompetitorStatus::Complete);
    assert_eq!(view.stated_by(), Some(ReleaseBy::Competitor));
    assert_eq!((view.grade, view.user_id), (Some(10), None));
    for answer in [visitor.get(&path).await, visitor.post(&save, &form).await] {
        assert_eq!(answer.status, 410, "{}", answer.text);
        assert!(answer.text.contains("already used"), "{}", answer.text);
    }
    let kept = "SELECT count(*) FROM ctf_links WHERE email IS NOT NULL";
    assert_eq!(app.count(kept).await, 0);
    assert_eq!(app.audited("ctf_competitor.complete").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn what_is_left_empty_stays_as_it_is() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &ProfileInput { grade: String::new(), ..minor() }).await;
    let token = app.profile_token(id).await;
    let visitor = Browser::new(&app);
    let page = visitor.get(&format!("/ctf/links/{token}")).await.text;
    assert!(!page.contains("id=\"first_name\" name=\"first_name\" value=\"\" required"), "{page}");
    let form = [("grade", "11"), ("agreed", "0")];
    assert_eq!(visitor.post(&format!("/ctf/links/{token}/profile"), &form).await.location(), "/");
    let view = app.view(id).await;
    assert_eq!((view.name().as_str(), view.grade), ("Ottoline Quillfeather", Some(11)));
    assert_eq!(view.parent_email.as_deref(), Some("bartholomew@home.example"));
    app.finish().await;
}

#[tokio::test]
async fn a_link_is_shown_to_hand_over_without_e_mail() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &unfinished()).await;
    let marit = app.browser_of("marit-s").await;
    let link = format!("/ctf/competitors/{id}/profile/link");
    let sent = marit.post(&link, &[]).await.text;
    assert!(sent.contains("could not email it"), "{sent}");
    let (_, rest) = sent.split_once("/ctf/links/").expect("a link");
    let (token, _) = rest.split_once('<').expect("its end");
    logs::plant(token);
    let page = Browser::new(&app).get(&format!("/ctf/links/{token}")).await;
    assert_eq!(page.status, 200);
    app.coach("tomas-b").await;
    let stranger = app.browser_of("tomas-b").await.post(&link, &[]).await;
    assert_eq!(stranger.status, 404, "no coach sees students of others");
    app.finish().await;
}

#[tokio::test]
async fn each_refusal_says_what_to_correct() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    let token = app.profile_token(id).await;
    let save = format!("/ctf/links/{token}/profile");
    let visitor = Browser::new(&app);
    for (name, value, field, words) in [
        ("grade", "17", Some("grade"), "from 1 to 16"),
        ("email_school", "ottoline", Some("email_school"), "not a valid email"),
        ("is_18_or_over", "yes", Some("is_18_or_over"), "Only a coach can change this"),
        ("agreed", "7", Some("agreed"), "The text has changed"),
    ] {
        let input = minor();
        let mut form = fields(&input);
        form.push(("agreed", "0"));
        for pair in form.iter_mut().filter(|pair| pair.0 == name) {
            pair.1 = value;
        }
        let refused = visitor.post(&save, &form).await;
        refused.refuses_form(422, field, words);
    }
    assert_eq!(app.view(id).await.status, CompetitorStatus::Profile);
    let known = ProfileInput {
        email_school: "other@harbor.example".to_owned(),
        is_18_or_over: String::new(),
        ..unfinished()
    };
    let token = app.profile_token(app.added(roster, &known).await).await;
    for (name, words) in [
        ("parent_email", "the email address of a parent is missing"),
        ("is_18_or_over", "the age group is missing"),
    ] {
        let input = minor();
        let form = fields(&input).into_iter().filter(|pair| pair.0 != name);
        let form: Vec<_> = form.chain([("agreed", "0")]).collect();
        let refused = visitor.post(&format!("/ctf/links/{token}/profile"), &form).await;
        refused.refuses_form(422, None, words);
    }
    app.finish().await;
}

#[tokio::test]
async fn ended_and_foreign_links_complete_no_profile() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let visitor = Browser::new(&app);
    let mut ids = Vec::new();
    for number in 0..4 {
        let school = format!("student-{number}@harbor.example");
        let input = ProfileInput { email_school: school, ..minor() };
        ids.push(app.added(roster, &input).await);
    }
    let replaced = app.profile_token(ids[0]).await;
    let expired = app.profile_token(ids[0]).await;
    let erased = app.profile_token(ids[1]).await;
    let left = app.profile_token(ids[2]).await;
    let context = app.context();
    erase_competitor(context, Operator, ids[1]).await.expect("erased");
    remove_competitor(context, Operator, ids[2]).await.expect("left");
    app.clock.advance(TimeDelta::days(8));
    for (token, heading) in [
        (&replaced, "This link was revoked"),
        (&expired, "This link has expired"),
        (&erased, "This link was revoked"),
        (&left, "This link was revoked"),
    ] {
        let path = format!("/ctf/links/{token}");
        let answers =
            [visitor.get(&path).await, visitor.post(&format!("{path}/profile"), &[]).await];
        for answer in answers {
            assert_eq!(answer.status, 410, "{}", answer.text);
            assert!(answer.text.contains(heading), "{heading}: {}", answer.text);
            assert!(!answer.text.contains("Quillfeather"), "{}", answer.text);
        }
        let completed = CompletedProfile { profile: minor(), agreed: Some(0), connect: None };
        let refused = complete_profile(context, Visitor, token, &completed).await;
        assert!(["CTF_LINK_ENDED", "COMPETITOR_LEFT"].contains(&code(refused)));
    }
    let consent = app.consent_token(ids[3]).await;
    let profile = app.profile_token(ids[3]).await;
    let signed_in = app.browser_of("wren-oak").await;
    for path in [
        format!("/ctf/links/{consent}/profile"),
        format!("/ctf/links/{profile}/consent"),
        format!("/ctf/links/{profile}/withdraw"),
        format!("/ctf/links/{profile}"),
        format!("/ctf/links/{}/profile", "0".repeat(64)),
        "/ctf/links/short/profile".to_owned(),
    ] {
        let answer = signed_in.post(&path, &[]).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
    }
    app.finish().await;
}

#[tokio::test]
async fn an_account_is_connected_with_one_competitor() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    let input = ProfileInput { email_school: "other@harbor.example".to_owned(), ..minor() };
    let other = app.added(roster, &input).await;
    let (token, second) = (app.profile_token(id).await, app.profile_token(other).await);
    let offer = "Connect this profile with my account";
    let marit = app.browser_of("marit-s").await;
    let page = marit.get(&format!("/ctf/links/{token}")).await.text;
    assert!(!page.contains(offer), "coaches are no competitors: {page}");
    let student = app.browser_of("ada-q").await;
    let page = student.get(&format!("/ctf/links/{token}")).await.text;
    assert!(page.contains(offer) && page.contains("ada-q"), "{page}");
    let profile = minor();
    let mut form = fields(&profile);
    form.extend([("agreed", "0"), ("connect", "yes")]);
    let saved = student.post(&format!("/ctf/links/{token}/profile"), &form).await;
    assert_eq!(saved.location(), "/ctf/me");
    assert_eq!(student.get("/ctf/me").await.status, 200);
    let ada = app.person_id("ada-q").await;
    assert_eq!(app.view(id).await.user_id, Some(ada));
    let page = student.get(&format!("/ctf/links/{second}")).await.text;
    assert!(!page.contains(offer), "{page}");
    let refused = student.post(&format!("/ctf/links/{second}/profile"), &form).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(refused.text.contains("belongs to another competitor"), "{}", refused.text);
    assert_eq!(app.view(other).await.user_id, None);
    app.finish().await;
}

#[tokio::test]
async fn a_competitor_alone_does_not_end_the_protection_of_minors() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let unknown = ProfileInput { is_18_or_over: String::new(), ..adult() };
    let id = app.added(roster, &unknown).await;
    let token = app.profile_token(id).await;
    let save = format!("/ctf/links/{token}/profile");
    let input = adult();
    let mut form = fields(&input);
    form.push(("agreed", "0"));
    let refused = Browser::new(&app).post(&save, &form).await;
    refused.refuses_form(422, Some("is_18_or_over"), "Only a coach can record that you are 18");
    let own = app.joined(roster, "ada-q").await;
    let ada = app.actor("ada-q").await;
    let refused = edit_own_profile(app.context(), ada, own, &input).await;
    assert_eq!(code(refused), "BAD_ROSTER");
    assert_eq!((app.view(id).await.is_18_or_over, app.view(own).await.is_18_or_over), (None, None));
    // The roster of a college agrees, unless the grade is one of a school.
    app.change("UPDATE coaches SET division = 'college'").await.expect("a college");
    let school = ProfileInput { is_18_or_over: "no".to_owned(), ..minor() };
    edit_own_profile(app.context(), ada, own, &school).await.expect("a minor");
    app.change("UPDATE competitors SET is_18_or_over = NULL").await.expect("not known");
    assert_eq!(code(edit_own_profile(app.context(), ada, own, &input).await), "BAD_ROSTER");
    app.change("UPDATE competitors SET grade = 14").await.expect("a grade of a college");
    let student = ProfileInput { grade: "14".to_owned(), ..adult() };
    edit_own_profile(app.context(), ada, own, &student).await.expect("of age");
    // A coach agrees.
    edit_competitor(app.context(), Operator, id, &input).await.expect("recorded");
    let token = app.profile_token(id).await;
    let saved = Browser::new(&app).post(&format!("/ctf/links/{token}/profile"), &form).await;
    assert_eq!(saved.location(), "/");
    app.finish().await;
}

#[tokio::test]
async fn a_profile_is_completed_once_by_many_at_once() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &unfinished()).await;
    let token = app.profile_token(id).await;
    let completed = CompletedProfile { profile: adult(), agreed: Some(0), connect: None };
    let complete = || complete_profile(app.context(), Visitor, &token, &completed);
    let outcomes = futures_util::future::join_all((0..5).map(|_| complete())).await;
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1);
    for refused in outcomes.into_iter().filter(Result::is_err) {
        assert_eq!(code(refused), "CTF_LINK_ENDED");
    }
    assert_eq!(app.audited("ctf_competitor.complete").await, 1);
    app.finish().await;
}

/// A parent trusts an email of this server, so it leads nowhere else.
#[tokio::test]
async fn names_with_addresses_are_refused_and_not_mailed() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("marit-s").await;
    let marit = app.browser_of("marit-s").await;
    let new = format!("/ctf/rosters/{roster}/competitors/new");
    for (field, name) in [("first_name", "Pay at evil.example"), ("last_name", "a@evil.example")] {
        let mut form = vec![("first_name", "Ada"), ("last_name", "Quill")];
        form.retain(|(other, _)| *other != field);
        form.push((field, name));
        let refused = marit.post(&new, &form).await;
        refused.refuses_form(422, Some(field), "looks like an address");
        assert!(refused.text.contains(name), "what was typed stays: {}", refused.text);
    }
    let id = app.added(roster, &minor()).await;
    for (column, table) in [("first_name", "competitors"), ("name", "rosters")] {
        let stored = format!("UPDATE {table} SET {column} = 'Pay at evil.example'");
        app.change(&stored).await.expect("changed");
        let refused = send_consent_link(app.context(), &app.server.post, Operator, id).await;
        assert_eq!(code(refused), "BAD_ROSTER", "{table}");
        app.change(&format!("UPDATE {table} SET {column} = 'Ada'")).await.expect("changed");
    }
    app.work().await;
    assert!(mailbox.subjects().is_empty());
    app.finish().await;
}

/// An address that no account has verified gets few emails, also from requests at once.
#[tokio::test]
async fn a_mailbox_gets_few_links_a_day() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("marit-s").await;
    let mut ids = Vec::new();
    for number in 0..TO_ADDRESS + 2 {
        let email_school = format!("pupil-{number}@harbor.example");
        ids.push(app.added(roster, &ProfileInput { email_school, ..minor() }).await);
    }
    let send = |id| send_consent_link(app.context(), &app.server.post, Operator, id);
    let outcomes = futures_util::future::join_all(ids.iter().copied().map(send)).await;
    let (sent, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((sent.len() as i64, refused.len()), (TO_ADDRESS, 2));
    for refused in refused {
        assert_eq!(code(refused), "EMAIL_LIMIT");
    }
    app.work().await;
    assert_eq!(mailbox.subjects().len() as i64, TO_ADDRESS);
    app.clock.advance(TimeDelta::hours(25));
    send(ids[0]).await.expect("the next day");
    app.finish().await;
}

#[tokio::test]
async fn links_are_made_for_present_competitors_ten_times_a_day() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    for _ in 0..10 {
        app.profile_token(id).await;
    }
    let send = || send_profile_link(app.context(), &app.server.post, Operator, id);
    assert_eq!(code(send().await), "TOO_MANY_INVITATIONS");
    app.consent_token(id).await;
    app.clock.advance(TimeDelta::hours(25));
    send().await.expect("made");
    archive_roster(app.context(), Operator, roster).await.expect("archived");
    assert_eq!(code(send().await), "ROSTER_ARCHIVED");
    let token = app
        .count("SELECT count(*) FROM ctf_links WHERE revoked_at IS NULL AND used_at IS NULL")
        .await;
    assert!(token <= 2, "earlier links are revoked");
    app.finish().await;
}
