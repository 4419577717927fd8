//! Text messages to people: a phone is verified with a code, and receives what its person chose.

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::fake_post::{FakePost, PostFault};

use super::{SCORED, notify_person};
use crate::{
    app::{
        TestApp,
        browser::{Answer, Browser},
    },
    messages::message_states,
};

const PATH: &str = "/api/v1/me/phone";
const VERIFY: &str = "/api/v1/me/phone/verify";
const PAGE: &str = "/settings/notifications/phone";

/// Starts a server that sends text messages.
async fn scene() -> (FakePost, TestApp) {
    scene_with(500).await
}

async fn scene_with(texts_per_day: i64) -> (FakePost, TestApp) {
    let post = FakePost::start().await.expect("a port");
    let url = post.url().to_owned();
    let app = TestApp::with(|config| {
        config.telnyx_api_key = Some("KEY_planted".to_owned().into());
        config.telnyx_url.clone_from(&url);
        config.telnyx_from = Some("+15551230000".to_owned());
        config.texts_per_day = texts_per_day;
    })
    .await;
    (post, app)
}

/// Returns the text messages so far: the number of each, and its text.
fn texts(post: &FakePost) -> Vec<(String, String)> {
    let taken = post.taken_by("telnyx");
    let text = |field: &Value| field.as_str().unwrap_or_default().to_owned();
    let texts = taken.iter().map(|taken| (text(&taken.body["to"]), text(&taken.body["text"])));
    texts.collect()
}

/// Returns the code of the last text message.
fn code(post: &FakePost) -> String {
    let (_, text) = texts(post).pop().expect("a text message");
    let (code, rest) = text.split_once(' ').expect("a code");
    assert!(rest.starts_with("is your code for "), "{text}");
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{text}");
    code.to_owned()
}

/// Returns another code than this one.
fn other_than(code: &str) -> String {
    let number: u32 = code.parse().expect("digits");
    format!("{:06}", (number + 1) % 1_000_000)
}

async fn put(browser: &Browser<'_>, number: &str) -> Answer {
    let body = json!({ "number": number });
    browser.call("PUT", PATH, Some(&body)).await
}

async fn verify(browser: &Browser<'_>, code: &str) -> Answer {
    let body = json!({ "code": code });
    browser.call("POST", VERIFY, Some(&body)).await
}

/// Adds a phone and verifies it; used by tests of other areas too.
pub(crate) async fn act(app: &TestApp, login: &str) {
    let browser = app.browser_of(login).await;
    assert_eq!(put(&browser, "+15551230007").await.status, 200);
    let sql = "SELECT content AS value FROM outbox_messages WHERE kind = 'verify_phone'";
    let content = app.values(sql).await.pop().expect("a code");
    let content: Value = serde_json::from_str(&content).expect("JSON");
    let code: String = content["subject"].as_str().expect("text")[..6].to_owned();
    assert_eq!(verify(&browser, &code).await.status, 200);
}

#[tokio::test]
async fn a_phone_is_verified_with_a_code_and_removed() {
    let (post, app) = scene().await;
    let wren = app.browser_of("wren-oak").await;
    let none = json!({ "is_available": true, "number": null, "verified_at": null });
    assert_eq!(wren.json(PATH).await, none);
    verify(&wren, "000000").await.refuses(409, "CODE_INVALID", "No code");
    let set = put(&wren, " +1 (555) 123-0007").await;
    assert_eq!(set.status, 200, "{}", set.text);
    assert_eq!(set.json()["number"], "+15551230007");
    assert_eq!(set.json()["verified_at"], json!(null));
    app.work().await;
    let code = code(&post);
    assert_eq!(texts(&post)[0].0, "+15551230007");
    let kept = "SELECT count(*) FROM outbox_messages WHERE content IS NOT NULL";
    assert_eq!(app.count(kept).await, 0, "a sent code is not kept");
    let finch = app.browser_of("finch-ash").await;
    verify(&finch, &code).await.refuses(409, "CODE_INVALID", "No code");
    verify(&wren, &other_than(&code)).await.refuses(409, "CODE_INVALID", "not the code");
    let verified = verify(&wren, &format!(" {code} ")).await;
    assert_eq!(verified.status, 200, "{}", verified.text);
    assert!(verified.json()["verified_at"].is_string());
    verify(&wren, &code).await.refuses(409, "CODE_INVALID", "No code");
    put(&wren, "+15551230007").await.refuses(409, "PHONE_ALREADY_VERIFIED", "");
    assert_eq!(put(&wren, "+15551230008").await.status, 200);
    assert_eq!(wren.call("DELETE", PATH, None).await.status, 204);
    wren.call("DELETE", PATH, None).await.refuses(404, "NOT_FOUND", "no phone");
    assert_eq!(wren.json(PATH).await, none);
    let acts = "SELECT action AS value FROM audit_logs WHERE action LIKE 'phone.%' ORDER BY id";
    assert_eq!(app.values(acts).await, ["phone.verify", "phone.remove", "phone.remove"]);
    let noted = "SELECT count(*) FROM audit_logs WHERE CAST(after AS text) LIKE '%555%'";
    assert_eq!(app.count(noted).await, 0, "no number in the audit log");
    app.work().await;
    assert_eq!(texts(&post).len(), 1, "no code to a removed phone");
    app.finish().await;
}

