//! Drafts, private hackathons, invitations and the flag.

use hackathons::{
    FLAG,
    actions::{apply, replace_invite_code, withdraw},
    rules::details::HackathonInput,
};
use platform::{
    audit::Actor::Operator,
    config::PublicContact,
    flags::{self, FlagChange},
};

use super::scene::{application, code, november};
use crate::app::{TestApp, browser::Browser};

fn with(visibility: &str) -> HackathonInput {
    HackathonInput { visibility: Some(visibility.to_owned()), ..november() }
}

#[tokio::test]
async fn strangers_learn_nothing_of_drafts_and_private_hackathons() {
    let app = TestApp::start().await;
    let draft = app.draft(november()).await.slug;
    let private = app.hackathon(with("private")).await;
    let stranger = app.hacker("stranger").await;
    let browser = app.browser_of("stranger").await;
    for slug in [&draft, &private] {
        for part in ["", "/apply", "/team", "/edit", "/calendar.ics"] {
            let answer = browser.get(&format!("/hackathons/{slug}{part}")).await;
            assert_eq!(answer.status, 404, "{slug}{part}");
        }
        let api = format!("/api/v1/hackathons/{slug}");
        assert_eq!(browser.get(&api).await.status, 404);
        for refused in [
            apply(app.context(), stranger, slug, "", &application()).await.map(drop),
            withdraw(app.context(), stranger, slug).await,
        ] {
            assert_eq!(code(refused), "NOT_FOUND");
        }
    }
    let list = Browser::new(&app).get("/hackathons").await;
    assert!(list.text.contains("No hackathons yet"), "{}", list.text);
    // A cursor does not show which slugs exist.
    let listed = app.hackathon(november()).await;
    let last = "UPDATE hackathons SET submission_closes_at = application_closes_at, \
                submission_opens_at = application_closes_at WHERE visibility = 'public' AND published_at IS NOT NULL";
    app.change(last).await.expect("changed");
    for slug in [draft.as_str(), &private, "unknown"] {
        let page = app.json(&format!("/api/v1/hackathons?cursor={slug}")).await;
        assert_eq!(page["items"], serde_json::json!([]), "{slug}, not {listed}");
    }
    // Nor do hackathons that were canceled before anyone saw them.
    for slug in [&draft, &private] {
        hackathons::actions::cancel(app.context(), Operator, slug, "Rain.")
            .await
            .expect("canceled");
        let api = format!("/api/v1/hackathons/{slug}");
        assert_eq!(browser.get(&api).await.status, 404);
        let applied = apply(app.context(), stranger, slug, "", &application()).await;
        assert_eq!(code(applied), "NOT_FOUND");
        let withdrawn = withdraw(app.context(), stranger, slug).await;
        assert_eq!(code(withdrawn), "NOT_FOUND");
    }
    let organizer = app.browser_of("organizer").await;
    let own = organizer.get("/hackathons").await;
    assert!(own.text.contains("You are in the staff"), "{}", own.text);
    app.finish().await;
}

