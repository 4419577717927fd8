//! The pages of what fits a person.

use super::*;

#[tokio::test]
async fn a_person_finds_saves_and_dismisses_without_scripts() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    let form = [
        ("skills", "postgres, caching"),
        ("type", "feature"),
        ("type", "documentation"),
        ("min_impact", "0"),
        ("max_complexity", "10"),
        ("hours_a_week", "6"),
        ("digest", "weekly"),
        ("digest_weekday", "monday"),
        ("digest_time", "09:00"),
        ("instant_worth", ""),
        ("most_a_day", "10"),
    ];
    let answer = ada.post("/discover/preferences", &form).await;
    assert_eq!(answer.location(), "/discover/for-you", "{}", answer.text);
    let page = ada.get("/discover/preferences").await;
    assert!(page.text.contains("value=\"databases, caching\""), "{}", page.text);
    let page = ada.get("/discover/for-you").await;
    assert!(page.text.contains("2 issues"), "{}", page.text);
    assert!(page.text.contains("you set 6 h a week"), "{}", page.text);
    let home = ada.get("/").await;
    assert!(home.text.contains("ssues that fit you"), "{}", home.text);
    let (first, second) = (opportunity(&app, 1).await, opportunity(&app, 2).await);
    let from = [("from", "for-you")];
    let answer = ada.post(&format!("/discover/{first}/save"), &from).await;
    assert_eq!(answer.location(), "/discover/for-you");
    let saved = ada.get("/discover/saved").await;
    assert!(saved.text.contains("Speed up the database migrations"));
    let form = [("from", "for-you"), ("reason", "too_long")];
    let answer = ada.post(&format!("/discover/{second}/dismiss"), &form).await;
    assert_eq!(answer.location(), "/discover/for-you");
    let page = ada.get("/discover/for-you").await;
    assert!(page.text.contains("1 issue"), "{}", page.text);
    let one = ada.get(&format!("/discover/{second}")).await;
    assert!(one.text.contains("You dismissed this issue"), "{}", one.text);
    let answer = ada.post(&format!("/discover/{second}/restore"), &[]).await;
    assert_eq!(answer.location(), format!("/discover/{second}"));
    let one = ada.get(&format!("/discover/{second}")).await;
    assert!(one.text.contains("Why it fits you"), "{}", one.text);
    let answer = ada.post(&format!("/discover/{first}/unsave"), &[("from", "saved")]).await;
    assert_eq!(answer.location(), "/discover/saved");
    assert!(ada.get("/discover/saved").await.text.contains("Nothing saved yet"));
    app.finish().await;
}

#[tokio::test]
async fn refused_preferences_keep_what_was_typed() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    let form = [("interests", "tide tables"), ("max_complexity", "12")];
    let answer = ada.post("/discover/preferences", &form).await;
    answer.refuses_form(422, Some("max_complexity"), "must be between 0 and 10");
    assert!(answer.text.contains("value=\"tide tables\""), "{}", answer.text);
    let answer = ada.post("/discover/preferences", &[("hours_a_week", "many")]).await;
    answer.refuses_form(422, Some("hours_a_week"), "must be a number");
    for path in ["/discover/for-you?cursor=x", "/discover/saved?cursor=x"] {
        assert_eq!(ada.get(path).await.status, 400, "{path}");
    }
    let id = opportunity(&app, 1).await;
    let wrong = [("reason", "dull")];
    let answer = ada.post(&format!("/discover/{id}/dismiss"), &wrong).await;
    assert_eq!(answer.status, 422);
    app.finish().await;
}

#[tokio::test]
async fn an_empty_server_says_what_to_do() {
    let app = TestApp::start().await;
    let ada = app.browser_of("ada").await;
    let page = ada.get("/discover/for-you").await;
    assert!(page.text.contains("No issues yet"), "{}", page.text);
    let home = ada.get("/").await.text;
    assert!(!home.contains("ssues that fit you") && !home.contains("Which issues fit you?"));
    app.finish().await;
}

#[tokio::test]
async fn a_person_without_matches_learns_how_to_get_some() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    let page = ada.get("/discover/learning").await;
    assert!(page.text.contains("No learning picks yet"), "{}", page.text);
    let strict = [("min_impact", "10"), ("most_a_day", "1")];
    ada.post("/discover/preferences", &strict).await;
    let page = ada.get("/discover/for-you").await;
    assert!(page.text.contains("No issue fits your preferences"), "{}", page.text);
    app.finish().await;
}
