//! The page of a competitor about themselves.

use ctf::{
    actions::{choose_weekly_mail, confirm_competitor, edit_competitor, sign_own_release},
    model::{CompetitorStatus, ReleaseBy},
    reads,
    rules::profile::ProfileInput,
};
use platform::audit::Actor::Operator;

use super::{
    coaches::code,
    figures::Solve,
    privacy_scene::{adult, fields, minor},
};
use crate::app::TestApp;

const PAGE: &str = "/ctf/me";

#[tokio::test]
async fn a_competitor_sees_and_edits_their_profile() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.joined(roster, "ada-q").await;
    let student = app.browser_of("ada-q").await;
    let page = student.get(PAGE).await.text;
    for words in ["Harbor Owls", "A coach has yet to confirm you", "/ctf/me/report"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let mut input = minor();
    assert_eq!(student.get("/people/ada-q").await.status, 200, "of unknown age");
    assert_eq!(student.post(PAGE, &fields(&input)).await.location(), PAGE);
    assert_eq!(student.get("/people/ada-q").await.status, 404, "under 18");
    confirm_competitor(app.context(), Operator, id).await.expect("confirmed");
    let view = app.view(id).await;
    assert_eq!(view.status, CompetitorStatus::Profile);
    assert_eq!(view.name(), "Ottoline Quillfeather");
    let page = student.get(PAGE).await.text;
    assert!(page.contains("You need the consent of a parent"), "{page}");
    assert!(!page.contains("Sign release"), "{page}");
    input.is_18_or_over = "yes".to_owned();
    let refused = student.post(PAGE, &fields(&input)).await;
    refused.refuses_form(422, Some("is_18_or_over"), "Only a coach can change this");
    input = ProfileInput { grade: "17".to_owned(), ..minor() };
    let refused = student.post(PAGE, &fields(&input)).await;
    refused.refuses_form(422, Some("grade"), "from 1 to 16");
    assert!(refused.text.contains("value=\"17\""), "{}", refused.text);
    let stranger = app.browser_of("wren-oak").await.get(PAGE).await;
    assert_eq!(stranger.status, 404);
    app.finish().await;
}

#[tokio::test]
async fn a_competitor_of_age_signs_and_withdraws() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &adult()).await;
    app.connected(id, "ada-q").await;
    let version = app.consent("Coaches see the results.").await.to_string();
    let student = app.browser_of("ada-q").await;
    assert!(app.view(id).await.is_released(), "with the profile");
    for (is_signed, said) in [(true, "Your release is withdrawn"), (false, "")] {
        assert_eq!(app.view(id).await.is_released(), is_signed);
        if is_signed {
            let withdrawn = student.post("/ctf/me/withdraw", &[]).await;
            assert_eq!(withdrawn.location(), PAGE);
            let page = student.get(PAGE).await.text;
            assert!(page.contains(said) && page.contains("Sign release"), "{page}");
        }
    }
    let release = "/ctf/me/release";
    student.post(release, &[]).await.refuses_form(422, Some("agreed"), "Agree to the text");
    let agreed = [("agreed", version.as_str())];
    assert_eq!(student.post(release, &agreed).await.location(), PAGE);
    let view = app.view(id).await;
    assert_eq!((view.consent_version, view.is_released()), (Some(1), true));
    app.finish().await;
}

#[tokio::test]
async fn the_signature_of_a_minor_does_not_count() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &adult()).await;
    app.connected(id, "ada-q").await;
    assert_eq!(app.view(id).await.stated_by(), Some(ReleaseBy::Competitor));
    let context = app.context();
    edit_competitor(context, Operator, id, &minor()).await.expect("corrected by a coach");
    let view = app.view(id).await;
    assert!(!view.is_released() && view.release_withdrawn_at.is_some());
    let actor = app.actor("ada-q").await;
    let refused = sign_own_release(context, actor, id, Some(0)).await;
    assert_eq!(code(refused), "PARENT_REQUIRED");
    let student = app.browser_of("ada-q").await;
    let refused = student.post("/ctf/me/release", &[("agreed", "0")]).await;
    refused.refuses_form(409, None, "a parent has to consent");
    app.finish().await;
}

