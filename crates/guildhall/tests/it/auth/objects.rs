//! Routes to an object, with a real one: strangers are refused, and then its owner succeeds. In the permission matrix,
//! such rows name no object, so that each can be called by every visitor.

use std::collections::BTreeSet;

use futures_util::future::BoxFuture;
use identity::model::{Device, Scope};

use super::{
    badge_rows::BADGE_OBJECTS,
    matrix::{body, server},
    operations_rows::OPERATIONS_OBJECTS,
    rows::{
        Access::{self, Admin, EvenBanned, Hidden, InPerson, Owner, Party, SignedIn},
        Form, NONE, Row, all,
    },
    text_rows::TEXT_OBJECTS,
};
use crate::{
    PROGRAMMES,
    app::{
        TestApp,
        browser::{Answer, Browser},
        scenarios::{Scenario, person, repo},
    },
};

/// Creates an object of a person; returns the values of the route's parameters.
pub(crate) type Make = for<'a> fn(&'a TestApp, &'a str) -> BoxFuture<'a, Vec<String>>;

/// A route to an object: the object, a form, and the status for its owner.
pub(crate) type ObjectRow = (&'static str, &'static str, Make, Form, u16);

const SESSION: Make = |app, login| Box::pin(session(app, login));
const NOTIFICATION: Make = |app, login| Box::pin(notification(app, login));
const SUBSCRIPTION: Make = |app, login| Box::pin(subscription(app, login));
const PHONE: Make = |app, login| Box::pin(phone(app, login));
const WEBHOOK: Make = |app, login| Box::pin(webhook(app, login));
const TOKEN: Make = |app, login| Box::pin(token(app, login));
const CONNECTION: Make = |app, login| {
    Box::pin(async move {
        crate::registration::connect(app, login).await;
        Vec::new()
    })
};
const EXPORT: Make = |app, login| Box::pin(export(app, login));
const DELIVERY: Make = |app, _| Box::pin(dead_delivery(app));
const MESSAGE: Make = |app, _| Box::pin(dead_message(app));
const WAITING: Make = |app, _| Box::pin(waiting_message(app));
const PERSON: Make = |app, _| Box::pin(other_person(app));
const BANNED: Make = |app, _| Box::pin(banned_person(app));
const FLAG: Make = |_, _| Box::pin(async { vec!["live_updates".to_owned()] });
const MONTH: Make = |app, _| Box::pin(past_month(app));
const JOB: Make = |_, _| Box::pin(async { vec!["SessionRetention".to_owned()] });

const REASON: Form = &[("reason", "to try")];

