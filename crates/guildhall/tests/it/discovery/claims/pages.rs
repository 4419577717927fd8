//! The pages about claims.

use super::*;

#[tokio::test]
async fn a_person_claims_releases_and_rates_without_scripts() {
    let (_reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    let empty = ada.get("/discover/claims").await;
    assert!(empty.text.contains("No claims yet"), "{}", empty.text);
    assert!(empty.text.contains("href=\"/discover\""));
    let id = opportunity(&app, 1).await;
    let answer = ada.post(&format!("/discover/{id}/claim"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(answer.location(), format!("/discover/{id}"));
    let again = ada.post(&format!("/discover/{id}/claim"), &[]).await;
    assert_eq!(again.status, 303, "{}", again.text);
    let page = ada.get("/discover/claims").await;
    assert!(page.text.contains("7 days left"), "{}", page.text);
    let form = [("from", "claims")];
    let answer = ada.post(&format!("/discover/{id}/release"), &form).await;
    assert_eq!(answer.location(), "/discover/claims");
    let list = ada.json("/api/v1/me/claims").await;
    let claim = list["items"][0]["id"].as_str().expect("an ID");
    let path = format!("/discover/claims/{claim}/outcome");
    let fields = [("hours", "2,5"), ("difficulty", "3"), ("learning", "")];
    let answer = ada.post(&path, &fields).await;
    assert_eq!(answer.location(), "/discover/claims", "{}", answer.text);
    let rated = &ada.json("/api/v1/me/claims").await["items"][0];
    assert_eq!(rated["hours"], 2.5);
    assert!(rated["learning"].is_null());
    let page = ada.get("/discover/claims").await;
    assert!(page.text.contains("value=\"2.5\""), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn visitors_read_the_number_of_issues_that_discover_lists() {
    let (_reef, app) = with_issues(2).await;
    app.browser_of("ada").await.claim(&app, 1).await;
    app.work().await;
    let visitor = Browser::new(&app);
    let list = visitor.get("/discover").await;
    assert!(list.text.contains("<h2 id=\"res\">2 issues</h2>"), "{}", list.text);
    let front = visitor.get("/").await;
    assert!(front.text.contains("All 2 open issues"), "{}", front.text);
    app.finish().await;
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let (_reef, app) = with_issues(4).await;
    let ada = app.browser_of("ada").await;
    for number in 1..=3 {
        ada.claim(&app, number).await;
    }
    let id = opportunity(&app, 4).await;
    let answer = ada.post(&format!("/discover/{id}/claim"), &[]).await;
    assert_eq!(answer.status, 409);
    assert!(answer.text.contains("Complete or release one of them first"));
    let answer = ada.post(&format!("/discover/{id}/release"), &[]).await;
    assert_eq!(answer.status, 409);
    ada.release(&app, 1).await;
    let list = ada.json("/api/v1/me/claims").await;
    let claim = list["items"][2]["id"].as_str().expect("an ID");
    let path = format!("/discover/claims/{claim}/outcome");
    for (field, value) in [("hours", "many"), ("difficulty", "6"), ("learning", "0")] {
        let answer = ada.post(&path, &[(field, value)]).await;
        assert_eq!(answer.status, 422, "{field}");
    }
    let answer = ada.get("/discover/claims?cursor=x").await;
    assert_eq!(answer.status, 400);
    app.finish().await;
}

#[tokio::test]
async fn a_profile_lists_claims_and_a_project_its_claimants() {
    let (reef, app) = with_issues(2).await;
    let (_, repo) = reef.github.named("octavia", LANTERN).expect("known");
    app.project("season").await;
    app.repository("season", LANTERN, repo.id).await;
    app.work().await;
    let ada = app.browser_of("ada").await;
    let none = ada.get("/people/ada").await;
    assert!(!none.text.contains(">Claims</h2>"));
    let rook = app.browser_of("rook-elm").await;
    app.add_maintainer("season", "rook-elm").await;
    let empty = rook.get("/projects/season/claims").await;
    assert!(empty.text.contains("No claims"), "{}", empty.text);
    ada.claim(&app, 1).await;
    let page = rook.get("/projects/season/claims").await;
    assert!(page.text.contains("Sort the stations by column 1"), "{}", page.text);
    assert!(page.text.contains("href=\"/people/ada\""));
    assert_eq!(ada.get("/projects/season/claims").await.status, 403);
    reef.pass(&app, TimeDelta::minutes(5));
    let profile = ada.get("/people/ada").await;
    assert!(profile.text.contains(">Claims</h2>"), "{}", profile.text);
    app.finish().await;
}