#[tokio::test]
async fn the_weekly_e_mail_needs_consent() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    app.connected(id, "ada-q").await;
    let refused = choose_weekly_mail(app.context(), id, true).await;
    assert_eq!(code(refused), "NO_RELEASE");
    let student = app.browser_of("ada-q").await;
    let page = student.get(PAGE).await.text;
    assert!(page.contains("needs a signed release"), "{page}");
    let token = app.consent_token(id).await;
    ctf::actions::give_consent(app.context(), Operator, &token, "Bo", Some(0))
        .await
        .expect("given");
    let (choice, wants) = ("/ctf/me/weekly-mail", [("wants", "yes")]);
    assert_eq!(student.post(choice, &wants).await.location(), PAGE);
    assert!(app.view(id).await.wants_weekly_mail);
    assert_eq!(student.post(choice, &[]).await.location(), PAGE);
    assert!(!app.view(id).await.wants_weekly_mail);
    assert_eq!(student.post(choice, &wants).await.location(), PAGE);
    ctf::actions::withdraw_consent(app.context(), Operator, &token).await.expect("withdrawn");
    assert!(!app.view(id).await.wants_weekly_mail);
    app.finish().await;
}

#[tokio::test]
async fn a_competitor_leaves_and_erases_themselves() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &adult()).await;
    app.connected(id, "ada-q").await;
    let student = app.browser_of("ada-q").await;
    for (path, question, to) in [
        ("/ctf/me/leave", "Leave the roster?", PAGE),
        ("/ctf/me/erase", "Erase your data as a competitor?", "/ctf"),
    ] {
        let asked = student.get(path).await.text;
        assert!(asked.contains(question), "{asked}");
        assert_eq!(student.post(path, &[]).await.location(), to);
    }
    let view = app.view(id).await;
    assert!(view.erased_at.is_some() && view.user_id.is_none());
    assert_eq!(student.get(PAGE).await.status, 404);
    assert_eq!(student.post("/ctf/me/erase", &[]).await.status, 404);
    app.finish().await;
}

#[tokio::test]
async fn the_download_contains_what_is_known_about_a_competitor() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &adult()).await;
    app.consent("Coaches see the results.").await;
    let person = app.connected(id, "ada-q").await;
    app.on_platform(id, (1, 200)).await;
    app.solved(id, Solve::new("Salted Harbor", "cryptography", 200, 2)).await;
    app.took_part(id, "October Flash", 250, 20).await;
    let document = reads::export(&app.context().db, person).await.expect("read");
    let own = &document["competitor"][0];
    assert_eq!(own["last_name"], "Quillfeather");
    assert_eq!(
        (&own["consent_version"], &own["release_stated_by"]),
        (&1.into(), &"competitor".into())
    );
    assert_eq!(document["totals"][0]["total_score"], 200);
    assert_eq!(document["solves"][0]["title"], "Salted Harbor");
    assert_eq!(document["events"][0]["name"], "October Flash");
    app.finish().await;
}

#[tokio::test]
async fn a_parent_who_was_asked_is_changed_by_the_coach_only() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &minor()).await;
    app.connected(id, "ada-q").await;
    let student = app.browser_of("ada-q").await;
    let other = ProfileInput { parent_email: "typo@home.example".to_owned(), ..minor() };
    assert_eq!(student.post(PAGE, &fields(&other)).await.location(), PAGE);
    assert_eq!(student.post(PAGE, &fields(&minor())).await.location(), PAGE);
    let token = app.profile_token(id).await;
    app.consent_token(id).await;
    let refused = student.post(PAGE, &fields(&other)).await;
    refused.refuses_form(422, Some("parent_email"), "only a coach can change this");
    let mut by_link = fields(&other);
    by_link.push(("agreed", "0"));
    let refused = student.post(&format!("/ctf/links/{token}/profile"), &by_link).await;
    refused.refuses_form(422, Some("parent_email"), "only a coach can change this");
    let grade = ProfileInput { grade: "11".to_owned(), ..minor() };
    assert_eq!(student.post(PAGE, &fields(&grade)).await.location(), PAGE);
    edit_competitor(app.context(), Operator, id, &other).await.expect("by a coach");
    let parent = app.view(id).await.parent_email;
    assert_eq!(parent.as_deref(), Some("typo@home.example"));
    app.finish().await;
}

#[tokio::test]
async fn the_weekly_e_mail_goes_to_the_account_and_needs_no_address_in_the_profile() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let id = app.added(roster, &adult()).await;
    app.connected(id, "ada-q").await;
    app.change("UPDATE competitors SET email_school = NULL, email_personal = NULL")
        .await
        .expect("changed");
    let student = app.browser_of("ada-q").await;
    let page = student.get(PAGE).await.text;
    assert!(page.contains("no verified email address"), "{page}");
    let wants = [("wants", "yes")];
    assert_eq!(student.post("/ctf/me/weekly-mail", &wants).await.location(), PAGE);
    assert!(app.view(id).await.wants_weekly_mail);
    app.verify_address("ada-q").await;
    let page = student.get(PAGE).await.text;
    assert!(!page.contains("no verified email address"), "{page}");
    app.finish().await;
}
