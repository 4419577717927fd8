//! `PUT /api/v1/claims/{id}/outcome`.

use serde_json::json;

use super::*;

/// Returns the path of the outcome of a person's first claim.
async fn path(browser: &Browser<'_>) -> String {
    let list = browser.json("/api/v1/me/claims").await;
    let id = list["items"][0]["id"].as_str().expect("an ID");
    format!("/api/v1/claims/{id}/outcome")
}

#[tokio::test]
async fn a_person_states_the_outcome_after_the_end() {
    let (_reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    ada.claim(&app, 1).await;
    let path = path(&ada).await;
    let first = json!({ "hours": 2.5, "difficulty": 3, "learning": 5 });
    let early = ada.call("PUT", &path, Some(&first)).await;
    early.refuses(409, "CLAIM_NOT_ENDED", "State its outcome after the end");
    ada.release(&app, 1).await;
    let answer = ada.call("PUT", &path, Some(&first)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let rated = answer.json();
    assert_eq!(rated["hours"], 2.5);
    assert_eq!((&rated["difficulty"], &rated["learning"]), (&json!(3), &json!(5)));
    // A later one replaces it.
    let answer = ada.call("PUT", &path, Some(&json!({ "difficulty": 1 }))).await;
    let rated = answer.json();
    assert!(rated["hours"].is_null() && rated["learning"].is_null());
    assert_eq!(rated["difficulty"], 1);
    app.finish().await;
}

#[tokio::test]
async fn values_out_of_range_are_refused() {
    let (_reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    ada.claim(&app, 1).await;
    ada.release(&app, 1).await;
    let path = path(&ada).await;
    for (input, words) in [
        (json!({ "hours": -1 }), "Hours must be between"),
        (json!({ "hours": 1001 }), "Hours must be between"),
        (json!({ "difficulty": 6 }), "The difficulty must be"),
        (json!({ "learning": 0 }), "Learning must be"),
    ] {
        let answer = ada.call("PUT", &path, Some(&input)).await;
        answer.refuses(422, "BAD_OUTCOME", words);
    }
    for input in [json!({ "stars": 5 }), json!([null, null]), json!([1, 2, 3])] {
        let answer = ada.call("PUT", &path, Some(&input)).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
    app.finish().await;
}

#[tokio::test]
async fn only_the_person_who_worked_on_the_issue_states_it() {
    let (_reef, app) = with_issues(1).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    ada.claim(&app, 1).await;
    bo.claim(&app, 1).await;
    ada.release(&app, 1).await;
    bo.release(&app, 1).await;
    let input = json!({ "hours": 1 });
    let of_ada = path(&ada).await;
    let answer = bo.call("PUT", &of_ada, Some(&input)).await;
    answer.refuses(404, "NOT_FOUND", "You have no claim with this ID");
    let answer = Browser::new(&app).call("PUT", &of_ada, Some(&input)).await;
    assert_eq!(answer.status, 401);
    // Whoever only waited has nothing to state.
    let cy = app.browser_of("cy").await;
    ada.claim(&app, 1).await;
    cy.claim(&app, 1).await;
    cy.release(&app, 1).await;
    let answer = cy.call("PUT", &path(&cy).await, Some(&input)).await;
    answer.refuses(409, "CLAIM_NOT_ENDED", "You did not work on this issue");
    app.finish().await;
}