#[rustfmt::skip]
const ROWS: &[ObjectRow] = &[
    ("GET", "/settings/sessions/{id}/end", SESSION, NONE, 200),
    ("POST", "/settings/sessions/{id}/end", SESSION, NONE, 303),
    ("DELETE", "/api/v1/me/sessions/{id}", SESSION, NONE, 204),
    ("GET", "/inbox/{id}", NOTIFICATION, NONE, 303),
    ("POST", "/inbox/{id}/read", NOTIFICATION, NONE, 303),
    ("POST", "/api/v1/me/notifications/{id}/read", NOTIFICATION, NONE, 204),
    ("POST", "/settings/notifications/browsers/{id}/remove", SUBSCRIPTION, NONE, 303),
    ("DELETE", "/api/v1/me/push-subscriptions/{id}", SUBSCRIPTION, NONE, 204),
    ("POST", "/settings/notifications/phone/remove", PHONE, NONE, 303),
    ("DELETE", "/api/v1/me/phone", PHONE, NONE, 204),
    ("GET", "/settings/webhooks/{id}", WEBHOOK, NONE, 200),
    ("POST", "/settings/webhooks/{id}", WEBHOOK, &[("description", "Our chat")], 303),
    ("POST", "/settings/webhooks/{id}/rotate", WEBHOOK, NONE, 200),
    ("POST", "/settings/webhooks/{id}/enable", WEBHOOK, NONE, 303),
    ("POST", "/settings/webhooks/{id}/test", WEBHOOK, NONE, 303),
    ("GET", "/settings/webhooks/{id}/delete", WEBHOOK, NONE, 200),
    ("POST", "/settings/webhooks/{id}/delete", WEBHOOK, NONE, 303),
    ("GET", "/api/v1/me/webhooks/{id}", WEBHOOK, NONE, 200),
    ("PATCH", "/api/v1/me/webhooks/{id}", WEBHOOK, &[("description", "Our chat")], 200),
    ("POST", "/api/v1/me/webhooks/{id}/rotate", WEBHOOK, NONE, 200),
    ("POST", "/api/v1/me/webhooks/{id}/enable", WEBHOOK, NONE, 200),
    ("POST", "/api/v1/me/webhooks/{id}/test", WEBHOOK, NONE, 202),
    ("GET", "/api/v1/me/webhooks/{id}/attempts", WEBHOOK, NONE, 200),
    ("DELETE", "/api/v1/me/webhooks/{id}", WEBHOOK, NONE, 204),
    ("GET", "/settings/tokens/{id}/revoke", TOKEN, NONE, 200),
    ("POST", "/settings/tokens/{id}/revoke", TOKEN, NONE, 303),
    ("DELETE", "/api/v1/me/tokens/{id}", TOKEN, NONE, 204),
    ("GET", "/api/v1/me/export/document", EXPORT, NONE, 200),
    ("GET", "/api/v1/me/github-connection", CONNECTION, NONE, 200),
    ("DELETE", "/api/v1/me/github-connection", CONNECTION, NONE, 204),
    ("GET", "/admin/deliveries/{id}", DELIVERY, NONE, 200),
    ("POST", "/admin/deliveries/{id}/retry", DELIVERY, NONE, 303),
    ("GET", "/api/v1/admin/deliveries/{id}", DELIVERY, NONE, 200),
    ("POST", "/api/v1/admin/deliveries/{id}/retry", DELIVERY, NONE, 202),
    ("POST", "/admin/notifications/{id}/retry", MESSAGE, NONE, 303),
    ("POST", "/api/v1/admin/notifications/{id}/retry", MESSAGE, NONE, 202),
    ("POST", "/admin/notifications/{id}/send", WAITING, NONE, 303),
    ("POST", "/admin/people/{login}/ban", PERSON, REASON, 303),
    ("PUT", "/api/v1/admin/people/{login}/ban", PERSON, REASON, 204),
    ("POST", "/admin/people/{login}/unban", BANNED, REASON, 303),
    ("DELETE", "/api/v1/admin/people/{login}/ban", BANNED, REASON, 204),
    ("POST", "/admin/flags/{name}", FLAG, &[("enabled", "on"), ("rollout_percent", "100"), ("reason", "to try")], 303),
    ("POST", "/api/v1/leaderboards/months/{month}/finalize", MONTH, NONE, 200),
    ("POST", "/leaderboards/months/{month}/finalize", MONTH, NONE, 303),
    ("POST", "/admin/jobs/{name}/run", JOB, NONE, 303),
    ("POST", "/admin/jobs/{name}/pause", JOB, REASON, 303),
    ("PUT", "/api/v1/admin/jobs/{name}/pause", JOB, REASON, 204),
];