#[tokio::test]
async fn invitations_open_hackathons_until_they_are_replaced() {
    let app = TestApp::start().await;
    let person = app.hacker("ada").await;
    let browser = app.browser_of("ada").await;
    for (visibility, refusal) in [("invite_only", "INVITATION_REQUIRED"), ("private", "NOT_FOUND")]
    {
        let slug = app.hackathon(with(visibility)).await;
        let former = app.hackathon_view(&slug).await.invite_code;
        let current = replace_invite_code(app.context(), Operator, &slug).await;
        let current = current.expect("a code");
        for wrong in ["", &former] {
            let refused = apply(app.context(), person, &slug, wrong, &application()).await;
            assert_eq!(code(refused), refusal);
        }
        let page = format!("/hackathons/{slug}?invitation={current}");
        assert_eq!(browser.get(&page).await.status, 200);
        let form = [("conduct_version", "1"), ("invitation", current.as_str())];
        let path = format!("/hackathons/{slug}/apply?invitation={current}");
        let applied = browser.post(&path, &form).await;
        assert_eq!(applied.status, 303, "{}", applied.text);
        // The person sees it from now on.
        let page = format!("/hackathons/{slug}");
        assert_eq!(browser.get(&page).await.status, 200);
    }
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn who_lacks_the_invitation_learns_it_before_typing_and_loses_no_text() {
    let app = TestApp::with(|config| {
        config.community_contact = PublicContact::read("help@guild.example");
    });
    let app = app.await;
    app.hacker("ada").await;
    let browser = app.browser_of("ada").await;
    let slug = app.hackathon(with("invite_only")).await;
    let event = browser.get(&format!("/hackathons/{slug}")).await;
    let contact = ">help@guild.example</a>";
    assert!(
        event.text.contains("If you have none") && event.text.contains(contact),
        "{}",
        event.text
    );
    let path = format!("/hackathons/{slug}/apply");
    let page = browser.get(&path).await;
    assert!(page.text.contains("is for invited people"), "{}", page.text);
    assert!(!page.text.contains("name=\"motivation\""), "{}", page.text);
    let typed = [("motivation", "Tides <at> last"), ("conduct_version", "1")];
    let refused = browser.post(&path, &typed).await;
    refused.refuses(403, "INVITATION_REQUIRED", "Open the invitation link");
    assert!(refused.text.contains("Tides &#60;at&#62; last"), "{}", refused.text);
    // Applications end while a person types.
    let invited = app.hackathon_view(&slug).await.invite_code;
    let over = "UPDATE hackathons SET application_closes_at = application_opens_at";
    app.change(over).await.expect("changed");
    let path = format!("{path}?invitation={invited}");
    let late =
        browser.post(&path, &[&typed[..], &[("invitation", invited.as_str())]].concat()).await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert!(late.text.contains("You cannot apply now"), "{}", late.text);
    assert!(late.text.contains("Tides &#60;at&#62; last</textarea>"), "{}", late.text);
    app.finish().await;
}

#[tokio::test]
async fn the_flag_hides_pages_api_and_links() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    let browser = Browser::new(&app);
    assert!(browser.get("/events").await.text.contains("href=\"/hackathons\""));
    let id = app.hackathon_view(&slug).await.id;
    let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
    flags::change(app.context(), Operator, FLAG.name, off, "to try").await.expect("off");
    for path in [
        "/hackathons".to_owned(),
        format!("/hackathons/{slug}"),
        format!("/hackathons/{slug}/calendar.ics"),
        format!("/api/hackathons/{id}/calendar.ics"),
        "/api/v1/hackathons".to_owned(),
        format!("/api/v1/hackathons/{slug}"),
    ] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
    assert!(!browser.get("/events").await.text.contains("href=\"/hackathons\""));
    app.finish().await;
}

#[tokio::test]
async fn search_and_the_front_page_show_only_what_everyone_sees() {
    let app = TestApp::start().await;
    let listed = app.hackathon(november()).await;
    let private = app.hackathon(with("private")).await;
    let title = app.hackathon_view(&listed).await.title;
    let word = title.split(' ').next().expect("a word").to_owned();
    let path = format!("/api/v1/search?kind=hackathons&q={word}");
    let found = app.json(&path).await;
    let addresses: Vec<&str> = found["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|item| item["address"].as_str())
        .collect();
    assert_eq!(addresses, [format!("/hackathons/{listed}")], "not {private}");
    let browser = Browser::new(&app);
    let link = format!("href=\"/hackathons/{listed}\"");
    let hidden = format!("href=\"/hackathons/{private}\"");
    let front = browser.get("/").await.text;
    assert!(front.contains(&link) && !front.contains(&hidden), "{front}");
    let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
    flags::change(app.context(), Operator, FLAG.name, off, "to try").await.expect("off");
    let all = app.json(&format!("/api/v1/search?q={word}")).await;
    assert!(!all.to_string().contains("/hackathons/"), "{all}");
    assert!(!browser.get("/").await.text.contains(&link));
    app.finish().await;
}
