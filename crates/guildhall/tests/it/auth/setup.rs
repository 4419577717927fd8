//! Becoming the first admin with a setup code, and signing in with one later.

use chrono::TimeDelta;
use futures_util::future::join_all;
use identity::{
    actions::{create_admin, grant_role, make_setup_code},
    model::Role,
};
use platform::audit::Actor::Operator;

use crate::app::{
    TestApp,
    browser::{Answer, Browser, SESSION},
    logs,
};

const PAGE: &str = "/setup";
const WRONG: &str = "0000-0000-0000";

/// Makes a code like a server that starts.
async fn code(app: &TestApp) -> String {
    let code = make_setup_code(app.context(), None).await.expect("a code");
    logs::plant(&code);
    code
}

/// Makes a code for an admin, like `guildhall setup-code`.
async fn code_of(app: &TestApp, login: &str) -> String {
    let admin = app.person_id(login).await.into();
    let code = make_setup_code(app.context(), Some(admin)).await.expect("a code");
    logs::plant(&code);
    code
}

async fn enter(browser: &Browser<'_>, code: &str) -> Answer {
    let form = [("code", code), ("name", "Wren Oak"), ("address", "wren@oak.example")];
    browser.post(PAGE, &form).await
}

async fn admins(app: &TestApp) -> Vec<String> {
    app.values("SELECT login AS value FROM users WHERE role = 'admin' ORDER BY login").await
}

/// Has a newcomer become the first admin, who then gets a code.
pub(crate) async fn act(app: &TestApp) {
    let code = code(app).await;
    let form = [("code", &*code), ("name", "Heron Reed")];
    Browser::new(app).post(PAGE, &form).await.location();
    code_of(app, "heron-reed.id").await;
}

#[tokio::test]
async fn a_code_makes_the_first_admin() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let page = browser.get(PAGE).await;
    assert_eq!(page.status, 200);
    for part in ["Step 1 of 6", "Become the first admin", "/assets/setup-1-", "Your name"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let typed = code(&app).await.to_lowercase().replace('-', " ");
    assert_eq!(enter(&browser, &typed).await.location(), "/setup/community");
    assert_eq!(browser.json("/api/v1/me").await["login"], "wren-oak.id");
    assert_eq!(admins(&app).await, ["wren-oak.id"]);
    let unverified = "SELECT address AS value FROM user_emails WHERE verified_at IS NULL";
    assert_eq!(app.values(unverified).await, ["wren@oak.example"]);
    let page = browser.get("/settings/email").await.text;
    assert!(!page.contains("wren@oak.example"), "no link was sent: {page}");
    let stored =
        "SELECT count(*) FROM setup_codes WHERE length(code_hash) = 32 AND used_at IS NOT NULL";
    assert_eq!(app.count(stored).await, 1);

    assert_eq!(browser.get(PAGE).await.location(), "/setup/community");
    assert_eq!(Browser::new(&app).get(PAGE).await.location(), "/");
    let done = browser.get("/setup/done").await;
    for part in ["You are an admin: Wren Oak", "/projects/new", "/assets/setup-6-"] {
        assert!(done.text.contains(part), "{part}: {}", done.text);
    }
    assert!(done.text.contains("set up email</a> first"), "{}", done.text);
    let email = browser.get("/setup/email").await.text;
    assert!(email.contains("no one else can sign in until you create a GitHub App"), "{email}");
    let home = browser.get("/").await.text;
    assert!(home.contains("href=\"/setup/done\""), "{home}");
    app.finish().await;
}

