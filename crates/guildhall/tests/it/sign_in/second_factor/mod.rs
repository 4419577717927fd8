//! The second factor: setting it up, proving it, losing it, and what waits for it.

mod mistakes;
mod replicas;
mod restored;
mod stolen;

use chrono::TimeDelta;
use futures_util::future::join_all;
use guildhall::{
    MODULES,
    backup::keys::{RotateInput, rotate},
};
use identity::{
    actions::{grant_role, reset_second_factor},
    model::{Role, Scope},
};
use platform::{audit::Actor::Operator, crypto::survey};
use serde_json::{Value, json};

use crate::app::{
    TestApp,
    browser::{Answer, Browser},
    second_factor::Authenticator,
};

const PAGE: &str = "/settings/second-factor";
const OWN: &str = "/api/v1/me/second-factor";
const REMOVE: &str = "/api/v1/me/second-factor/remove";
const PROVE: &str = "/api/v1/auth/second-factor";
const ADMIN: &str = "/api/v1/admin/jobs";

async fn prove(browser: &Browser<'_>, code: &str) -> Answer {
    browser.call("POST", PROVE, Some(&json!({ "code": code }))).await
}

/// Returns an admin with a second factor, and another session of theirs that has not proven it.
async fn admin<'a>(app: &'a TestApp, login: &str) -> (Browser<'a>, Browser<'a>, Authenticator<'a>) {
    let first = app.browser_with(login, Role::Admin).await;
    let phone = app.second_factor(&first).await;
    (first, app.browser_of(login).await, phone)
}

fn fields<'a>(code: &'a str, path: &'a str) -> [(&'a str, &'a str); 2] {
    [("code", code), ("return_to", path)]
}

fn reset(login: &str) -> String {
    format!("/api/v1/admin/people/{login}/second-factor")
}

#[tokio::test]
async fn the_page_sets_it_up_and_shows_recovery_codes_once() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("The second factor is off") && !page.contains("qr-title"), "{page}");
    assert_eq!(browser.post(PAGE, &[]).await.location(), PAGE);
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("role=\"img\" aria-labelledby=\"qr-title\""), "{page}");
    let secret = page.split("<code class=\"id\">").nth(1).and_then(|rest| rest.split('<').next());
    let phone = Authenticator::reading(&app, secret.expect("a secret"));
    let confirm = format!("{PAGE}/confirm");
    let wrong = phone.wrong_code();
    for (typed, words) in
        [("", "not a code"), ("12345", "not a code"), (wrong.as_str(), "code is wrong")]
    {
        let refused = browser.post(&confirm, &[("code", typed)]).await;
        refused.refuses_form(422, Some("code"), words);
        assert!(!refused.text.contains("recovery code"), "there are none: {}", refused.text);
        assert!(refused.text.contains("qr-title"), "the secret stays: {}", refused.text);
    }
    assert!(browser.json(OWN).await["confirmed_at"].is_null());
    let done = browser.post(&confirm, &[("code", &phone.code())]).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(done.text.matches("<li><code>").count(), 10, "{}", done.text);
    assert!(done.text.contains("The second factor is on") && !done.text.contains("qr-title"));
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("Recovery codes left: 10.") && !page.contains("<li><code>"), "{page}");
    let state = browser.json(OWN).await;
    assert_eq!((&state["is_proven"], &state["recovery_codes_left"]), (&json!(true), &json!(10)));
    browser.call("POST", OWN, None).await.refuses(409, "SECOND_FACTOR_EXISTS", "remove it first");
    browser.post(PAGE, &[]).await.refuses_form(409, None, "remove it first");
    app.work().await;
    let subject = "wren-oak@oak.example: Your second factor was set up";
    assert!(mailbox.subjects().contains(&subject.to_owned()), "{:?}", mailbox.subjects());
    let kept = "SELECT count(*) FROM second_factors WHERE length(totp_secret) > 40";
    assert_eq!(app.count(kept).await, 1, "the secret is encrypted");
    app.finish().await;
}

