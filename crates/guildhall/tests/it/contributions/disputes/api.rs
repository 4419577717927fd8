//! The life of a dispute by the API.

use identity::model::Role;
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_dispute_about_points_is_granted() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    assert_eq!(score(&app, 1).await, 60);
    let number = opens(&author, &about_points()).await;
    assert_eq!(number, 1);
    let own = author.json(PATH).await;
    assert_eq!(own["items"][0]["subject"], "octo-org/lantern #1");
    assert_eq!(own["items"][0]["state"], "open");
    assert_eq!(own["items"][0]["due_at"], "2026-11-15T00:00:00Z");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let queue = moderator.json("/api/v1/admin/disputes").await;
    assert_eq!(queue["items"][0]["number"], 1);
    assert_eq!(queue["items"][0]["project"], "season");
    let decided = decides(&moderator, 1, &granted(40)).await;
    assert_eq!(decided.status, 204, "{}", decided.text);
    app.work().await;
    assert_eq!(score(&app, 1).await, 40);
    assert_eq!(app.net_ledger().await, ["#1  pr_merged +40 2026-10"]);
    let whole = author.json(&format!("{PATH}/1")).await;
    assert_eq!(whole["state"], "granted");
    assert_eq!(whole["decided_by"], "rook-elm");
    let kinds = whole["messages"].as_array().expect("messages").iter();
    let kinds: Vec<_> = kinds.map(|message| message["kind"].clone()).collect();
    assert_eq!(kinds, [json!("opened"), json!("decided")]);
    assert_eq!(whole["messages"][1]["text"], "The step was wrong.");
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn an_upheld_dispute_changes_nothing_but_the_note() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about_points()).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let entries = "SELECT count(*) FROM point_transactions";
    let before = app.count(entries).await;
    assert_eq!(decides(&moderator, 1, &upheld()).await.status, 204);
    app.work().await;
    assert_eq!(app.count(entries).await, before);
    let decided = "/api/v1/admin/disputes?state=decided&kind=score";
    let listed = moderator.json(decided).await;
    assert_eq!(listed["items"][0]["state"], "upheld");
    let open = moderator.json("/api/v1/admin/disputes").await;
    assert_eq!(open["items"], json!([]));
    let acts = "SELECT action AS value FROM audit_logs WHERE action LIKE 'dispute.%' ORDER BY id";
    assert_eq!(app.values(acts).await, ["dispute.open", "dispute.uphold"]);
    app.finish().await;
}

#[tokio::test]
async fn both_sides_write_in_the_thread() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about_points()).await;
    let maintainer = app.browser_of("wren-oak").await;
    app.add_maintainer("season", "wren-oak").await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let path = format!("{PATH}/1/messages");
    for browser in [&author, &maintainer, &moderator] {
        let text = json!({ "text": "Here is the evidence." });
        let written = browser.call("POST", &path, Some(&text)).await;
        assert_eq!(written.status, 204, "{}", written.text);
    }
    for browser in [&author, &maintainer, &moderator] {
        let whole = browser.json(&format!("{PATH}/1")).await;
        let messages = whole["messages"].as_array().expect("messages");
        let authors: Vec<_> = messages.iter().map(|one| one["author"].clone()).collect();
        let expected = [AUTHOR, AUTHOR, "wren-oak", "rook-elm"];
        assert_eq!(authors, expected.map(|login| json!(login)));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_message_is_added_once() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about_points()).await;
    let path = format!("{PATH}/1/messages");
    let same = json!({ "text": "Here is the evidence." });
    let other = json!({ "text": "And here." });
    let messages = "SELECT count(*) FROM dispute_messages WHERE kind = 'message'";
    for (text, count) in [(&same, 1), (&same, 1), (&other, 2), (&same, 2)] {
        let written = author.call("POST", &path, Some(text)).await;
        assert_eq!(written.status, 204, "{}", written.text);
        assert_eq!(app.count(messages).await, count, "{text}");
    }
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let written = author.call("POST", &path, Some(&same)).await;
    assert_eq!(written.status, 204, "{}", written.text);
    assert_eq!(app.count(messages).await, 3);
    app.finish().await;
}

#[tokio::test]
async fn lists_are_cut_into_pages() {
    let app = scene().await;
    let more = (2..=4).map(|number| merged(number, AUTHOR, "2026-10-28T09:00:00Z"));
    let more: Vec<_> = more.collect();
    app.deliver_all(&more.iter().collect::<Vec<_>>()).await;
    let author = app.browser_of(AUTHOR).await;
    for number in 1..=4 {
        let target = format!("octo-org/lantern#{number}");
        opens(&author, &about("score", &target)).await;
        app.clock.advance(chrono::TimeDelta::minutes(1));
    }
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    for (browser, list, expected) in
        [(&author, PATH, [4, 3, 2, 1]), (&moderator, "/api/v1/admin/disputes", [1, 2, 3, 4])]
    {
        let (mut numbers, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = browser.json(&format!("{list}?limit=2{cursor}")).await;
            let items = page["items"].as_array().expect("items").iter();
            numbers.extend(items.filter_map(|item| item["number"].as_i64()));
            let Some(next) = page["next_cursor"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(numbers, expected, "{list}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_request_opens_one_dispute() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    let key = [("idempotency-key", "dispute-1")];
    for _ in 0..2 {
        let body = about_points();
        let opened = author.call_with_headers("POST", PATH, &key, Some(&body)).await;
        assert_eq!(opened.status, 201, "{}", opened.text);
        assert_eq!(opened.json()["number"], 1);
    }
    assert_eq!(app.count("SELECT count(*) FROM disputes").await, 1);
    app.finish().await;
}