#[tokio::test]
async fn wrong_numbers_and_servers_without_text_messages_are_refused() {
    let (_, app) = scene().await;
    let wren = app.browser_of("wren-oak").await;
    for number in ["", "hello", "5551230007", "+0555123000", "+1555123000712345"] {
        put(&wren, number).await.refuses(422, "NOT_A_PHONE_NUMBER", "+1 555 123 4567");
    }
    let refused = wren.call("PUT", PATH, Some(&json!({}))).await;
    refused.refuses(400, "BAD_BODY", "");
    app.finish().await;
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    assert_eq!(wren.json(PATH).await["is_available"], false);
    put(&wren, "+15551230007").await.refuses(409, "TEXTS_NOT_CONFIGURED", "/admin/settings");
    let page = wren.get(PAGE).await.text;
    assert!(page.contains("This server cannot send text messages"));
    assert!(!wren.get("/settings/notifications").await.text.contains(PAGE));
    app.finish().await;
}

#[tokio::test]
async fn codes_expire_and_cannot_be_guessed() {
    let (post, app) = scene().await;
    let wren = app.browser_of("wren-oak").await;
    put(&wren, "+15551230007").await;
    app.work().await;
    let first = code(&post);
    app.clock.advance(TimeDelta::minutes(10));
    verify(&wren, &first).await.refuses(409, "CODE_INVALID", "No code");
    put(&wren, "+15551230007").await;
    app.work().await;
    let second = code(&post);
    let wrong = other_than(&second);
    // Also many at once are counted.
    let tries = futures_util::future::join_all((0..12).map(|_| verify(&wren, &wrong))).await;
    let compared = tries.iter().filter(|one| one.text.contains("not the code"));
    assert_eq!(compared.count(), 5);
    verify(&wren, &second).await.refuses(409, "CODE_INVALID", "five wrong ones");
    assert_eq!(put(&wren, "+15551230008").await.status, 200);
    put(&wren, "+15551230009").await.refuses(429, "TOO_MANY_CODES", "24 hours");
    app.work().await;
    assert_eq!(texts(&post).len(), 3);
    assert_eq!(verify(&wren, &code(&post)).await.status, 200);
    app.clock.advance(TimeDelta::days(1));
    put(&wren, "+15551230009").await.refuses(403, "SIGN_IN_AGAIN", "recent sign-in");
    let wren = app.browser_of("wren-oak").await;
    assert_eq!(put(&wren, "+15551230009").await.status, 200);
    assert_eq!(wren.json(PATH).await["verified_at"], json!(null), "the new one is not verified");
    app.abandon().await;
}

#[tokio::test]
async fn a_number_is_not_flooded_by_many_people() {
    let (_, app) = scene().await;
    for (login, status) in [("wren-oak", 200), ("finch-ash", 200), ("robin-elm", 429)] {
        let browser = app.browser_of(login).await;
        assert_eq!(put(&browser, "+15551230007").await.status, status, "{login}");
    }
    let wren = app.browser_of("wren-oak").await;
    let tries = ["+15551230011", "+15551230012", "+15551230013", "+15551230014"];
    let tries = tries.map(|number| put(&wren, number));
    let tries = futures_util::future::join_all(tries).await;
    let sent = tries.iter().filter(|one| one.status == 200).count();
    assert_eq!(sent, 2, "three a day, also at once");
    app.abandon().await;
}

#[tokio::test]
async fn a_number_is_not_flooded_through_phones_that_are_removed_or_replaced() {
    let (_, app) = scene().await;
    let wren = app.browser_of("wren-oak").await;
    assert_eq!(put(&wren, "+15551230007").await.status, 200);
    assert_eq!(wren.call("DELETE", PATH, None).await.status, 204);
    let finch = app.browser_of("finch-ash").await;
    for number in ["+15551230007", "+15551230008"] {
        assert_eq!(put(&finch, number).await.status, 200, "{number}");
    }
    let robin = app.browser_of("robin-elm").await;
    put(&robin, "+15551230007").await.refuses(429, "TOO_MANY_CODES", "24 hours");
    app.clock.advance(TimeDelta::hours(25));
    let robin = app.browser_of("robin-elm").await;
    assert_eq!(put(&robin, "+15551230007").await.status, 200);
    app.abandon().await;
}

