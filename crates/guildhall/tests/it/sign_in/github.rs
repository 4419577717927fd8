use reqwest::Url;

use super::scene;
use crate::app::{
    browser::{Browser, SESSION},
    scenarios::{Scenario, repo},
};

#[tokio::test]
async fn a_person_signs_in_and_out() {
    let (github, app) = scene().await;
    let browser = Browser::new(&app);
    let asked = browser.get("/sign-in/github?return=/projects").await;
    let url = Url::parse(asked.location()).expect("an address");
    let get = |name: &str| {
        let found = url.query_pairs().find(|(own, _)| own == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    assert_eq!((get("scope"), get("code_challenge_method")), (String::new(), "S256".into()));
    assert!(get("state").len() >= 32 && get("code_challenge").len() == 43);
    let back = browser.callback(&github, "wren-oak", "/sign-in/github?return=/projects").await;
    let came = browser.get(&back).await;
    assert_eq!(came.location(), "/projects");
    assert!(browser.cookie("guildhall-sign-in").is_none(), "the sign-in cookie is removed");

    let home = browser.get("/").await;
    assert!(home.text.contains("Signed in as") && home.text.contains("wren-oak"), "{}", home.text);
    assert_eq!(home.header("cache-control"), "private, no-store");
    let token = browser.cookie(SESSION).expect("a session");
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!(out.location(), "/");
    assert!(browser.cookie(SESSION).is_none());
    let home = browser.get("/").await.text;
    assert!(home.contains("<p>You are signed out</p>"), "{home}");
    browser.set_cookie(SESSION, &token);
    let again = browser.get("/settings/sessions").await;
    assert_eq!(again.location(), "/sign-in?return=%2Fsettings%2Fsessions");
    let stored = "SELECT count(*) FROM sessions WHERE user_agent = 'Owl/1.0' \
                  AND address_prefix = '127.0.0.0/24'";
    assert_eq!(app.count(stored).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn an_unclaimed_account_is_claimed_with_its_points() {
    let (github, app) = scene().await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let author = github.add_user("finch-ash");
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &author, "2026-10-02T08:00:00Z")
        .merged("2026-10-03T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    let unclaimed = "SELECT count(*) FROM users WHERE claimed_at IS NULL AND login = 'finch-ash'";
    assert_eq!(app.count(unclaimed).await, 1);
    let browser = Browser::new(&app);
    browser.sign_in(&github, "finch-ash").await.location();
    assert_eq!(app.count(unclaimed).await, 0);
    assert_eq!(app.count("SELECT count(*) FROM users WHERE login = 'finch-ash'").await, 1);
    let home = browser.get("/").await;
    assert!(home.text.contains("<dt>All-time points</dt><dd><b>60</b></dd>"), "{}", home.text);
    app.finish().await;
}

#[tokio::test]
async fn a_renamed_github_account_is_the_same_person() {
    let (github, app) = scene().await;
    Browser::new(&app).sign_in(&github, "wren-oak").await.location();
    github.rename_user("wren-oak", "wren-elm").expect("known");
    app.clock.set(crate::app::at("2026-11-02T00:00:00Z"));
    let browser = Browser::new(&app);
    browser.sign_in(&github, "wren-elm").await.location();
    assert!(browser.get("/").await.text.contains("wren-elm"));
    assert_eq!(app.values("SELECT login AS value FROM users").await, ["wren-elm"]);
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn each_sign_in_creates_a_new_session_and_ends_the_previous_one() {
    let (github, app) = scene().await;
    let browser = Browser::new(&app);
    browser.set_cookie(SESSION, "guildhall_session_chosen_by_an_attacker");
    browser.sign_in(&github, "wren-oak").await.location();
    let first = browser.cookie(SESSION).expect("a session");
    assert!(first.starts_with("guildhall_session_") && first.len() > 60);
    assert!(!first.contains("chosen"), "a planted cookie is not a session");
    browser.sign_in(&github, "wren-oak").await.location();
    let second = browser.cookie(SESSION).expect("a session");
    assert_ne!(first, second);
    let old = Browser::new(&app);
    old.set_cookie(SESSION, &first);
    old.get("/settings/sessions").await.location();
    let hashed = "SELECT count(*) FROM sessions WHERE revoked_at IS NULL";
    assert_eq!(app.count(hashed).await, 1);
    app.finish().await;
}