/// Rows of the matrix that refuse everyone for another reason than a missing object.
const NO_OBJECT: &[(&str, &str)] = &[
    // No message waits here: `alerts/trials.rs` has some.
    ("POST", "/admin/notifications/send"),
    // This server has no sign-in method that could be linked or unlinked: `sign_in/linking.rs` has two.
    ("GET", "/settings/identities/link"),
    ("POST", "/settings/identities/link"),
    ("GET", "/settings/identities/link/{provider}"),
    ("POST", "/settings/identities/{id}/unlink"),
    ("DELETE", "/api/v1/me/identities/{id}"),
    // A success needs a text in a bio on GitHub: `sign_in/bios.rs` puts one there.
    ("POST", "/settings/identities/github/check"),
    // This server has no GitHub: `registration` has one.
    ("POST", "/settings/github/connect"),
    ("POST", "/projects/{slug}/repositories"),
    ("POST", "/projects/{slug}/repositories/named"),
    ("POST", "/api/v1/projects/{slug}/repositories"),
    ("GET", "/api/v1/projects/{slug}/available-repositories"),
    // This server sends no email: `admin/invitations.rs` has one that does.
    ("POST", "/admin/people/invitations"),
    // This server sends no text messages: `notifications/phones.rs` sends some.
    ("PUT", "/api/v1/me/phone"),
    ("POST", "/api/v1/me/phone/verify"),
    ("POST", "/settings/notifications/phone"),
    ("POST", "/settings/notifications/phone/verify"),
    // This server has no game platform: its own tests have one.
    ("POST", "/admin/game-platform/differences/{difference}/fix"),
    ("POST", "/admin/game-platform/reconciliation"),
    ("POST", "/admin/game-platform/retry"),
    ("POST", "/admin/game-platform/sample"),
    ("POST", "/admin/game-platform/sync"),
    ("POST", "/api/internal/sync"),
    // A success needs the code of a team, and every refusal shows the form again: `hackathons/pages.rs` joins one.
    ("POST", "/hackathon-teams/join"),
    // A success needs a file, or a picture that a person uploaded: `pictures` uploads, changes, reports and removes some.
    ("POST", "/settings/profile/picture"),
    ("POST", "/settings/profile/picture/github"),
    ("POST", "/settings/pictures"),
    ("POST", "/settings/pictures/{id}"),
    ("POST", "/settings/pictures/{id}/remove"),
    ("POST", "/report/picture/{file}"),
    ("GET", "/picture-of/{kind}/{id}"),
    ("POST", "/picture-of/{kind}/{id}"),
    ("POST", "/picture-of/{kind}/{id}/describe"),
    ("POST", "/picture-of/{kind}/{id}/remove"),
    // Everyone may claim an issue, and the one in the rows is closed: `discovery/claims` claims some.
    ("POST", "/api/v1/opportunities/{id}/claim"),
    ("POST", "/api/v1/opportunities/{id}/release"),
    ("POST", "/discover/{id}/claim"),
    ("POST", "/discover/{id}/release"),
    // Everyone may watch a repository or a topic, which the body names: `discovery/watching.rs` watches some.
    ("POST", "/api/v1/repositories/watch"),
    // Everyone with enough points may redeem a reward, and these people have none: `hackathons/rewards.rs` redeems some.
    ("POST", "/rewards/{slug}"),
    ("POST", "/api/v1/rewards/{slug}/redemptions"),
    // A success would close the account: `privacy/closing.rs` does.
    ("POST", "/settings/account/close"),
    ("POST", "/api/v1/me/close"),
    // Each person reports something once: `contributions/fair_play/reports.rs` does.
    ("POST", "/reports"),
    ("POST", "/api/v1/reports"),
    // The page before it requested the export of the hour.
    ("POST", "/api/v1/me/export"),
    // A success needs a code of a second factor: `sign_in/second_factor.rs` has some.
    ("POST", "/settings/second-factor/confirm"),
    ("POST", "/settings/second-factor/recovery-codes"),
    ("POST", "/settings/second-factor/remove"),
    ("POST", "/sign-in/second-factor"),
    ("POST", "/api/v1/me/second-factor/confirm"),
    ("POST", "/api/v1/me/second-factor/recovery-codes"),
    ("POST", "/api/v1/me/second-factor/remove"),
    ("POST", "/api/v1/auth/second-factor"),
    ("POST", "/admin/people/{login}/reset-second-factor"),
    ("DELETE", "/api/v1/admin/people/{login}/second-factor"),
    // This server cannot send email: `messages/email_address.rs` has one that does.
    ("POST", "/settings/email"),
    ("PUT", "/api/v1/me/email"),
    ("POST", "/settings/email/verify"),
    ("POST", "/api/v1/me/email/verify"),
];

/// Returns the first ID of a list of the person's API.
async fn first(app: &TestApp, login: &str, list: &str) -> Vec<String> {
    let list = app.browser_of(login).await.json(list).await;
    let id = list["items"][0]["id"].as_str();
    vec![id.expect("an item").to_owned()]
}

