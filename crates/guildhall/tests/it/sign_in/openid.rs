//! Signing in with OpenID Connect: the account that is created or found, and refusals.

use identity::gateway::OpenIdSignIn;
use platform::flags::Outgoing as _;
use reqwest::Url;
use serde_json::{Value, json};
use testkit::fake_openid::{CLIENT_ID, CLIENT_SECRET, FakeOpenId};

use crate::app::{
    TestApp, at,
    browser::{Answer, Browser, SESSION},
};

/// An OpenID issuer and a server that uses it.
pub(crate) async fn with_issuer() -> (FakeOpenId, TestApp) {
    let clock = testkit::clock::FakeClock::new(at("2026-11-01T00:00:00Z"));
    let issuer = FakeOpenId::start(clock).await.expect("a port");
    let url = issuer.url().to_owned();
    let app = TestApp::with(|config| {
        config.openid_issuer = Some(url);
        config.openid_client_id = Some(CLIENT_ID.to_owned());
        config.openid_client_secret = Some(CLIENT_SECRET.to_owned().into());
        config.openid_name = Some("Oak Accounts".to_owned());
    });
    (issuer, app.await)
}

/// Signs in with the issuer's account `subject`.
pub(crate) async fn sign_in_as(
    browser: &Browser<'_>,
    issuer: &FakeOpenId,
    subject: &str,
    name: Option<&str>,
) -> Answer {
    let callback_url = callback(browser, issuer, subject, name, "/sign-in/openid").await;
    browser.get(&callback_url).await
}

/// Begins at `begin` and authenticates at the issuer; returns the callback URL without opening it.
pub(crate) async fn callback(
    browser: &Browser<'_>,
    issuer: &FakeOpenId,
    subject: &str,
    name: Option<&str>,
    begin: &str,
) -> String {
    issuer.switch(|switches| {
        switches.subject = subject.to_owned();
        switches.name = name.map(str::to_owned);
    });
    let to = browser.get(begin).await.location().to_owned();
    assert!(to.starts_with(issuer.url()), "{to}");
    browser.get(&to).await.location().to_owned()
}

async fn logins(app: &TestApp) -> Vec<String> {
    app.values("SELECT login AS value FROM users ORDER BY login").await
}

