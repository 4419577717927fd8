//! Feedback: the form, the list of admins as a page and as JSON, and the answer.

use chrono::TimeDelta;
use identity::model::Role;
use operations::actions::{NewFeedback, answer_feedback, send_feedback};
use platform::audit::Actor::Operator;

use crate::app::TestApp;

const IDEA: &[(&str, &str)] =
    &[("kind", "idea"), ("words", "Sort <stations> by name."), ("page", "/discover")];

/// Sends feedback as a person; returns its ID.
pub(crate) async fn sent(app: &TestApp, login: &str) -> uuid::Uuid {
    let person = app.person_id(login).await;
    // The same words again would be the same feedback.
    let words = format!("Show the tides at {}.", app.context().ids.next());
    let new = NewFeedback { kind: "idea", words: &words, page: "" };
    send_feedback(app.context(), person.into(), new).await.expect("sent")
}

/// Sends feedback and answers it.
pub(crate) async fn act(app: &TestApp, login: &str) {
    let id = sent(app, login).await;
    answer_feedback(app.context(), Operator, id, "They are at the pier.").await.expect("answered");
    app.work().await;
}

#[tokio::test]
async fn an_answer_reaches_the_person_who_asked() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let form = wren.get("/feedback?page=/discover").await.text;
    assert!(form.contains("value=\"/discover\""), "{form}");
    for _ in 0..2 {
        assert_eq!(wren.post("/feedback", IDEA).await.location(), "/feedback");
    }
    assert_eq!(app.count("SELECT count(*) FROM feedback").await, 1, "sent twice, stored once");
    let list = admin.get("/admin/feedback").await.text;
    assert!(
        list.contains("Sort &#60;stations&#62; by name.") && list.contains("An idea"),
        "{list}"
    );
    let id = list.split("/admin/feedback/").nth(1).and_then(|rest| rest.split('/').next());
    let path = format!("/admin/feedback/{}/answer", id.expect("an ID"));
    let empty = admin.post(&path, &[("answer", " ")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.text.contains("Not answered"), "{}", empty.text);
    let answer = [("answer", "It will be sorted.")];
    assert_eq!(admin.post(&path, &answer).await.location(), "/admin/feedback");
    assert_eq!(admin.post(&path, &answer).await.status, 409);
    app.work().await;
    let inbox = wren.get("/inbox").await.text;
    assert!(inbox.contains("Your feedback has an answer"), "{inbox}");
    let own = wren.get("/feedback").await.text;
    assert!(own.contains("It will be sorted."), "{own}");
    let answered = admin.get("/admin/feedback?state=answered").await.text;
    assert!(answered.contains("It will be sorted."), "{answered}");
    app.finish().await;
}

#[tokio::test]
async fn a_person_sends_ten_messages_in_a_day() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let send = async |number: u32| {
        let words = format!("Message {number}.");
        wren.post("/feedback", &[("kind", "other"), ("words", &*words), ("page", "")]).await
    };
    for number in 0..10 {
        assert_eq!(send(number).await.status, 303);
    }
    let refused = send(10).await;
    assert_eq!(refused.status, 429);
    assert!(refused.text.contains("Try again tomorrow."), "{}", refused.text);
    app.clock.advance(TimeDelta::hours(25));
    assert_eq!(send(10).await.status, 303);
    app.finish().await;
}

#[tokio::test]
async fn the_api_lists_it_page_by_page() {
    let app = TestApp::start().await;
    app.browser_of("wren-oak").await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    act(&app, "wren-oak").await;
    app.clock.advance(TimeDelta::minutes(1));
    let open = sent(&app, "wren-oak").await.to_string();
    let first = admin.json("/api/v1/admin/feedback?limit=1").await;
    let newest = &first["items"][0];
    assert_eq!((newest["id"].as_str(), newest["login"].as_str()), (Some(&*open), Some("wren-oak")));
    assert!(newest["answer"].is_null() && newest["kind"] == "idea", "{newest}");
    let next = first["next_cursor"].as_str().expect("another page");
    let second = admin.json(&format!("/api/v1/admin/feedback?limit=1&cursor={next}")).await;
    assert_eq!(second["items"][0]["answer"], "They are at the pier.");
    assert!(second["next_cursor"].is_null(), "{second}");
    for (state, number) in [("open", 1), ("answered", 1)] {
        let found = admin.json(&format!("/api/v1/admin/feedback?state={state}")).await;
        assert_eq!(found["items"].as_array().map(Vec::len), Some(number), "{found}");
    }
    assert_eq!(admin.get("/api/v1/admin/feedback?state=lost").await.status, 400);
    app.finish().await;
}