#[tokio::test]
async fn codes_are_not_sent_late_or_to_a_removed_phone() {
    let (post, app) = scene().await;
    let wren = app.browser_of("wren-oak").await;
    post.next(std::iter::repeat_n(PostFault::Status(503, None), 2));
    put(&wren, "+15551230007").await;
    app.work().await;
    app.clock.advance(TimeDelta::minutes(1));
    app.work().await;
    app.clock.advance(TimeDelta::minutes(9));
    app.work().await;
    let states = message_states(&app).await;
    assert!(states[0].starts_with("given up: expired"), "{states:?}");
    put(&wren, "+15551230008").await;
    assert_eq!(wren.call("DELETE", PATH, None).await.status, 204);
    app.work().await;
    assert!(texts(&post).is_empty());
    put(&wren, "+15551230008").await;
    put(&wren, "+15551230008").await.refuses(429, "TOO_MANY_CODES", "");
    app.abandon().await;
}

#[tokio::test]
async fn malformed_codes_are_no_tries() {
    let (post, app) = scene().await;
    let wren = app.browser_of("wren-oak").await;
    put(&wren, "+15551230007").await;
    app.work().await;
    let code = code(&post);
    for wrong in ["", "12345", "1234567", "١٤٩٧٢١", "abcdef"] {
        verify(&wren, wrong).await.refuses(422, "NOT_A_CODE", "six digits");
    }
    let written = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(verify(&wren, &written).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn messages_that_are_always_sent_do_not_count_toward_the_maximum() {
    let (_, app) = scene().await;
    let wren = app.browser_of("wren-oak").await;
    act(&app, "wren-oak").await;
    let chosen = json!({ "daily_cap": 1, "sms": { "pull_request_scored": "instant" } });
    let saved = wren.call("PUT", "/api/v1/me/notification-settings", Some(&chosen)).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let alarm = &notifications::model::NEW_DEVICE;
    for (kind, occurrence, texts) in
        [(alarm, "one", 1), (&SCORED, "two", 2), (&SCORED, "three", 2), (alarm, "four", 3)]
    {
        assert!(notify_person(&app, "wren-oak", kind, occurrence).await);
        let sent =
            "SELECT count(*) FROM outbox_messages WHERE channel = 'sms' AND kind <> 'verify_phone'";
        assert_eq!(app.count(sent).await, texts, "{occurrence}");
    }
    app.abandon().await;
}

#[tokio::test]
async fn all_people_together_get_a_number_of_text_messages_a_day() {
    let (_, app) = scene_with(5).await;
    act(&app, "wren-oak").await;
    let alarm = &notifications::model::NEW_DEVICE;
    let alerts =
        "SELECT title AS value FROM alerts WHERE kind = 'text_messages' AND resolved_at IS NULL";
    for occurrence in ["one", "two"] {
        assert!(notify_person(&app, "wren-oak", alarm, occurrence).await);
    }
    app.run_schedule("OperatorAlerts").await;
    assert!(app.values(alerts).await.is_empty());
    assert!(notify_person(&app, "wren-oak", alarm, "three").await);
    app.run_schedule("OperatorAlerts").await;
    assert_eq!(
        app.values(alerts).await,
        ["At least four fifths of 5 text messages a day were sent"]
    );
    // The fifth message is sent, and no sixth one, neither a notification nor a code.
    for occurrence in ["four", "five"] {
        assert!(notify_person(&app, "wren-oak", alarm, occurrence).await);
    }
    let sent = "SELECT count(*) FROM outbox_messages WHERE channel = 'sms'";
    assert_eq!(app.count(sent).await, 5);
    let robin = app.browser_of("robin-elm").await;
    put(&robin, "+15551230008").await.refuses(429, "TOO_MANY_TEXTS", "maximum number");
    assert_eq!(app.count(sent).await, 5);
    app.clock.advance(TimeDelta::hours(25));
    app.run_schedule("OperatorAlerts").await;
    assert!(app.values(alerts).await.is_empty(), "a day later");
    let robin = app.browser_of("robin-elm").await;
    assert_eq!(put(&robin, "+15551230008").await.status, 200);
    app.abandon().await;
}

#[tokio::test]
async fn a_person_who_replied_stop_raises_no_alert() {
    let (post, app) = scene().await;
    act(&app, "wren-oak").await;
    app.work().await;
    post.next([PostFault::Status(409, None)]);
    let alarm = &notifications::model::NEW_DEVICE;
    assert!(notify_person(&app, "wren-oak", alarm, "one").await);
    app.work().await;
    let states = message_states(&app).await;
    assert!(
        states.iter().any(|state| state.starts_with("given up: the recipient replied STOP")),
        "{states:?}"
    );
    assert!(!states.iter().any(|state| state.starts_with("dead")));
    app.finish().await;
}

#[tokio::test]
async fn a_phone_gets_what_its_person_chose() {
    let (post, app) = scene().await;
    let wren = app.browser_of("wren-oak").await;
    act(&app, "wren-oak").await;
    let sent = || {
        app.count(
            "SELECT count(*) FROM outbox_messages WHERE channel = 'sms' AND kind <> 'verify_phone'",
        )
    };
    assert!(notify_person(&app, "wren-oak", &SCORED, "one").await);
    assert_eq!(sent().await, 0, "none that were not chosen");
    let alarm = &notifications::model::NEW_DEVICE;
    assert!(notify_person(&app, "wren-oak", alarm, "two").await);
    assert_eq!(sent().await, 1, "security always");
    let chosen = [("sms:pull_request_scored", "instant"), ("timezone", "UTC"), ("daily_cap", "20")];
    wren.post("/settings/notifications", &chosen).await.location();
    let settings = wren.json("/api/v1/me/notification-settings").await;
    assert_eq!(settings["sms"]["pull_request_scored"], "instant");
    assert_eq!(settings["sms"]["new_device"], "instant");
    assert_eq!(settings["sms"]["digest"], json!(null));
    assert!(notify_person(&app, "wren-oak", &SCORED, "three").await);
    assert!(!notify_person(&app, "wren-oak", &SCORED, "three").await);
    assert_eq!(sent().await, 2, "once");
    app.work().await;
    let (to, text) = texts(&post).pop().expect("a text message");
    assert_eq!(to, "+15551230007");
    assert!(text.ends_with("/projects"), "{text}");
    assert!(message_states(&app).await.iter().all(|state| state.starts_with("sent")));
    let quiet = json!({ "daily_cap": 20, "quiet_from": "00:00", "quiet_until": "23:59" });
    let saved = wren.call("PUT", "/api/v1/me/notification-settings", Some(&quiet)).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert!(notify_person(&app, "wren-oak", &SCORED, "four").await);
    app.work().await;
    assert_eq!(texts(&post).len(), 3, "not in quiet hours");
    assert_eq!(wren.call("DELETE", PATH, None).await.status, 204);
    app.clock.advance(TimeDelta::days(2));
    app.work().await;
    assert_eq!(texts(&post).len(), 3, "not to a removed phone");
    app.abandon().await;
}

#[tokio::test]
async fn a_phone_is_added_on_its_page() {
    let (post, app) = scene().await;
    let wren = app.browser_of("wren-oak").await;
    let page = wren.get("/settings/notifications").await.text;
    assert!(page.contains("You have not added a phone") && !page.contains("sms:"));
    let refused = wren.post(PAGE, &[("number", "12")]).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("This is not a phone number")
            && refused.text.contains("value=\"12\"")
    );
    assert_eq!(wren.post(PAGE, &[("number", "+1 555 123 0007")]).await.location(), PAGE);
    assert!(wren.get(PAGE).await.text.contains("Enter the code"));
    let page = wren.get("/settings/notifications").await.text;
    assert!(page.contains("is not verified"));
    app.work().await;
    let code = code(&post);
    let path = format!("{PAGE}/verify");
    let refused = wren.post(&path, &[("code", &other_than(&code))]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("This is not the code"));
    let done = wren.post(&path, &[("code", &code)]).await;
    assert_eq!(done.location(), "/settings/notifications");
    let page = wren.get("/settings/notifications").await.text;
    assert!(page.contains("+15551230007") && page.contains("sms:pull_request_scored"));
    let removed = wren.post(&format!("{PAGE}/remove"), &[]).await;
    assert_eq!(removed.location(), PAGE);
    wren.post(&format!("{PAGE}/remove"), &[]).await.refuses(404, "NOT_FOUND", "no phone");
    app.finish().await;
}

#[tokio::test]
async fn phones_that_are_never_verified_are_deleted() {
    let (_, app) = scene().await;
    put(&app.browser_of("finch-ash").await, "+15551230008").await;
    act(&app, "wren-oak").await;
    app.clock.advance(TimeDelta::days(3));
    let forgotten = notifications::actions::forget_unverified_phones(
        app.context(),
        app.context().now() - TimeDelta::days(2),
    );
    assert_eq!(forgotten.await.expect("forgotten"), 1);
    assert_eq!(app.values("SELECT number AS value FROM phones").await, ["+15551230007"]);
    app.abandon().await;
}