/// Signs the person in elsewhere.
async fn session(app: &TestApp, login: &str) -> Vec<String> {
    app.signed_in(login, &Device::default()).await;
    let list = app.browser_of(login).await.json("/api/v1/me/sessions").await;
    let mut items = list["items"].as_array().expect("items").iter();
    let other = items.find(|item| item["is_current"] == false).expect("a session");
    vec![other["id"].as_str().expect("an ID").to_owned()]
}

async fn notification(app: &TestApp, login: &str) -> Vec<String> {
    let occurrence = app.context().ids.next().to_string();
    let kind = &crate::notifications::SCORED;
    crate::notifications::notify_person(app, login, kind, &occurrence).await;
    first(app, login, "/api/v1/me/notifications").await
}

async fn subscription(app: &TestApp, login: &str) -> Vec<String> {
    let endpoint = format!("https://push.example/{}", app.context().ids.next());
    let new = crate::messages::push::subscription(&endpoint);
    let path = "/api/v1/me/push-subscriptions";
    let added = app.browser_of(login).await.call("POST", path, Some(&new)).await;
    assert_eq!(added.status, 201, "{}", added.text);
    vec![added.json()["id"].as_str().expect("an ID").to_owned()]
}

async fn phone(app: &TestApp, login: &str) -> Vec<String> {
    app.browser_of(login).await;
    let add = format!(
        "INSERT INTO phones (id, user_id, number, code_sent_at, created_at) \
         SELECT id, id, '+15551230007', created_at, created_at FROM users WHERE login = '{login}' \
         ON CONFLICT DO NOTHING"
    );
    app.change(&add).await.expect("a phone");
    Vec::new()
}

async fn webhook(app: &TestApp, login: &str) -> Vec<String> {
    // A person can have five.
    let browser = app.browser_of(login).await;
    let list = browser.json("/api/v1/me/webhooks").await;
    for own in list["items"].as_array().expect("items") {
        let path = format!("/api/v1/me/webhooks/{}", own["id"].as_str().expect("an ID"));
        assert_eq!(browser.call("DELETE", &path, None).await.status, 204);
    }
    let added = crate::messages::webhooks::add(app, login, "https://hooks.example/a").await;
    vec![added["id"].as_str().expect("an ID").to_owned()]
}

async fn token(app: &TestApp, login: &str) -> Vec<String> {
    app.token(login, &[Scope::Read]).await;
    first(app, login, "/api/v1/me/tokens").await
}

async fn export(app: &TestApp, login: &str) -> Vec<String> {
    let asked = app.browser_of(login).await.call("POST", "/api/v1/me/export", None).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    app.work().await;
    Vec::new()
}

/// Sends a delivery that cannot be processed.
async fn dead_delivery(app: &TestApp) -> Vec<String> {
    let drifted = r#"{"action":"opened","number":"nine","repository":{"id":1,"full_name":"octo-org/lantern"},"pull_request":{}}"#;
    let delivery = crate::app::scenarios::delivery("pull_request", drifted);
    assert_eq!(app.send(&delivery).await.status(), 202);
    app.work().await;
    vec![delivery.delivery.to_string()]
}

/// Adds a message whose channel refused it for good.
async fn dead_message(app: &TestApp) -> Vec<String> {
    let occurrence = app.context().ids.next().to_string();
    assert!(crate::messages::write(app, &occurrence).await);
    let sql =
        "UPDATE outbox_messages SET dead_at = created_at, due_at = NULL WHERE dead_at IS NULL";
    app.change(sql).await.expect("refused");
    let list = app.browser_of("admin").await.json("/api/v1/admin/notifications").await;
    vec![list["items"][0]["id"].as_str().expect("an ID").to_owned()]
}

async fn waiting_message(app: &TestApp) -> Vec<String> {
    let id = dead_message(app).await;
    let sql = "UPDATE outbox_messages SET dead_at = NULL, due_at = '2099-01-01T00:00:00.000000Z' WHERE dead_at IS NOT NULL";
    app.change(sql).await.expect("waits");
    id
}

async fn other_person(app: &TestApp) -> Vec<String> {
    app.change("DELETE FROM bans").await.expect("lifted");
    app.browser_of("target").await;
    vec!["target".to_owned()]
}

