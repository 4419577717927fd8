//! The API of reviews: success and each refusal.

use serde_json::{Value, json};

use super::{PAGE, REVIEWS, server};
use crate::app::browser::Browser;

async fn give(browser: &Browser<'_>, action: &str, more: Value) -> crate::app::browser::Answer {
    let mut body = json!({ "action": action });
    for (name, value) in more.as_object().expect("fields") {
        body[name] = value.clone();
    }
    browser.call("POST", REVIEWS, Some(&body)).await
}

#[tokio::test]
async fn a_maintainer_reviews_and_everyone_sees_the_public_parts() {
    let (app, _) = server().await;
    let wren = app.browser_of("wren-oak").await;
    let started = give(&wren, "STARTED_REVIEW", json!({})).await.json();
    assert_eq!(started["state"], "UNDER_REVIEW");
    let again = give(&wren, "STARTED_REVIEW", json!({})).await.json();
    assert_eq!((&again["review_id"], &again["state"]), (&Value::Null, &started["state"]));
    let words =
        json!({ "rating": 4, "public_comment": " Well tested. ", "internal_comment": "Secret" });
    let approved = give(&wren, "APPROVED", words).await.json();
    assert_eq!(
        (&approved["state"], &approved["has_conflict"]),
        (&json!("APPROVED"), &json!(false))
    );
    give(&wren, "COMMENTED", json!({ "internal_comment": "Only us" })).await.json();
    let internal = format!("{REVIEWS}/internal");
    let shown = wren.json(&internal).await;
    let of = |shown: &Value, field: &str| -> Vec<Value> {
        let items = shown["items"].as_array().expect("items").iter();
        items.map(|item| item[field].clone()).collect()
    };
    assert_eq!(of(&shown, "action"), ["STARTED_REVIEW", "APPROVED", "COMMENTED"]);
    assert_eq!(of(&shown, "internal_comment"), [Value::Null, json!("Secret"), json!("Only us")]);
    let public = app.json(REVIEWS).await;
    assert_eq!(of(&public, "action"), ["STARTED_REVIEW", "APPROVED"]);
    assert_eq!(of(&public, "public_comment"), [Value::Null, json!("Well tested.")]);
    assert_eq!(of(&public, "internal_comment"), [Value::Null, Value::Null]);
    assert_eq!(of(&public, "reviewer"), ["wren-oak", "wren-oak"]);
    let stranger = app.browser_of("rook-elm").await;
    assert_eq!(stranger.json(REVIEWS).await, public);
    assert_eq!(wren.json(REVIEWS).await, public, "cached for everyone");
    stranger.get(&internal).await.refuses(403, "MAINTAINER_REQUIRED", "Ask one of them");
    let pull = app.json(&format!("/api/v1{PAGE}")).await;
    assert_eq!(pull["state"], "APPROVED");
    app.work().await;
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn invalid_reviews_are_refused() {
    let (app, _) = server().await;
    let wren = app.browser_of("wren-oak").await;
    let cases = [
        ("LIKED", json!({}), "BAD_REVIEW_ACTION", "'LIKED' is not an action"),
        ("RATED", json!({}), "BAD_RATING", "Choose a rating"),
        ("RATED", json!({ "rating": 6 }), "BAD_RATING", "from 1 (poor) to 5"),
        ("RATED", json!({ "rating": 0 }), "BAD_RATING", "from 1 (poor) to 5"),
        ("STARTED_REVIEW", json!({ "rating": 3 }), "BAD_RATING", "takes no rating"),
        (
            "RATED",
            json!({ "rating": 3, "decision": "APPROVED" }),
            "BAD_DECISION",
            "Other actions take none",
        ),
        ("REQUESTED_CHANGES", json!({}), "REVIEW_COMMENT_REQUIRED", "which changes"),
        ("REJECTED", json!({ "public_comment": "  " }), "REVIEW_COMMENT_REQUIRED", "reason"),
        ("MARKED_SPAM", json!({ "internal_comment": "x" }), "REVIEW_COMMENT_REQUIRED", "reason"),
        ("COMMENTED", json!({}), "REVIEW_COMMENT_REQUIRED", "public or an internal"),
        (
            "COMMENTED",
            json!({ "public_comment": "x".repeat(10_001) }),
            "REVIEW_COMMENT_TOO_LONG",
            "10001 characters",
        ),
    ];
    for (action, more, code, words) in cases {
        give(&wren, action, more).await.refuses(422, code, words);
    }
    let conflicts = [
        ("APPROVED", json!({}), "It is open. Start a review first."),
        ("RELEASED", json!({}), "no review of it to give back"),
        ("UNMARKED_SPAM", json!({ "public_comment": "x" }), "No maintainer marked it"),
    ];
    for (action, more, words) in conflicts {
        let refused = give(&wren, action, more).await;
        refused.refuses(409, "REVIEW_NOT_POSSIBLE", words);
    }
    let decided = json!({ "decision": "APPROVED", "public_comment": "x" });
    let refused = give(&wren, "OVERRODE", decided.clone()).await;
    refused.refuses(403, "OWNER_REQUIRED", "Ask one of them");
    let admin = app.browser_with("rook-elm", identity::model::Role::Admin).await;
    let refused = give(&admin, "OVERRODE", decided).await;
    refused.refuses(409, "REVIEW_NOT_POSSIBLE", "no reviews contradict each other");
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_review_is_stored_once() {
    let (app, _) = server().await;
    let wren = app.browser_of("wren-oak").await;
    let finch = app.browser_of("finch-ash").await;
    let comment = ("COMMENTED", json!({ "public_comment": "Well tested." }));
    let internal = ("COMMENTED", json!({ "internal_comment": "Well tested." }));
    let (five, four) = (("RATED", json!({ "rating": 5 })), ("RATED", json!({ "rating": 4 })));
    let acts = "SELECT count(*) FROM audit_logs WHERE action IN \
                ('pull_request.comment', 'pull_request.rate')";
    let mut earlier = Value::Null;
    for (browser, (action, more), minutes, count) in [
        (&wren, &comment, 0, 1),
        (&wren, &comment, 0, 1),
        (&finch, &comment, 0, 2),
        (&wren, &internal, 0, 3),
        (&wren, &internal, 2, 4),
        (&wren, &five, 0, 5),
        (&wren, &five, 0, 5),
        (&wren, &five, 1, 5),
        (&finch, &five, 0, 6),
        (&wren, &four, 0, 7),
        (&wren, &five, 0, 8),
    ] {
        app.clock.advance(chrono::TimeDelta::minutes(minutes));
        let before = app.count(acts).await;
        let given = give(browser, action, more.clone()).await.json();
        assert_eq!(app.count(acts).await, count, "{action} {more}");
        let is_repeated = before == count;
        assert_eq!(given["review_id"] == earlier, is_repeated, "{given}");
        earlier = given["review_id"].clone();
    }
    assert_eq!(app.count("SELECT count(*) FROM pr_reviews").await, 8);
    app.work().await;
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn only_other_maintainers_review() {
    let (app, _) = server().await;
    let (author, stranger) = (app.browser_of("hexacat").await, app.browser_of("rook-elm").await);
    let refused = give(&author, "STARTED_REVIEW", json!({})).await;
    refused.refuses(403, "MAINTAINER_REQUIRED", "Ask one of them");
    app.add_maintainer("season", "hexacat").await;
    for (action, more) in [
        ("STARTED_REVIEW", json!({})),
        ("RATED", json!({ "rating": 5 })),
        ("COMMENTED", json!({ "public_comment": "x" })),
        ("UNMARKED_SPAM", json!({ "public_comment": "x" })),
    ] {
        let refused = give(&author, action, more).await;
        refused.refuses(403, "OWN_PULL_REQUEST", "Ask another maintainer");
    }
    let refused = give(&stranger, "STARTED_REVIEW", json!({})).await;
    refused.refuses(403, "MAINTAINER_REQUIRED", "Ask one of them");
    let wren = app.browser_of("wren-oak").await;
    for path in ["octo-org/lantern/99", "octo-org/nothing/1"] {
        let path = format!("/api/v1/pull-requests/{path}/reviews");
        let body = json!({ "action": "STARTED_REVIEW" });
        let unknown = wren.call("POST", &path, Some(&body)).await;
        unknown.refuses(404, "NOT_FOUND", "does not belong to any project");
        wren.get(&path).await.refuses(404, "NOT_FOUND", "does not belong to any project");
    }
    app.finish().await;
}