#[tokio::test]
async fn changes_need_a_recent_sign_in_and_a_code() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let phone = app.second_factor(&browser).await;
    let codes = format!("{OWN}/recovery-codes");
    let wrong = json!({ "code": phone.wrong_code() });
    for (method, path) in [("POST", codes.as_str()), ("POST", REMOVE)] {
        browser.call(method, path, Some(&wrong)).await.refuses(422, "WRONG_CODE", "wrong");
    }
    let right = json!({ "code": phone.next_code() });
    let renewed = browser.call("POST", &codes, Some(&right)).await;
    assert_eq!(renewed.json()["recovery_codes"].as_array().map(Vec::len), Some(10));
    prove(&browser, &phone.recovery_codes[0]).await.refuses(422, "WRONG_CODE", "already used");
    app.clock.advance(TimeDelta::hours(1));
    let right = json!({ "code": phone.code() });
    for (method, path) in [("POST", codes.as_str()), ("POST", REMOVE), ("POST", OWN)] {
        let body = Some(&right).filter(|_| (method, path) != ("POST", OWN));
        browser.call(method, path, body).await.refuses(403, "SIGN_IN_AGAIN", "recent sign-in");
    }
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("sign in again") && !page.contains("Remove second factor"), "{page}");
    let again = app.browser_of("wren-oak").await;
    let remove = format!("{PAGE}/remove");
    again.post(&remove, &[("code", "1")]).await.refuses_form(422, Some("code"), "not a code");
    assert_eq!(again.post(&remove, &[("code", &phone.code())]).await.location(), PAGE);
    let gone = again.call("POST", REMOVE, Some(&right)).await;
    gone.refuses(409, "NO_SECOND_FACTOR", "Set one up");
    for table in ["second_factors", "recovery_codes"] {
        assert_eq!(app.count(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_role_waits_until_the_session_proves_it() {
    let app = TestApp::start().await;
    let (first, second, phone) = admin(&app, "wren-oak").await;
    assert_eq!(first.get("/admin/jobs").await.status, 200);
    let ask = "/sign-in/second-factor?return_to=%2Fadmin%2Fjobs%3Fstate%3Ddead";
    assert_eq!(second.get("/admin/jobs?state=dead").await.location(), ask);
    second.get(ADMIN).await.refuses(403, "SECOND_FACTOR_REQUIRED", "/sign-in/second-factor");
    // What the role may do beside others, too.
    let new = second.get("/hackathons/new").await;
    assert_eq!(new.location(), "/sign-in/second-factor?return_to=%2Fhackathons%2Fnew");
    let form = [("role", "moderator")];
    let refused = second.post("/admin/people/wren-oak/role", &form).await;
    refused.refuses(403, "SECOND_FACTOR_REQUIRED", "Enter a code");
    assert_eq!(second.json("/api/v1/me").await["role"], "admin");
    let page = second.get(ask).await.text;
    for words in
        ["autocomplete=\"one-time-code\"", "inputmode=\"numeric\"", "/admin/jobs?state=dead"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let code = phone.next_code();
    let wrong = phone.wrong_code();
    let refused = second.post("/sign-in/second-factor", &fields(&wrong, "/admin/jobs")).await;
    refused.refuses_form(422, Some("code"), "This code is wrong");
    assert!(refused.text.contains("value=\"/admin/jobs\""), "{}", refused.text);
    let proven =
        second.post("/sign-in/second-factor", &fields(&code, "https://evil.example")).await;
    assert_eq!(proven.location(), "/");
    assert_eq!(second.get("/admin/jobs").await.status, 200);
    assert_eq!(second.get(ask).await.location(), "/admin/jobs?state=dead", "asked once");
    let third = app.browser_of("wren-oak").await;
    third.get(ADMIN).await.refuses(403, "SECOND_FACTOR_REQUIRED", "Enter a code");
    let stranger = app.browser_of("finch-ash").await;
    assert_eq!(stranger.get("/sign-in/second-factor").await.location(), PAGE);
    prove(&stranger, &code).await.refuses(409, "NO_SECOND_FACTOR", "You have no second factor");
    app.finish().await;
}

#[tokio::test]
async fn a_code_works_once_whatever_the_clock_does() {
    let app = TestApp::start().await;
    let (_, browser, phone) = admin(&app, "wren-oak").await;
    let used = phone.code();
    prove(&browser, &used).await.refuses(422, "WRONG_CODE", "already used");
    let late = phone.next_code();
    app.clock.advance(TimeDelta::seconds(30));
    assert_eq!(prove(&browser, &late).await.status, 204, "a step late");
    prove(&browser, &late).await.refuses(422, "WRONG_CODE", "already used");
    app.clock.advance(TimeDelta::seconds(60));
    let early = phone.code();
    app.clock.advance(TimeDelta::seconds(-30));
    assert_eq!(prove(&browser, &early).await.status, 204, "a step early");
    let skipped = phone.code();
    prove(&browser, &skipped).await.refuses(422, "WRONG_CODE", "already used");
    // A clock that is set back accepts no code that may have been seen; recovery codes work.
    app.clock.advance(TimeDelta::hours(-1));
    prove(&browser, &phone.code()).await.refuses(422, "WRONG_CODE", "already used");
    assert_eq!(prove(&browser, &phone.recovery_codes[0]).await.status, 204);
    assert_eq!(browser.get(ADMIN).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn five_wrong_codes_lock_it_for_fifteen_minutes_also_at_once() {
    let app = TestApp::start().await;
    let (_, browser, phone) = admin(&app, "wren-oak").await;
    let wrong = phone.wrong_code();
    let answers = join_all((0..20).map(|_| prove(&browser, &wrong))).await;
    let with = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((with(422), with(429)), (5, 15));
    let other = app.browser_of("wren-oak").await;
    let right = phone.next_code();
    for code in [&right, &phone.recovery_codes[0]] {
        let refused = prove(&other, code).await;
        refused.refuses(429, "TOO_MANY_CODES", "Wait 15 minutes");
        let wait: u32 = refused.header("retry-after").parse().expect("seconds");
        assert!((860..=870).contains(&wait), "{wait}");
    }
    let form = [("code", right.as_str())];
    other.post("/sign-in/second-factor", &form).await.refuses_form(429, Some("code"), "Wait");
    let stranger = app.browser_of("finch-ash").await;
    app.second_factor(&stranger).await;
    app.clock.advance(TimeDelta::seconds(870));
    assert_eq!(prove(&other, &phone.code()).await.status, 204);
    app.run_schedule("SessionRetention").await;
    assert_eq!(app.count("SELECT count(*) FROM wrong_codes").await, 5, "they count still");
    app.clock.advance(TimeDelta::seconds(1));
    app.run_schedule("SessionRetention").await;
    assert_eq!(app.count("SELECT count(*) FROM wrong_codes").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_code_that_arrives_many_times_at_once_works_once() {
    let app = TestApp::start().await;
    let (_, browser, phone) = admin(&app, "wren-oak").await;
    for code in [phone.next_code(), phone.recovery_codes[0].clone()] {
        let answers = join_all((0..4).map(|_| prove(&browser, &code))).await;
        let accepted = answers.iter().filter(|answer| answer.status == 204).count();
        assert_eq!(accepted, 1, "{answers:?}");
        app.clock.advance(TimeDelta::minutes(16));
    }
    app.finish().await;
}

#[tokio::test]
async fn each_recovery_code_works_once() {
    let app = TestApp::start().await;
    let (_, browser, phone) = admin(&app, "wren-oak").await;
    let (_, _, other) = admin(&app, "finch-ash").await;
    let refused = prove(&browser, &other.recovery_codes[0]).await;
    refused.refuses(422, "WRONG_CODE", "wrong");
    for (used, code) in phone.recovery_codes.iter().enumerate() {
        let typed = code.replace('-', " ");
        assert_eq!(prove(&browser, &typed).await.status, 204, "{used}");
        prove(&browser, code).await.refuses(422, "WRONG_CODE", "already used");
        let left = browser.json(OWN).await["recovery_codes_left"].as_u64();
        assert_eq!(left, Some(9 - used as u64));
        app.clock.advance(TimeDelta::minutes(16));
    }
    app.finish().await;
}

#[tokio::test]
async fn an_admin_resets_the_factor_of_a_lost_device() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, locked, _) = admin(&app, "wren-oak").await;
    app.verify_address("wren-oak").await;
    let helper = app.browser_with("finch-ash", Role::Admin).await;
    let refused = helper.call("DELETE", &reset("wren-oak"), None).await;
    refused.refuses(403, "SECOND_FACTOR_REQUIRED", "/settings/second-factor");
    let page = "/admin/people/wren-oak/reset-second-factor";
    helper.post(page, &[]).await.refuses(403, "SECOND_FACTOR_REQUIRED", "Set one up");
    let phone = app.second_factor(&helper).await;
    let person = helper.get("/admin/people/wren-oak").await.text;
    assert!(person.contains("Reset second factor"), "{person}");
    let own = helper.call("DELETE", &reset("finch-ash"), None).await;
    own.refuses(409, "CANNOT_RESET_OWN_FACTOR", "ask another admin");
    helper.call("DELETE", &reset("unknown"), None).await.refuses(
        404,
        "PERSON_NOT_FOUND",
        "unknown",
    );
    assert_eq!(helper.call("DELETE", &reset("wren-oak"), None).await.status, 204);
    let none = helper.call("DELETE", &reset("wren-oak"), None).await;
    none.refuses(409, "NO_SECOND_FACTOR", "wren-oak has no second factor");
    helper.post(page, &[]).await.refuses_form(409, None, "has no second factor");
    assert_eq!(locked.get(ADMIN).await.status, 200, "the role requires none");
    app.work().await;
    let subject = "wren-oak@oak.example: Your second factor was reset by an admin";
    assert!(mailbox.subjects().contains(&subject.to_owned()), "{:?}", mailbox.subjects());
    let inbox = locked.json("/api/v1/me/notifications").await;
    let kinds = inbox["items"].as_array().expect("items").iter().map(|item| &item["kind"]);
    assert_eq!(kinds.filter(|kind| **kind == "second_factor_changed").count(), 2, "{inbox}");
    let log = helper.json("/api/v1/admin/audit?action=user.reset_second_factor").await;
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1), "{log}");
    // The last admin asks the operator, who has the command.
    let context = app.context();
    reset_second_factor(context, Operator, "finch-ash").await.expect("reset");
    prove(&helper, &phone.next_code()).await.refuses(409, "NO_SECOND_FACTOR", "no second factor");
    app.finish().await;
}

#[tokio::test]
async fn an_admin_who_was_removed_keeps_nothing() {
    let app = TestApp::start().await;
    let (proven, _, phone) = admin(&app, "wren-oak").await;
    let (other, ..) = admin(&app, "finch-ash").await;
    let token = app_token(&proven).await;
    grant_role(app.context(), Operator, "wren-oak", Role::User).await.expect("removed");
    for browser in [&proven, &Browser::bearing(&app, &token)] {
        let refused = browser.call("DELETE", &reset("finch-ash"), None).await;
        refused.refuses(403, "ROLE_REQUIRED", "Only admins");
    }
    assert_eq!(prove(&proven, &phone.next_code()).await.status, 204, "the factor stays");
    assert_eq!(other.call("DELETE", &reset("wren-oak"), None).await.status, 204);
    app.finish().await;
}

async fn app_token(browser: &Browser<'_>) -> String {
    let pair = browser.call("POST", "/api/v1/auth/token", None).await;
    assert_eq!(pair.status, 200, "{}", pair.text);
    pair.json()["access_token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn a_role_that_requires_a_factor_counts_only_with_one() {
    let app = TestApp::with(|config| config.require_second_factor = vec!["moderator".to_owned()]);
    let app = app.await;
    let browser = app.browser_with("wren-oak", Role::Moderator).await;
    let people = "/api/v1/admin/people";
    browser.get(people).await.refuses(403, "SECOND_FACTOR_REQUIRED", "Set one up");
    let asked = browser.get("/admin/people").await.location().to_owned();
    assert_eq!(asked, "/sign-in/second-factor?return_to=%2Fadmin%2Fpeople");
    assert_eq!(browser.get(&asked).await.location(), PAGE);
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("Your role requires a second factor"), "{page}");
    assert_eq!(browser.json(OWN).await["is_required"], true);
    // What a factor does not lift keeps its own reason.
    let late = app.browser_with("rook-elm", Role::Moderator).await;
    app.clock.advance(TimeDelta::hours(1));
    late.call("POST", OWN, None).await.refuses(403, "SIGN_IN_AGAIN", "recent sign-in");
    let browser = app.browser_of("wren-oak").await;
    let token = app.token("wren-oak", &[Scope::Admin]).await;
    let program = Browser::bearing(&app, &token);
    program.get(people).await.refuses(403, "SECOND_FACTOR_REQUIRED", "Set one up");
    let phone = app.second_factor(&browser).await;
    assert_eq!(browser.get(people).await.status, 200);
    program.get(people).await.refuses(403, "SECOND_FACTOR_REQUIRED", "create a new token");
    let gone = browser.call("POST", REMOVE, Some(&json!({ "code": phone.next_code() }))).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    browser.get(people).await.refuses(403, "SECOND_FACTOR_REQUIRED", "Set one up");
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    assert_eq!(admin.get(people).await.status, 200, "only the named role requires one");
    app.finish().await;
}

async fn create_token(browser: &Browser<'_>, scopes: &[&str]) -> Answer {
    let input = json!({ "name": "CI", "scopes": scopes, "expires_in_days": 30 });
    browser.call("POST", "/api/v1/me/tokens", Some(&input)).await
}

fn bearing<'a>(app: &'a TestApp, created: &Value) -> Browser<'a> {
    Browser::bearing(app, created["secret"].as_str().expect("a secret"))
}

#[tokio::test]
async fn tokens_and_apps_count_as_proven_if_their_session_does() {
    let app = TestApp::start().await;
    let first = app.browser_with("wren-oak", Role::Admin).await;
    let before = bearing(&app, &create_token(&first, &["admin"]).await.json());
    let early = Browser::bearing(&app, &app_token(&first).await);
    for program in [&before, &early] {
        assert_eq!(program.get(ADMIN).await.status, 200, "there was no factor yet");
    }
    let phone = app.second_factor(&first).await;
    before.get(ADMIN).await.refuses(403, "SECOND_FACTOR_REQUIRED", "create a new token");
    early.get(ADMIN).await.refuses(403, "SECOND_FACTOR_REQUIRED", "sign the app in again");
    let second = app.browser_of("wren-oak").await;
    let refused = create_token(&second, &["read", "admin"]).await;
    refused.refuses(403, "SECOND_FACTOR_REQUIRED", "Enter a code");
    let form = [("name", "CI"), ("scopes", "read admin"), ("expires_in_days", "30")];
    let refused = second.post("/settings/tokens", &form).await;
    refused.refuses(403, "SECOND_FACTOR_REQUIRED", "Enter a code");
    let refused = create_token(&second, &["read"]).await;
    refused.refuses(403, "SECOND_FACTOR_REQUIRED", "Enter a code");
    let refused = second.call("POST", "/api/v1/auth/token", None).await;
    refused.refuses(403, "SECOND_FACTOR_REQUIRED", "Enter a code");
    let token = bearing(&app, &create_token(&first, &["admin"]).await.json());
    let pair = first.call("POST", "/api/v1/auth/token", None).await.json();
    let family = Browser::bearing(&app, pair["access_token"].as_str().expect("a token"));
    for program in [&token, &family] {
        assert_eq!(program.get(ADMIN).await.status, 200);
    }
    let shown = json!({ "refresh_token": pair["refresh_token"] });
    let next = first.call("POST", "/api/v1/auth/refresh", Some(&shown)).await.json();
    let family = Browser::bearing(&app, next["access_token"].as_str().expect("a token"));
    assert_eq!(family.get(ADMIN).await.status, 200);
    // No session has proven a factor that is set up anew.
    let code = json!({ "code": phone.next_code() });
    assert_eq!(first.call("POST", REMOVE, Some(&code)).await.status, 204);
    app.second_factor(&first).await;
    for program in [&token, &family] {
        program.get(ADMIN).await.refuses(
            403,
            "SECOND_FACTOR_REQUIRED",
            "without your second factor",
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn the_data_of_pupils_wait_for_it() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let path = format!("/ctf/rosters/{roster}");
    let coach = app.browser_of("marit-s").await;
    assert_eq!(coach.get(&path).await.status, 200, "coaches may have none");
    app.second_factor(&coach).await;
    assert_eq!(coach.get(&path).await.status, 200);
    let other = app.browser_of("marit-s").await;
    for page in [path.clone(), format!("{path}/dashboard.csv"), "/ctf/rosters/new".to_owned()] {
        let asked = other.get(&page).await.location().to_owned();
        assert!(asked.starts_with("/sign-in/second-factor?return_to=%2Fctf%2Frosters"), "{asked}");
    }
    other.post(&format!("{path}/remind"), &[]).await.refuses(403, "SECOND_FACTOR_REQUIRED", "code");
    app.abandon().await;
}

#[tokio::test]
async fn coaches_need_one_if_the_configuration_says_so() {
    let app = TestApp::with(|config| config.require_second_factor = vec!["coach".to_owned()]);
    let app = app.await;
    let (_, roster) = app.roster("marit-s").await;
    let path = format!("/ctf/rosters/{roster}");
    let coach = app.browser_of("marit-s").await;
    let asked = coach.get(&path).await.location().to_owned();
    assert!(asked.starts_with("/sign-in/second-factor?return_to="), "{asked}");
    assert_eq!(coach.get(&asked).await.location(), PAGE);
    let refused = coach.post(&format!("{path}/remind"), &[]).await;
    refused.refuses(403, "SECOND_FACTOR_REQUIRED", "Set one up");
    app.second_factor(&coach).await;
    assert_eq!(coach.get(&path).await.status, 200);
    let other = app.browser_of("wren-oak").await;
    assert_eq!(other.get("/settings/account").await.status, 200, "others need none");
    app.abandon().await;
}

#[tokio::test]
async fn it_works_after_the_keys_were_changed() {
    let app = TestApp::start().await;
    let (_, browser, phone) = admin(&app, "wren-oak").await;
    let (context, ring) = (app.context(), &app.server.ring);
    rotate(context, ring, RotateInput::default(), |_| {}).await.expect("rotated");
    let used = survey(&context.db, ring, &MODULES.sealed()).await.expect("read");
    let newest = ring.keys().newest().id();
    assert!(used.of(newest) > 0 && used.of_others(newest) == 0, "{used:?}");
    assert_eq!(prove(&browser, &phone.next_code()).await.status, 204);
    app.finish().await;
}