#[tokio::test]
async fn wrong_expired_and_used_codes_are_refused() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let old = code(&app).await;
    let refused = enter(&browser, WRONG).await;
    refused.refuses_form(422, Some("code"), "9 tries are left this hour");
    assert!(refused.text.contains("It wrote the latest at 00:00 UTC"), "{}", refused.text);
    for typed in [WRONG, "Wren Oak", "wren@oak.example"] {
        assert!(refused.text.contains(&format!("value=\"{typed}\"")), "{typed} is kept");
    }
    app.clock.advance(TimeDelta::hours(1));
    enter(&browser, &old).await.refuses_form(422, Some("code"), "expired at 01:00 UTC");
    assert_eq!(admins(&app).await, [""; 0]);

    let new = code(&app).await;
    enter(&browser, &new).await.location();
    let other = Browser::new(&app);
    enter(&other, &new).await.refuses_form(409, None, "Wren Oak used this code at 01:00 UTC");
    enter(&other, &old).await.refuses_form(409, None, "This server already has an admin");
    enter(&other, WRONG).await.refuses_form(409, None, "This server already has an admin");
    assert!(other.cookie(SESSION).is_none());
    assert_eq!(admins(&app).await, ["wren-oak.id"]);
    app.finish().await;
}

#[tokio::test]
async fn the_eleventh_try_of_a_network_is_refused_until_there_is_a_new_code() {
    let app = TestApp::with(|config| {
        config.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
    });
    let app = app.await;
    let guessing = Browser::forwarded(&app, "203.0.113.7");
    let right = code(&app).await;
    enter(&guessing, "nothing like a code").await.refuses_form(422, Some("code"), "not a code");
    for left in (0..10).rev() {
        let refused = enter(&guessing, WRONG).await;
        let tries = if left == 1 { "1 try is".to_owned() } else { format!("{left} tries are") };
        refused.refuses_form(422, Some("code"), &tries);
    }
    let neighbor = Browser::forwarded(&app, "203.0.113.8");
    for browser in [&guessing, &neighbor] {
        let refused = enter(browser, &right).await;
        refused.refuses_form(429, Some("code"), "Too many codes were wrong");
        assert_eq!(refused.header("retry-after"), "3600");
    }
    assert_eq!(app.count("SELECT count(*) FROM setup_tries").await, 10);
    let elsewhere = Browser::forwarded(&app, "198.51.100.7");
    enter(&elsewhere, WRONG).await.refuses_form(422, Some("code"), "9 tries are left");
    app.clock.advance(TimeDelta::seconds(1));
    let new = code(&app).await;
    enter(&guessing, &new).await.location();

    app.clock.advance(TimeDelta::hours(3));
    let report = app.run_schedule("SessionRetention").await;
    assert!(report.contains("setup codes: 2"), "{report}");
    assert_eq!(app.count("SELECT count(*) FROM setup_tries").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn of_browsers_at_once_one_makes_an_admin() {
    let app = TestApp::start().await;
    let shared = code(&app).await;
    // Each server makes a code of its own.
    let mut codes = vec![shared.clone(), shared];
    for _ in 0..4 {
        codes.push(code(&app).await);
    }
    let browsers: Vec<Browser<'_>> = codes.iter().map(|_| Browser::new(&app)).collect();
    let entered = browsers.iter().zip(&codes).map(|(browser, code)| enter(browser, code));
    let mut statuses: Vec<u16> =
        join_all(entered).await.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409, 409]);
    assert_eq!(admins(&app).await.len(), 1);
    assert_eq!(app.count("SELECT count(*) FROM users").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_signed_in_person_needs_the_code_alone() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let former = browser.cookie(SESSION).expect("a session");
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("You are signed in as") && !page.contains("Your name"), "{page}");
    let code = code(&app).await;
    browser.post(PAGE, &[("code", &*code)]).await.location();
    assert_eq!(admins(&app).await, ["wren-oak"]);
    assert_eq!(app.count("SELECT count(*) FROM users").await, 1);
    assert_ne!(browser.cookie(SESSION).as_deref(), Some(&*former));
    let old = Browser::new(&app);
    old.set_cookie(SESSION, &former);
    old.get("/api/v1/me").await.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    app.finish().await;
}