#[tokio::test]
async fn a_person_signs_in_and_is_recognized_the_next_time() {
    let (issuer, app) = with_issuer().await;
    let browser = Browser::new(&app);
    let page = browser.get("/sign-in?return=/projects").await;
    assert!(page.text.contains("Sign in with Oak Accounts"), "{}", page.text);
    let begun = browser.get("/sign-in/openid?return=/projects").await;
    let to = Url::parse(begun.location()).expect("an address");
    let get = |name: &str| {
        let mut pairs = to.query_pairs();
        let found = pairs.find(|(own, _)| own == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    assert_eq!(get("scope"), "openid profile");
    assert_eq!(get("code_challenge_method"), "S256");
    assert!(get("state").len() >= 32 && get("nonce").len() >= 32);
    assert_ne!(get("state"), get("nonce"));
    browser.set_cookie(SESSION, "guildhall_session_chosen_by_an_attacker");
    let begin = "/sign-in/openid?return=/projects";
    let callback_url = callback(&browser, &issuer, "7", Some("Wren.Oak"), begin).await;
    assert_eq!(browser.get(&callback_url).await.location(), "/projects");
    let session = browser.cookie(SESSION).expect("a session");
    assert!(session.len() > 60 && !session.contains("chosen"));
    assert!(browser.cookie("guildhall-sign-in").is_none(), "the sign-in cookie is removed");
    assert!(browser.get("/").await.text.contains("wren-oak.id"));
    // The second sign-in ends the first session and keeps the account and its login, despite the new name.
    sign_in_as(&browser, &issuer, "7", Some("other")).await.location();
    assert_ne!(browser.cookie(SESSION), Some(session));
    assert_eq!(logins(&app).await, ["wren-oak.id"]);
    let open = "SELECT count(*) FROM sessions WHERE revoked_at IS NULL";
    assert_eq!(app.count(open).await, 1);
    let looked = issuer.asked().iter().filter(|path| path.contains("well-known")).count();
    assert_eq!(looked, 1, "the issuer's configuration is requested once an hour");
    app.finish().await;
}

#[tokio::test]
async fn logins_from_the_issuer_are_made_unique() {
    let (issuer, app) = with_issuer().await;
    app.browser_of("wren").await;
    for (subject, name) in
        [("1", Some("wren")), ("2", Some("Wren")), ("3", None), ("4", Some("a@b"))]
    {
        sign_in_as(&Browser::new(&app), &issuer, subject, name).await.location();
    }
    let all = ["a.id", "member.id", "wren", "wren.id", "wren.id2"];
    assert_eq!(logins(&app).await, all);
    let names = "SELECT count(*) FROM user_logins";
    assert_eq!(app.count(names).await, 5);
    app.finish().await;
}

/// A verified address at the issuer must not sign in a different person who has that address here.
#[tokio::test]
async fn people_are_not_matched_by_email_address() {
    let (issuer, app) = with_issuer().await;
    app.browser_of("wren-oak").await;
    app.change(
        "INSERT INTO user_emails (id, created_at, user_id, address, verified_at) \
         SELECT id, created_at, id, 'wren@oak.example', created_at FROM users",
    )
    .await
    .expect("verified");
    issuer.switch(|switches| {
        switches.claims.insert("email".to_owned(), json!("wren@oak.example"));
        switches.claims.insert("email_verified".to_owned(), json!(true));
    });
    sign_in_as(&Browser::new(&app), &issuer, "1", Some("wren-oak")).await.location();
    assert_eq!(logins(&app).await, ["wren-oak", "wren-oak.id"]);
    app.finish().await;
}

/// Checks that the sign-in was refused and created no session or person, and that its cookie is gone.
async fn refused(app: &TestApp, browser: &Browser<'_>, answer: &Answer, says: (u16, &str, &str)) {
    answer.refuses(says.0, says.1, says.2);
    assert!(browser.cookie(SESSION).is_none() && browser.cookie("guildhall-sign-in").is_none());
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM users").await, 0);
}

const NOT_BEGUN: (u16, &str, &str) = (400, "SIGN_IN_NOT_BEGUN_HERE", "started in another browser");

#[tokio::test]
async fn a_mismatched_state_browser_issuer_or_provider_is_refused() {
    let (issuer, app) = with_issuer().await;
    let begin = "/sign-in/openid";
    let browser = Browser::new(&app);
    let callback_url = callback(&browser, &issuer, "1", None, begin).await;
    let changed = callback_url.replace("&state=", "&state=0");
    refused(&app, &browser, &browser.get(&changed).await, NOT_BEGUN).await;
    refused(&app, &browser, &browser.get(&callback_url).await, NOT_BEGUN).await;
    let other = Browser::new(&app);
    let callback_url = callback(&Browser::new(&app), &issuer, "1", None, begin).await;
    refused(&app, &other, &other.get(&callback_url).await, NOT_BEGUN).await;
    issuer.switch(|switches| switches.iss = Some("https://evil.example".to_owned()));
    let mixed = sign_in_as(&browser, &issuer, "1", None).await;
    refused(&app, &browser, &mixed, NOT_BEGUN).await;
    issuer.switch(|switches| switches.iss = None);
    let callback_url = callback(&browser, &issuer, "1", None, begin).await;
    app.clock.advance(chrono::TimeDelta::minutes(10));
    refused(&app, &browser, &browser.get(&callback_url).await, NOT_BEGUN).await;
    app.finish().await;
}

#[tokio::test]
async fn an_invalid_id_token_is_refused() {
    let (issuer, app) = with_issuer().await;
    let past = at("2026-10-31T00:00:00Z").timestamp();
    for (name, value) in [
        ("nonce", json!("another")),
        ("nonce", Value::Null),
        ("iss", json!("https://evil.example")),
        ("aud", json!("another")),
        ("exp", json!(past)),
        ("sub", json!("")),
    ] {
        issuer.switch(|switches| {
            switches.claims.clear();
            switches.claims.insert(name.to_owned(), value.clone());
        });
        let browser = Browser::new(&app);
        let answer = sign_in_as(&browser, &issuer, "1", None).await;
        let says = (400, "SIGN_IN_NOT_SHOWN", "could not be verified");
        refused(&app, &browser, &answer, says).await;
    }
    issuer.switch(|switches| {
        switches.claims.clear();
        switches.key = 9;
    });
    let browser = Browser::new(&app);
    let answer = sign_in_as(&browser, &issuer, "1", None).await;
    refused(&app, &browser, &answer, (400, "SIGN_IN_NOT_SHOWN", "Oak Accounts")).await;
    app.finish().await;
}

#[tokio::test]
async fn changed_signing_keys_are_fetched_again() {
    let (issuer, app) = with_issuer().await;
    sign_in_as(&Browser::new(&app), &issuer, "1", None).await.location();
    issuer.switch(|switches| switches.key = 1);
    sign_in_as(&Browser::new(&app), &issuer, "1", None).await.location();
    app.finish().await;
}

#[tokio::test]
async fn a_code_works_once() {
    let (issuer, app) = with_issuer().await;
    let browser = Browser::new(&app);
    let callback_url = callback(&browser, &issuer, "1", None, "/sign-in/openid").await;
    let attempt = browser.cookie("guildhall-sign-in").expect("an attempt");
    browser.get(&callback_url).await.location();
    browser.set_cookie("guildhall-sign-in", &attempt);
    let again = browser.get(&callback_url).await;
    again.refuses(400, "SIGN_IN_USED", "already used");
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn the_return_path_cannot_lead_to_another_site() {
    let (issuer, app) = with_issuer().await;
    for evil in ["//evil.example", "https://evil.example/", "/%5Cevil.example"] {
        let browser = Browser::new(&app);
        let begin = format!("/sign-in/openid?return={evil}");
        let callback_url = callback(&browser, &issuer, "1", None, &begin).await;
        assert_eq!(browser.get(&callback_url).await.location(), "/", "{evil}");
    }
    app.finish().await;
}

#[tokio::test]
async fn deleted_people_are_refused_and_banned_people_are_shown_their_ban() {
    let (issuer, app) = with_issuer().await;
    sign_in_as(&Browser::new(&app), &issuer, "1", Some("wren")).await.location();
    app.ban("wren.id").await;
    let browser = Browser::new(&app);
    let answer = sign_in_as(&browser, &issuer, "1", Some("wren")).await;
    assert_eq!(answer.location(), "/me/standing");
    let refused = browser.get("/api/v1/me").await;
    refused.refuses(403, "BANNED", "account is banned");
    app.change("DELETE FROM sessions").await.expect("forgotten");
    app.change("UPDATE users SET is_deleted = true").await.expect("deleted");
    let browser = Browser::new(&app);
    let answer = sign_in_as(&browser, &issuer, "1", Some("wren")).await;
    answer.refuses(403, "ACCOUNT_DELETED", "account was deleted");
    assert!(browser.cookie(SESSION).is_none());
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn an_unreachable_or_wrong_issuer_is_reported() {
    let (issuer, app) = with_issuer().await;
    let browser = Browser::new(&app);
    issuer.switch(|switches| switches.is_down = true);
    let answer = browser.get("/sign-in/openid").await;
    answer.refuses(503, "OPENID_UNAVAILABLE", "Oak Accounts is not responding");
    issuer.switch(|switches| {
        switches.is_down = false;
        switches.issuer = Some("https://evil.example".to_owned());
    });
    let answer = browser.get("/sign-in/openid").await;
    answer.refuses(500, "SIGN_IN_MISCONFIGURED", "Ask an admin");
    issuer.switch(|switches| switches.issuer = None);
    let callback_url = callback(&browser, &issuer, "1", None, "/sign-in/openid").await;
    let (_, state) = callback_url.split_once("&state=").expect("a state");
    let declined = format!("/sign-in/openid/callback?error=access_denied&state={state}");
    let answer = browser.get(&declined).await;
    refused(&app, &browser, &answer, (403, "SIGN_IN_DECLINED", "allow Oak Accounts to share"))
        .await;
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_client_secret_is_reported_to_operators() {
    let (issuer, app) = with_issuer().await;
    let url = issuer.url().to_owned();
    let other = TestApp::with(|config| {
        config.openid_issuer = Some(url);
        config.openid_client_id = Some(CLIENT_ID.to_owned());
        config.openid_client_secret = Some("another".to_owned().into());
    })
    .await;
    let browser = Browser::new(&other);
    let answer = sign_in_as(&browser, &issuer, "1", None).await;
    let says = (500, "SIGN_IN_MISCONFIGURED", "Ask an admin");
    refused(&other, &browser, &answer, says).await;
    other.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn a_switched_off_issuer_gets_no_requests() {
    let (issuer, app) = with_issuer().await;
    let off = platform::flags::FlagChange { enabled: Some(false), ..Default::default() };
    let (context, operator) = (app.context(), platform::audit::Actor::Operator);
    platform::flags::change(context, operator, OpenIdSignIn::FLAG.name, off, "to try")
        .await
        .expect("off");
    let browser = Browser::new(&app);
    let answer = browser.get("/sign-in/openid").await;
    answer.refuses(503, "SWITCHED_OFF", "flag openid_sign_in");
    let page = browser.get("/sign-in").await;
    assert!(!page.text.contains("Sign in with Oak Accounts"), "{}", page.text);
    assert_eq!(issuer.asked(), [""; 0]);
    app.finish().await;
}

#[tokio::test]
async fn groups_give_roles_as_the_configuration_says() {
    let clock = testkit::clock::FakeClock::new(at("2026-11-01T00:00:00Z"));
    let issuer = FakeOpenId::start(clock).await.expect("a port");
    let url = issuer.url().to_owned();
    let app = TestApp::with(|config| {
        config.openid_issuer = Some(url);
        config.openid_client_id = Some(CLIENT_ID.to_owned());
        config.openid_client_secret = Some(CLIENT_SECRET.to_owned().into());
        let role = |group: &str, role: &str| (group.to_owned(), role.to_owned());
        config.openid_roles = vec![role("admins", "admin"), role("staff", "moderator")];
    })
    .await;
    let roles = async || app.values("SELECT role AS value FROM users ORDER BY id").await;
    let sign_in = async |subject: &str, groups: &[&str]| {
        issuer.switch(|switches| {
            switches.claims.insert("groups".to_owned(), json!(groups));
        });
        sign_in_as(&Browser::new(&app), &issuer, subject, None).await.location();
        roles().await
    };
    assert_eq!(sign_in("1", &["/admins", "staff"]).await, ["admin"]);
    assert_eq!(sign_in("1", &[]).await, ["admin"], "the last admin stays one");
    assert_eq!(sign_in("2", &["admins"]).await, ["admin", "admin"]);
    assert_eq!(sign_in("2", &["staff", "others"]).await, ["admin", "moderator"]);
    assert_eq!(sign_in("2", &["others"]).await, ["admin", "user"]);
    let why = "SELECT reason AS value FROM audit_words WHERE reason LIKE 'groups%'";
    assert_eq!(app.values(why).await.len(), 4);
    app.work().await;
    app.finish().await;
}
