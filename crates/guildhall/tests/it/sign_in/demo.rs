use std::sync::Arc;

use identity::{
    demo::sign_in_once,
    model::{AccountKind, DemoPerson, GithubAccount},
};
use platform::web::Loading;
use reqwest::StatusCode;

use crate::app::{Database, TestApp, at, browser::Browser};

/// Two people of the demo.
fn people() -> Arc<[DemoPerson]> {
    let person = |part, github_id, login: &str| DemoPerson {
        part,
        sees: "Is invented.",
        account: GithubAccount::new(
            github_id,
            login.to_owned(),
            AccountKind::User,
            at("2026-01-01T00:00:00Z"),
        ),
    };
    Arc::from([person("contributor", 11, "wren-oak"), person("admin", 12, "finch-ash")])
}

/// A server in demo mode.
async fn demo() -> TestApp {
    TestApp::demo(Database::create().await, people()).await
}

#[tokio::test]
async fn emails_appear_in_the_demo_mailbox_and_their_link_signs_in() {
    let app = TestApp::demo_with_mailbox(people()).await;
    app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    app.work().await;
    let browser = Browser::new(&app);
    let form = [("address", "wren-oak@oak.example"), ("return", "/inbox")];
    let asked = browser.post("/sign-in/email", &form).await;
    assert!(browser.get(asked.location()).await.text.contains("/dev/mail"));
    app.work().await;
    let demo_mailbox = browser.get("/dev/mail").await.text;
    let (_, link) = demo_mailbox.split_once("href=\"/sign-in/email/").expect("a link to open");
    let token = link.split('"').next().expect("its end");
    let entered = browser.post(&format!("/sign-in/email/{token}"), &[]).await;
    assert_eq!(entered.location(), "/inbox");
    app.finish().await;
}

#[tokio::test]
async fn each_demo_person_can_be_chosen() {
    let app = demo().await;
    let browser = Browser::new(&app);
    let page = browser.get("/sign-in").await.text;
    let place = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words}: {page}"));
    // Each has a face, a name and what they see; there is no other way to sign in here.
    let face = place("<img class=\"face m\"");
    assert!(face < place("wren-oak") && place("Is invented.") < place("Sign in as contributor"));
    assert!(place("Sign in as contributor") < place("Sign in as admin"));
    for (part, login) in [("contributor", "wren-oak"), ("admin", "finch-ash")] {
        let form = [("as", part), ("return", "/settings/sessions")];
        let came = browser.post("/sign-in/demo", &form).await;
        assert_eq!(came.location(), "/settings/sessions");
        assert!(browser.get("/").await.text.contains(login));
    }
    app.finish().await;
}

#[tokio::test]
async fn people_who_said_who_they_are_are_shown_by_their_name() {
    let app = demo().await;
    let person = sign_in_once(app.context(), people()[0].account.clone()).await.expect("known");
    let known = vec![(person, "wren-oak".to_owned())];
    identity::demo::introduce(app.context(), known).await.expect("introduced");
    let page = Browser::new(&app).get("/sign-in").await;
    assert!(page.text.contains("Wren Oak"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn pages_say_what_is_still_loading_and_no_longer() {
    let loading = Loading::default();
    let app = TestApp::loading(loading.clone()).await;
    loading.state(&["hackathons", "a CTF roster"]);
    let says = "This demo is still loading hackathons and a CTF roster.";
    // Pages that are kept for everyone, one that is not, and an error.
    let pages = ["/", "/leaderboards", "/sign-in", "/nothing/here"];
    for page in pages {
        assert!(Browser::new(&app).get(page).await.text.contains(says), "{page}");
    }
    loading.state(&[]);
    for page in pages {
        assert!(!Browser::new(&app).get(page).await.text.contains("still loading"), "{page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn other_people_and_other_sites_cannot_sign_in() {
    let app = demo().await;
    let browser = Browser::new(&app);
    let missing = browser.post("/sign-in/demo", &[("as", "king")]).await;
    missing.refuses(422, "NO_SUCH_PART", "Unknown demo account");
    let empty = browser.post("/sign-in/demo", &[]).await;
    empty.refuses(400, "BAD_FORM", "a field is missing");
    let form = [("as", "admin"), ("return", "https://evil.example")];
    let other = browser.post_from("cross-site", "/sign-in/demo", &form).await;
    other.refuses(403, "CROSS_SITE_REQUEST", "nothing was changed");
    assert_eq!(browser.post("/sign-in/demo", &form).await.location(), "/");
    app.finish().await;
}

#[tokio::test]
async fn without_a_demo_its_routes_do_not_exist() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let answer = browser.post("/sign-in/demo", &[("as", "admin")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    app.finish().await;
}

#[tokio::test]
async fn a_demo_answers_no_other_name_and_no_proxy() {
    let app = demo().await;
    for (header, value) in [
        ("host", "guild.example"),
        ("host", "127.0.0.1.example"),
        ("x-forwarded-for", "192.0.2.1"),
        ("forwarded", "for=192.0.2.1"),
    ] {
        for path in ["/", "/sign-in", "/api/v1/people/wren-oak"] {
            let answer = app.get(path).header(header, value).send().await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), 403, "{header}: {value} {path}");
            let text = answer.text().await.expect("text");
            assert!(text.contains("only answers on the computer"), "{text}");
        }
    }
    app.finish().await;
}