#[tokio::test]
async fn with_an_admin_only_a_code_for_them_signs_in() {
    let app = TestApp::start().await;
    let unbound = code(&app).await;
    let admin = app.browser_with("wren-oak", Role::Admin).await;
    let browser = Browser::new(&app);
    enter(&browser, &unbound).await.refuses_form(409, None, "This server already has an admin");
    assert_eq!(browser.get(PAGE).await.location(), "/");

    let bound = code_of(&app, "wren-oak").await;
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("Sign in with a code") && !page.contains("Your name"), "{page}");
    enter(&browser, &unbound).await.refuses_form(422, Some("code"), "9 tries are left");
    enter(&browser, &bound).await.location();
    assert_eq!(browser.json("/api/v1/me").await["login"], "wren-oak");
    assert_eq!(browser.get("/admin/people").await.status, 200);
    let other = Browser::new(&app);
    enter(&other, &bound).await.refuses_form(409, None, "wren-oak used this code");
    assert_eq!(admins(&app).await, ["wren-oak"]);

    app.second_factor(&admin).await;
    let bound = code_of(&app, "wren-oak").await;
    enter(&other, &bound).await.location();
    let people = other.get("/api/v1/admin/people").await;
    people.refuses(403, "SECOND_FACTOR_REQUIRED", "second factor");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_link_of_a_new_admin_signs_in_once() {
    let app = TestApp::start().await;
    let made = create_admin(app.context(), "Wren@oak.example").await;
    let (login, code) = made.expect("an admin");
    logs::plant(&code);
    assert_eq!(admins(&app).await, [login.as_str()]);
    assert!(!login.contains("wren"), "others see the login: {login}");
    let unverified = "SELECT address AS value FROM user_emails WHERE verified_at IS NULL";
    assert_eq!(app.values(unverified).await, ["Wren@oak.example"]);
    let browser = Browser::new(&app);
    let page = browser.get(&format!("{PAGE}?code={code}")).await;
    assert!(page.text.contains(&format!("value=\"{code}\"")), "{}", page.text);
    enter(&browser, &code).await.location();
    assert_eq!(browser.json("/api/v1/me").await["login"], login);
    enter(&Browser::new(&app), &code).await.refuses_form(409, None, "used this code");
    assert!(create_admin(app.context(), "wren").await.is_err(), "not an address");
    let again = create_admin(app.context(), "wren@Oak.example").await.expect_err("refused");
    assert!(again.to_string().contains(&format!("setup-code --as {login}")), "{again}");
    assert_eq!(admins(&app).await, [login.as_str()]);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_code_ends_with_the_role_of_its_admin() {
    let app = TestApp::start().await;
    app.browser_with("wren-oak", Role::Admin).await;
    app.browser_with("finch-ash", Role::Admin).await;
    let (lost, kept) = (code_of(&app, "wren-oak").await, code_of(&app, "finch-ash").await);
    grant_role(app.context(), Operator, "wren-oak", Role::User).await.expect("lowered");
    let browser = Browser::new(&app);
    enter(&browser, &lost).await.refuses_form(422, Some("code"), "not the code of this server");
    enter(&browser, &kept).await.location();
    let other = Browser::new(&app);
    enter(&other, &lost).await.refuses_form(409, None, "This server already has an admin");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_done_without_the_code() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    enter(&browser, WRONG).await.refuses_form(422, Some("code"), "not the code of this server");
    let code = code(&app).await;
    let elsewhere = browser.post_from("cross-site", PAGE, &[("code", &*code)]).await;
    elsewhere.refuses(403, "CROSS_SITE_REQUEST", "another site");
    let form = [("code", "7F4M"), ("name", ""), ("address", "wren")];
    let refused = browser.post(PAGE, &form).await;
    refused.refuses_form(422, Some("name"), "Your name is missing");
    assert!(refused.text.contains("3 answers need correcting"), "{}", refused.text);
    browser.post(PAGE, &[]).await.refuses_form(422, Some("code"), "12 characters");
    assert_eq!(browser.get("/setup/done").await.location(), "/sign-in?return=%2Fsetup%2Fdone");
    let person = app.browser_of("finch-ash").await;
    assert_eq!(person.get("/setup/done").await.status, 403);
    assert_eq!(admins(&app).await, [""; 0]);
    app.finish().await;
}
