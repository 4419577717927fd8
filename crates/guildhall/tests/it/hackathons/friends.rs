//! Friends: the API, the page, the limit, blocks, notices, the flag and erasure.

use hackathons::{FRIENDS, model::FriendList, rules::friends::Verb};
use platform::{
    audit::Actor::Operator,
    flags::{self, FlagChange},
};
use serde_json::{Value, json};

use super::scene::code;
use crate::app::{TestApp, at, browser::Browser};

const PATH: &str = "/api/v1/me/friends";

/// Returns the logins in a list of a person.
async fn logins(browser: &Browser<'_>, list: &str) -> Vec<String> {
    let found = browser.json(&format!("{PATH}?list={list}")).await;
    let items = found["items"].as_array().expect("items").iter();
    items.map(|item| item["login"].as_str().expect("a login").to_owned()).collect()
}

async fn call(browser: &Browser<'_>, method: &str, part: &str) -> (u16, Value) {
    let answer = browser.call(method, &format!("{PATH}/{part}"), None).await;
    (answer.status.as_u16(), answer.body())
}

#[tokio::test]
async fn people_become_friends_by_api() {
    let app = TestApp::start().await;
    for login in ["ada", "bo"] {
        app.hacker(login).await;
    }
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    for _ in 0..2 {
        let sent = json!({ "login": "bo", "list": "sent" });
        assert_eq!(call(&ada, "PUT", "BO").await, (200, sent));
    }
    assert_eq!(logins(&ada, "sent").await, ["bo"]);
    assert_eq!(logins(&bo, "received").await, ["ada"]);
    assert_eq!(call(&bo, "POST", "ada/decline").await.0, 204);
    assert!(logins(&ada, "sent").await.is_empty());
    let (status, problem) = call(&bo, "POST", "ada/accept").await;
    assert_eq!((status, &problem["code"]), (404, &json!("NO_FRIEND_REQUEST")));
    // A declined request may be renewed, and canceled.
    assert_eq!(call(&ada, "PUT", "bo").await.0, 200);
    assert_eq!(call(&ada, "DELETE", "bo/request").await.0, 204);
    let (status, problem) = call(&bo, "POST", "ada/decline").await;
    assert_eq!((status, &problem["code"]), (404, &json!("NO_FRIEND_REQUEST")));
    assert_eq!(call(&ada, "PUT", "bo").await.0, 200);
    assert_eq!(call(&bo, "POST", "ada/accept").await.0, 204);
    for (browser, other) in [(&ada, "bo"), (&bo, "ada")] {
        assert_eq!(logins(browser, "friends").await, [other]);
    }
    let (status, problem) = call(&ada, "DELETE", "bo/request").await;
    assert_eq!((status, &problem["code"]), (409, &json!("FRIEND_REQUEST_ACCEPTED")));
    assert_eq!(call(&ada, "DELETE", "bo").await.0, 204);
    assert!(logins(&bo, "friends").await.is_empty());
    // A request towards a person who asked accepts theirs.
    assert_eq!(call(&bo, "PUT", "ada").await.0, 200);
    let friends = json!({ "login": "bo", "list": "friends" });
    assert_eq!(call(&ada, "PUT", "bo").await, (200, friends));
    for (part, status, code) in
        [("ada", 422, "OWN_FRIENDSHIP"), ("no-one", 404, "PERSON_NOT_FOUND")]
    {
        let (answered, problem) = call(&ada, "PUT", part).await;
        assert_eq!((answered, &problem["code"]), (status, &json!(code)));
    }
    let wrong = ada.get(&format!("{PATH}?list=lost")).await;
    wrong.refuses(422, "BAD_HACKATHON", "lost");
    let wrong = ada.get(&format!("{PATH}?cursor=lost")).await;
    wrong.refuses(400, "BAD_CURSOR", "Start again");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn lists_have_pages_without_closed_accounts() {
    let app = TestApp::start().await;
    app.hacker("ada").await;
    for number in 0..5 {
        let login = format!("asker-{number}");
        app.hacker(&login).await;
        app.asks(&login, "ada").await.expect("asked");
    }
    let ada = app.browser_of("ada").await;
    let mut seen = Vec::new();
    let mut path = format!("{PATH}?list=received&limit=2");
    for expected in [2, 2, 1] {
        let page = ada.json(&path).await;
        let items = page["items"].as_array().expect("items").clone();
        assert_eq!(items.len(), expected);
        seen.extend(items.iter().map(|item| item["login"].clone()));
        let cursor = page["next_cursor"].as_str().unwrap_or_default();
        path = format!("{PATH}?list=received&limit=2&cursor={cursor}");
    }
    let all: Vec<_> = (0..5).map(|it| json!(format!("asker-{it}"))).collect();
    assert_eq!(seen, all);
    let page = ada.get("/friends").await;
    assert!(page.text.contains("5<span class=\"vh\"> to answer"), "{}", page.text);
    // A person who closes their account is hidden for 30 days, and comes back with it.
    let asker = app.browser_of("asker-1").await;
    let closed = json!({ "login": "asker-1" });
    let closed = asker.call("POST", "/api/v1/me/close", Some(&closed)).await;
    assert_eq!(closed.status, 204, "{}", closed.text);
    assert_eq!(logins(&ada, "received").await.len(), 4);
    let refused = app.befriends("ada", "asker-1", Verb::Accept).await;
    assert_eq!(code(refused), "PERSON_NOT_FOUND");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_page_needs_no_script() {
    let app = TestApp::start().await;
    for login in ["ada", "bo"] {
        app.hacker(login).await;
    }
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    for (list, says) in [
        ("friends", "No friends yet"),
        ("received", "No requests to answer"),
        ("sent", "No requests without an answer"),
        ("blocked", "You block no one"),
    ] {
        let page = ada.get(&format!("/friends?list={list}")).await;
        assert!(page.text.contains(says), "{}", page.text);
    }
    let refused = ada.post("/friends", &[("login", "ada")]).await;
    refused.refuses_form(422, Some("login"), "your own login");
    let sent = ada.post("/friends", &[("login", " bo ")]).await;
    assert_eq!(sent.location(), "/friends?list=sent");
    let page = bo.get("/friends?list=received").await;
    assert!(page.text.contains("/friends/ada/accept"), "{}", page.text);
    let accepted = bo.post("/friends/ada/accept", &[]).await;
    assert_eq!(accepted.location(), "/friends");
    for (path, list) in [
        ("/friends/bo/remove", "/friends"),
        ("/friends/bo/block", "/friends?list=blocked"),
        ("/friends/bo/unblock", "/friends?list=blocked"),
    ] {
        assert_eq!(ada.post(path, &[]).await.location(), list, "{path}");
    }
    let blocked = ada.post("/friends", &[("login", "bo"), ("change", "block")]).await;
    assert_eq!(blocked.location(), "/friends?list=blocked");
    let refused = ada.post("/friends", &[("login", "bo")]).await;
    refused.refuses_form(409, Some("login"), "Unblock them first");
    assert_eq!(ada.post("/friends/bo/decline", &[]).await.status, 404);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_blocked_person_learns_nothing() {
    let (app, _) = TestApp::mailing().await;
    for login in ["ada", "bo", "cy"] {
        app.hacker(login).await;
    }
    app.befriends("bo", "ada", Verb::Block).await.expect("blocked");
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    // `cy` does not block: everything that `ada` sees of `bo` is the same.
    for (method, part) in [
        ("PUT", ""),
        ("PUT", ""),
        ("POST", "/accept"),
        ("POST", "/decline"),
        ("DELETE", "/request"),
        ("DELETE", ""),
        ("PUT", ""),
    ] {
        let (status, body) = call(&ada, method, &format!("bo{part}")).await;
        let (usual, other) = call(&ada, method, &format!("cy{part}")).await;
        assert_eq!(status, usual, "{method} {part}");
        let same = |value: &Value| (value["list"].clone(), value["code"].clone());
        assert_eq!(same(&body), same(&other), "{method} {part}");
    }
    app.work().await;
    assert_eq!(logins(&ada, "sent").await, ["bo", "cy"]);
    let sent = ada.json(&format!("{PATH}?list=sent")).await;
    assert_eq!(sent["items"][0]["since"], sent["items"][1]["since"]);
    assert!(logins(&bo, "received").await.is_empty());
    assert!(app.inbox(&bo).await.is_empty());
    assert_eq!(logins(&bo, "blocked").await, ["ada"]);
    let cy = app.browser_of("cy").await;
    assert_eq!(app.inbox(&cy).await, ["*You have a friend request"]);
    // The audit log and the download of the blocked person do not name the block.
    let person = app.person_id("ada").await;
    let tx = app.context().begin().await.expect("a transaction");
    let own = platform::audit::export(&tx, person).await.expect("read");
    assert!(!own.to_string().contains("friend.block"), "{own}");
    let held = hackathons::reads::export(&tx, None, person.into()).await;
    let held = held.expect("read")["friends"].clone();
    tx.commit().await.expect("committed");
    assert_eq!(held["sent"].as_array().map(Vec::len), Some(2), "{held}");
    assert_eq!(held["blocked"], json!([]));
    // Both can block, and each ends their own block.
    assert_eq!(call(&ada, "PUT", "bo/block").await.0, 204);
    assert_eq!(call(&ada, "DELETE", "bo/block").await.0, 204);
    assert_eq!(logins(&bo, "blocked").await, ["ada"]);
    // A request that waits when the block ends reaches its addressee.
    assert_eq!(call(&ada, "PUT", "bo").await.0, 200);
    assert_eq!(call(&bo, "DELETE", "ada/block").await.0, 204);
    assert_eq!(logins(&bo, "received").await, ["ada"]);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn twenty_requests_a_day_are_sent_also_after_canceling() {
    let app = TestApp::start().await;
    for login in ["ada", "bo"] {
        app.hacker(login).await;
    }
    for _ in 0..20 {
        app.asks("ada", "bo").await.expect("asked");
        app.befriends("ada", "bo", Verb::Cancel).await.expect("canceled");
    }
    let ada = app.browser_of("ada").await;
    let refused = ada.call("PUT", &format!("{PATH}/bo"), None).await;
    refused.refuses(429, "TOO_MANY_FRIEND_REQUESTS", "20 friend requests");
    let wait: u32 = refused.header("retry-after").parse().expect("seconds");
    assert!((86_390..=86_401).contains(&wait), "{wait}");
    let refused = ada.post("/friends", &[("login", "bo")]).await;
    refused.refuses_form(429, Some("login"), "20 friend requests");
    // Accepting is no request.
    app.asks("bo", "ada").await.expect("asked");
    let accepted = app.asks("ada", "bo").await.expect("accepted");
    assert_eq!(accepted, Some(FriendList::Friends));
    app.befriends("ada", "bo", Verb::Remove).await.expect("removed");
    app.clock.set(at("2026-11-02T23:59:00Z"));
    app.asks("ada", "bo").await.expect("asked");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn people_are_notified_once_a_day_unless_the_flag_is_off() {
    let (app, _) = TestApp::mailing().await;
    for login in ["ada", "bo", "cy"] {
        app.hacker(login).await;
    }
    for _ in 0..2 {
        app.asks("ada", "bo").await.expect("asked");
        app.work().await;
        app.befriends("ada", "bo", Verb::Cancel).await.expect("canceled");
    }
    app.asks("ada", "bo").await.expect("asked");
    app.befriends("bo", "ada", Verb::Accept).await.expect("accepted");
    app.work().await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    assert_eq!(app.inbox(&bo).await, ["*You have a friend request"]);
    assert_eq!(app.inbox(&ada).await, ["*Your friend request was accepted"]);
    assert!(ada.get("/leaderboards").await.text.contains("href=\"/friends\""));
    app.asks("cy", "bo").await.expect("asked");
    let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
    flags::change(app.context(), Operator, FRIENDS.name, off, "to try").await.expect("off");
    app.work().await;
    assert_eq!(app.inbox(&bo).await.len(), 1);
    for path in ["/friends", PATH] {
        assert_eq!(ada.get(path).await.status, 404, "{path}");
    }
    assert!(!ada.get("/leaderboards").await.text.contains("href=\"/friends\""));
    assert_eq!(ada.get("/hackathons").await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn an_erased_person_is_in_no_list() {
    let app = TestApp::start().await;
    for login in ["ada", "bo", "cy", "dee"] {
        app.hacker(login).await;
    }
    app.asks("ada", "bo").await.expect("asked");
    app.asks("cy", "ada").await.expect("asked");
    app.befriends("ada", "cy", Verb::Accept).await.expect("friends");
    app.befriends("dee", "ada", Verb::Block).await.expect("blocked");
    app.asks("cy", "bo").await.expect("asked");
    let person = app.person_id("ada").await;
    let context = app.context();
    let tx = context.begin().await.expect("a transaction");
    hackathons::actions::erase(&tx, context, person.into()).await.expect("erased");
    tx.commit().await.expect("committed");
    assert_eq!(app.count("SELECT count(*) FROM friendships").await, 1);
    let bo = app.browser_of("bo").await;
    assert_eq!(logins(&bo, "received").await, ["cy"]);
    app.work().await;
    app.finish().await;
}
