//! `GET` and `PUT /api/v1/preferences`.

use serde_json::json;

use super::*;

const PATH: &str = "/api/v1/preferences";

#[tokio::test]
async fn what_is_stated_replaces_what_was_stated() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    let usual = ada.json(PATH).await;
    assert_eq!(usual["max_complexity"], 7.0);
    assert_eq!(usual["digest"], "weekly");
    assert_eq!(usual["instant_threshold"], 0.9);
    let stated = json!({
        "skills": ["postgres", "caching"], "languages": ["rust"], "interests": ["tide tables"], "types": ["bug"],
        "level": "beginner", "max_complexity": 4.5, "hours_a_week": 3, "digest": "daily", "digest_time": "07:30",
        "digest_weekday": "friday", "instant_threshold": 0, "most_a_day": 2
    });
    let answer = ada.call("PUT", PATH, Some(&stated)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let own = ada.json(PATH).await;
    assert_eq!(own, answer.json());
    assert_eq!(own["skills"], json!(["databases", "caching"]));
    assert_eq!(own["languages"], json!(["Rust"]));
    assert_eq!((&own["max_complexity"], &own["hours_a_week"]), (&json!(4.5), &json!(3.0)));
    assert_eq!((&own["digest"], &own["digest_time"]), (&json!("daily"), &json!("07:30")));
    assert_eq!((&own["digest_weekday"], &own["most_a_day"]), (&json!("friday"), &json!(2)));
    assert_eq!(own["instant_threshold"], 0.0);
    let answer = ada.call("PUT", PATH, Some(&json!({}))).await;
    assert_eq!(answer.json(), usual);
    let other = app.browser_of("wren-oak").await;
    assert_eq!(other.json(PATH).await, usual, "only their own");
    app.finish().await;
}

#[tokio::test]
async fn values_that_cannot_be_are_refused() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    for (input, words) in [
        (json!({ "skills": ["x".repeat(51)] }), "skills can have at most 50"),
        (json!({ "types": ["chore"] }), "types must be one of bug"),
        (json!({ "level": "master" }), "level must be one of beginner"),
        (json!({ "max_complexity": 11 }), "max_complexity must be between"),
        (json!({ "digest_time": "8 am" }), "digest_time must be a time"),
        (json!({ "most_a_day": 101 }), "most_a_day must be between"),
    ] {
        let answer = ada.call("PUT", PATH, Some(&input)).await;
        answer.refuses(422, "BAD_PREFERENCE", words);
    }
    let answer = ada.call("PUT", PATH, Some(&json!({ "stars": 5 }))).await;
    answer.refuses(400, "UNKNOWN_FIELD", "stars");
    let answer = ada.call("PUT", PATH, Some(&json!([["caching"]]))).await;
    answer.refuses(400, "BAD_BODY", "an object");
    app.finish().await;
}
