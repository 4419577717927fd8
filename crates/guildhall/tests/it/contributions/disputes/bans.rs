//! Disputes about bans: a banned person signs in to contest the ban, and to nothing else.

use identity::model::Role;
use serde_json::json;

use super::*;

const BAN: &str = "/api/v1/admin/people/hexacat/ban";

/// Bans the author as the admin finch-ash, and returns the ID of the ban.
async fn bans(app: &TestApp, reason: &str) -> String {
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let ban = json!({ "reason": reason });
    let banned = admin.call("PUT", BAN, Some(&ban)).await;
    assert_eq!(banned.status, 204, "{}", banned.text);
    app.current_ban(AUTHOR).await
}

fn granted_whole(is_appeal: bool) -> Value {
    json!({ "is_granted": true, "is_appeal": is_appeal, "reason": "They explained it." })
}

/// Returns how often a person was notified with a title. A banned person cannot open the inbox.
async fn notified(app: &TestApp, login: &str, title: &str) -> i64 {
    app.count(&format!(
        "SELECT count(*) FROM notifications n JOIN users u ON u.id = n.user_id \
         WHERE u.login = '{login}' AND n.title = '{title}'"
    ))
    .await
}

#[tokio::test]
async fn a_granted_dispute_lifts_the_ban_like_an_admin() {
    let app = scene().await;
    let ban = bans(&app, "Spam in three pull requests").await;
    app.work().await;
    let board = app.json("/api/v1/leaderboards/global").await;
    assert_eq!(board["items"], json!([]));
    let author = app.browser_of(AUTHOR).await;
    let page = author.get("/me/standing").await.text;
    for words in
        ["You are banned", "Spam in three pull requests", "Without an end date", "14 days left"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let form = format!("/disputes/new?kind=ban&target={ban}");
    let shown = author.get(&form).await.text;
    assert!(shown.contains("Contest <bdi>your ban</bdi>"), "{shown}");
    let blank = [("kind", "ban"), ("target", ban.as_str()), ("text", " ")];
    let refused = author.post("/disputes", &blank).await;
    refused.refuses_form(422, Some("text"), "Enter a text");
    let filled = [("kind", "ban"), ("target", ban.as_str()), ("text", "A course.")];
    let opened = author.post("/disputes", &filled).await;
    assert_eq!(opened.location(), "/disputes/D-1");
    let page = author.get("/me/standing").await.text;
    assert!(page.contains("Dispute D-1"), "{page}");
    let written = author.post("/disputes/D-1/messages", &[("text", "See the course.")]).await;
    assert_eq!(written.location(), "/disputes/D-1");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let queue = moderator.get("/admin/disputes?kind=ban").await.text;
    assert!(queue.contains("Ban of hexacat"), "{queue}");
    let thread = moderator.get("/disputes/D-1").await.text;
    assert!(thread.contains("Granting lifts the ban."), "{thread}");
    assert!(thread.contains("<h1><bdi>Ban of hexacat</bdi></h1>"), "{thread}");
    let grant = [("outcome", "grant"), ("reason", "They explained it.")];
    let decided = moderator.post("/disputes/D-1/decision", &grant).await;
    assert_eq!(decided.location(), "/disputes/D-1");
    assert_eq!(author.json("/api/v1/me").await["login"], AUTHOR);
    app.work().await;
    let board = app.json("/api/v1/leaderboards/global").await;
    assert_eq!(board["items"][0]["login"], AUTHOR);
    let reasons = "SELECT reason AS value FROM bans ORDER BY id";
    let expected = ["Spam in three pull requests", "Dispute D-1 was granted: They explained it."];
    assert_eq!(app.values(reasons).await, expected);
    let acts = "SELECT action AS value FROM audit_logs \
                WHERE action LIKE 'dispute.%' OR action LIKE 'user.%ban' ORDER BY id";
    let expected = ["user.ban", "dispute.open", "dispute.write", "user.unban", "dispute.grant"];
    assert_eq!(app.values(acts).await, expected);
    for login in [AUTHOR, "finch-ash"] {
        let title = "Dispute D-1 is granted";
        assert_eq!(notified(&app, login, title).await, 1, "{login}");
    }
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn an_upheld_ban_stays_and_is_appealed_once() {
    let app = scene().await;
    let ban = bans(&app, "Spam").await;
    let author = app.browser_of(AUTHOR).await;
    let held = author.json("/api/v1/me/standing").await;
    assert_eq!(held["ban"]["id"], ban.as_str());
    assert_eq!(held["ban"]["reason"], "Spam");
    assert_eq!(held["ban"]["expires_at"], Value::Null);
    assert_eq!(held["ban"]["contest"]["until"], "2026-11-15T00:00:00Z");
    assert_eq!(opens(&author, &about("ban", &ban)).await, 1);
    let decider = app.browser_with("finch-ash", Role::Admin).await;
    let refused = decides(&decider, 1, &upheld()).await;
    refused.refuses(403, "DISPUTE_INVOLVED", "You made a decision");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let points = decides(&moderator, 1, &granted(4)).await;
    points.refuses(422, "BAD_POINTS", "Leave them out");
    assert_eq!(decides(&moderator, 1, &upheld()).await.status, 204);
    app.work().await;
    let title = "Dispute D-1 is not granted";
    assert_eq!(notified(&app, AUTHOR, title).await, 1);
    let refused = author.get("/api/v1/me").await;
    refused.refuses(403, "BANNED", "account is banned");
    let whole = author.json(&format!("{PATH}/1")).await;
    assert_eq!(whole["state"], "upheld");
    assert_eq!(whole["subject"], "Ban of hexacat");
    assert_eq!(whole["appealable_until"], "2026-11-15T00:00:00Z");
    assert_eq!(whole["messages"][1]["text"], "The step is right.");
    assert_eq!(author.json(PATH).await["items"][0]["number"], 1);
    let text = json!({ "text": "It was a course." });
    let path = format!("{PATH}/1/appeal");
    let made = author.call("POST", &path, Some(&text)).await;
    assert_eq!(made.status, 204, "{}", made.text);
    let again = author.call("POST", &path, Some(&text)).await;
    again.refuses(409, "ALREADY_APPEALED", "D-1");
    let refused = decides(&decider, 1, &granted_whole(true)).await;
    refused.refuses(403, "DISPUTE_INVOLVED", "You made a decision");
    let admin = app.browser_with("birch", Role::Admin).await;
    let decided = decides(&admin, 1, &granted_whole(true)).await;
    assert_eq!(decided.status, 204, "{}", decided.text);
    assert_eq!(author.json("/api/v1/me").await["login"], AUTHOR);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_ban_is_contested_once_within_14_days_by_its_person() {
    let app = scene().await;
    let first = bans(&app, "Spam").await;
    let second = bans(&app, "More spam").await;
    let author = app.browser_of(AUTHOR).await;
    let other = app.browser_of("monacat").await;
    for (browser, ban) in [(&author, &first), (&other, &second)] {
        let refused = browser.call("POST", PATH, Some(&about("ban", ban))).await;
        refused.refuses(404, "NOT_FOUND", "You have no ban");
    }
    let odd = author.call("POST", PATH, Some(&about("ban", "hexacat"))).await;
    odd.refuses(422, "BAD_DISPUTE", "is not the ID of a ban");
    app.clock.advance(chrono::TimeDelta::days(14));
    opens(&author, &about("ban", &second)).await;
    let again = author.call("POST", PATH, Some(&about("ban", &second))).await;
    again.refuses(409, "ALREADY_CONTESTED", "D-1");
    // A new ban can be contested, too.
    let third = bans(&app, "Even more spam").await;
    app.clock.advance(chrono::TimeDelta::days(14) + chrono::TimeDelta::seconds(1));
    let author = app.browser_of(AUTHOR).await;
    let late = author.call("POST", PATH, Some(&about("ban", &third))).await;
    late.refuses(409, "CONTEST_CLOSED", "29 November 2026, 00:00 UTC");
    let page = author.get("/me/standing").await.text;
    assert!(page.contains("It could be contested until"), "{page}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_banned_person_reaches_only_their_own_disputes() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    assert_eq!(opens(&author, &about_points()).await, 1);
    // Their role counts for nothing while they are banned.
    let banned = app.browser_with("rook-elm", Role::Admin).await;
    app.browser_with("birch", Role::Admin).await;
    app.ban("rook-elm").await;
    let ban = app.current_ban("rook-elm").await;
    assert_eq!(opens(&banned, &about("ban", &ban)).await, 2);
    let text = json!({ "text": "Hello" });
    for (method, path, body) in [
        ("GET", "/api/v1/disputes/1", None),
        ("POST", "/api/v1/disputes/1/messages", Some(&text)),
        ("POST", "/api/v1/disputes", Some(&about_points())),
        ("GET", "/api/v1/admin/disputes", None),
    ] {
        let refused = banned.call(method, path, body).await;
        refused.refuses(403, "BANNED", "account is banned");
    }
    for path in ["/disputes/D-1", "/admin/disputes", "/disputes/new?kind=flag&target=F-1"] {
        let refused = banned.get(path).await;
        refused.refuses(403, "BANNED", "account is banned");
    }
    for number in [1, 2] {
        let refused = decides(&banned, number, &upheld()).await;
        refused.refuses(403, "BANNED", "account is banned");
    }
    let own = banned.get("/disputes/D-2").await.text;
    assert!(own.contains("Ban of rook-elm"), "{own}");
    for hidden in ["name=\"outcome\"", "href=\"/admin/disputes\""] {
        assert!(!own.contains(hidden), "{hidden}: {own}");
    }
    // They can read what they opened before the ban.
    app.ban(AUTHOR).await;
    assert_eq!(author.json(&format!("{PATH}/1")).await["state"], "open");
    let held = author.json("/api/v1/me/standing").await;
    assert_eq!(held["pull_requests"], json!([]));
    app.work().await;
    app.finish().await;
}