async fn banned_person(app: &TestApp) -> Vec<String> {
    let target = other_person(app).await;
    app.ban("target").await;
    target
}

/// Earns points in a month that can be final.
async fn past_month(app: &TestApp) -> Vec<String> {
    let opened =
        Scenario::opened(&repo(1, "lantern"), 901, &person("early-author"), "2026-09-02T08:00:00Z");
    app.deliver(&opened.deliveries).await;
    app.work().await;
    vec!["2026-09".to_owned()]
}

pub(crate) fn rows() -> impl Iterator<Item = &'static ObjectRow> {
    let parts = PROGRAMMES.iter().flat_map(|programme| programme.objects);
    let own = [ROWS, BADGE_OBJECTS, OPERATIONS_OBJECTS, TEXT_OBJECTS];
    own.into_iter().flatten().chain(parts.copied().flatten())
}

pub(crate) fn access(method: &str, route: &str) -> Access {
    let found = all().into_iter().find(|row| (row.0, row.1) == (method, route));
    found.unwrap_or_else(|| panic!("no row for {method} {route}")).4
}

/// Returns a route with its parameters filled in.
pub(crate) fn filled(route: &str, values: &[String]) -> String {
    let mut path = String::new();
    let mut values = values.iter();
    for part in route.split('/').skip(1) {
        let value = part.starts_with('{').then(|| values.next().expect("a value"));
        path += &format!("/{}", value.map_or(part, String::as_str));
    }
    path
}

pub(crate) async fn call(browser: &Browser<'_>, method: &str, path: &str, form: Form) -> Answer {
    match method {
        "GET" => browser.get(path).await,
        "POST" if !path.starts_with("/api/") => browser.post(path, form).await,
        "DELETE" => {
            let query: Vec<String> =
                form.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let query = query.join("&").replace(' ', "+");
            let path = match query.is_empty() {
                true => path.to_owned(),
                false => format!("{path}?{query}"),
            };
            browser.call(method, &path, None).await
        }
        _ => browser.call(method, path, Some(&body(form))).await,
    }
}

#[tokio::test]
async fn strangers_are_refused_and_owners_succeed() {
    let mut app = server().await;
    app.may_leave_work();
    for (method, route, make, form, status) in rows() {
        let (owner, strangers): (&str, &[(&str, u16)]) = match access(method, route) {
            InPerson(_) | SignedIn(_) | EvenBanned(_) => {
                ("person", &[("other", 404), ("admin", 404)])
            }
            Admin(_) => ("admin", &[("person", 403), ("moderator", 403)]),
            Owner(login, _) => (login, &[("person", 403), ("moderator", 403)]),
            Hidden(login, _) => (login, &[("person", 404), ("moderator", 404)]),
            other => panic!("{method} {route}: {other:?} has no owner"),
        };
        let path = filled(route, &make(&app, owner).await);
        for (stranger, refused) in strangers {
            let browser = app.browser_of(stranger).await;
            let answer = call(&browser, method, &path, form).await;
            assert_eq!(answer.status, *refused, "{stranger} {method} {path}: {}", answer.text);
        }
        let browser = app.browser_of(owner).await;
        let answer = call(&browser, method, &path, form).await;
        assert_eq!(answer.status, *status, "{owner} {method} {path}: {}", answer.text);
    }
    app.finish().await;
}

#[test]
fn every_route_to_an_object_has_a_real_one() {
    let is_missing = |(method, route, _, _, access): &Row| {
        let (SignedIn(status)
        | EvenBanned(status)
        | InPerson(status)
        | Owner(_, status)
        | Party(_, status)
        | Admin(status)) = *access
        else {
            return false;
        };
        status >= 400 && !rows().any(|row| (row.0, row.1) == (*method, *route))
    };
    let missing = all().into_iter().filter(is_missing);
    let missing: BTreeSet<_> = missing.map(|row| (row.0, row.1)).collect();
    let exempt: BTreeSet<_> = NO_OBJECT.iter().copied().collect();
    assert_eq!(missing, exempt, "no object in ROWS, and NO_OBJECT");
}
