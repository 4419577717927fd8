use kernel::Timestamp;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::{Booking, FakeGamePlatform, FlashBooking, Options, TOKEN};
use crate::clock::FakeClock;

const NOW: i64 = 1_790_000_000;

async fn fake() -> FakeGamePlatform {
    let now = Timestamp::from_timestamp(NOW, 0).expect("an instant");
    let started = FakeGamePlatform::start(FakeClock::new(now), Options::default()).await;
    started.expect("a free port")
}

async fn send(url: String, method: Method, body: Option<Value>) -> (StatusCode, Value) {
    let request = Client::new().request(method, url).bearer_auth(TOKEN);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

async fn get(fake: &FakeGamePlatform, path: &str) -> (StatusCode, Value) {
    send(format!("{}{path}", fake.url()), Method::GET, None).await
}

async fn post(fake: &FakeGamePlatform, path: &str, body: Value) -> (StatusCode, Value) {
    send(format!("{}{path}", fake.url()), Method::POST, Some(body)).await
}

async fn control(fake: &FakeGamePlatform, path: &str, body: Value) -> (StatusCode, Value) {
    send(format!("{}{path}", fake.root()), Method::POST, Some(body)).await
}

fn new_user(id: &str, role: &str) -> Value {
    json!({
        "first_name": "Ada", "last_name": "Lovelace", "email": format!("{id}@school.example"),
        "role": role, "syned_user_id": id,
    })
}

#[tokio::test]
async fn accounts_and_teams_are_created_and_ended() {
    let fake = fake().await;
    assert_eq!(get(&fake, "/users?syned_user_id=c1").await.0, StatusCode::NOT_FOUND);
    let (status, coach) = post(&fake, "/users", new_user("coach", "coach")).await;
    assert_eq!((status, &coach["syned_user_id"]), (StatusCode::CREATED, &json!("coach")));
    let (_, user) = post(&fake, "/users", new_user("c-1", "user")).await;
    assert_eq!(user["metactf_user_status"], "pending_approval");
    assert_eq!(post(&fake, "/users", new_user("c-1", "user")).await.0, StatusCode::BAD_REQUEST);
    let (status, error) = post(&fake, "/users", json!({ "first_name": "Ada" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(error["detail"][0]["loc"], json!(["body", "last_name"]));
    let team = json!({
        "syned_coach_user_id": "coach", "syned_team_id": "t", "team_name": "Owls",
        "affiliation": "School", "division": "high_school",
    });
    let (status, team) = post(&fake, "/teams", team).await;
    assert_eq!(status, StatusCode::CREATED);
    let coach_id = coach["metactf_user_id"].to_string();
    assert_eq!(team["metactf_coach_id"], json!(coach_id), "the coach is text");
    let member = json!({ "syned_team_id": "t", "syned_user_id": "c-1" });
    assert_eq!(post(&fake, "/users/assign_team", member.clone()).await.0, StatusCode::CREATED);
    let (_, list) = get(&fake, "/users/get_team_assignments?syned_team_id=t").await;
    assert_eq!((&list["total_count"], fake.team_of("c-1")), (&json!(1), Some("t".to_owned())));
    let id = json!({ "syned_team_id": "t" });
    let (status, error) = post(&fake, "/teams/delete", id.clone()).await;
    assert_eq!((status, &error["detail"]), (StatusCode::BAD_REQUEST, &json!("Team is not empty")));
    assert_eq!(post(&fake, "/users/delete_assignment", member).await.0, StatusCode::OK);
    assert_eq!(post(&fake, "/teams/delete", id).await.0, StatusCode::OK);
    assert!(fake.teams().is_empty());
    let reset = json!({ "syned_user_id": "c-1" });
    assert_eq!(post(&fake, "/auth/send_password_reset_email", reset).await.0, StatusCode::OK);
    assert_eq!(fake.resets("c-1"), 1);
    control(&fake, "/_users/approve", json!({ "syned_user_id": "c-1" })).await;
    let (_, user) = get(&fake, "/users?syned_user_id=c-1").await;
    assert_eq!(user["metactf_user_status"], "approved");
}

#[tokio::test]
async fn scores_count_all_solves_or_the_rest() {
    let fake = fake().await;
    fake.add_user("c", "ada");
    let at = |seconds: i64, points: i64| Booking {
        syned_user_id: "c".to_owned(),
        timestamp_unix: Some(NOW - seconds),
        challenge_points: Some(points),
        ..Booking::default()
    };
    let first = fake.book(&at(1_000, 100))[0];
    fake.book(&at(10, 200));
    let path = format!("/scores/get_odl_scores?syned_user_id=c&after_time_unix={}", NOW - 500);
    let (_, scores) = get(&fake, &path).await;
    assert_eq!(scores["challenge_solves"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&scores["total_points"], &scores["total_challenges_solved"]),
        (&json!(300), &json!(2))
    );
    fake.switch(|switches| switches.totals_of_rest = true);
    assert_eq!(get(&fake, &path).await.1["total_points"], json!(200));
    let correction = json!({ "challenge_solve_id": first, "challenge_points": 150 });
    let (_, corrected) = control(&fake, "/_correct", correction).await;
    assert_eq!(corrected["challenge_points"], json!(150));
    let solve = json!({ "challenge_solve_id": first });
    assert_eq!(control(&fake, "/_vanish", solve.clone()).await.0, StatusCode::NO_CONTENT);
    assert_eq!(control(&fake, "/_vanish", solve).await.0, StatusCode::NOT_FOUND);
    let event = |start: i64| FlashBooking {
        syned_user_id: "c".to_owned(),
        flash_ctf_name: "Flash CTF".to_owned(),
        flash_ctf_time_start_unix: Some(start),
        count: Some(2),
        ..FlashBooking::default()
    };
    assert_eq!(fake.book_flash(&event(NOW - 9_000)).len(), 2);
    fake.book_flash(&event(NOW - 90));
    fake.switch(|switches| switches.without_ids = true);
    let (_, progress) = get(&fake, "/scores/get_flash_ctf_progress?syned_user_id=c").await;
    assert_eq!(progress["flash_ctfs"].as_array().map(Vec::len), Some(2));
    assert_eq!(progress["syned_user_id"], Value::Null);
}

#[tokio::test]
async fn faults_are_switched() {
    let fake = fake().await;
    fake.add_user("c", "ada");
    let path = "/users?syned_user_id=c";
    let one = async |change: Value, path: &str| {
        let (status, _) = control(&fake, "/_switches", change).await;
        assert_eq!(status, StatusCode::OK);
        get(&fake, path).await.0
    };
    assert_eq!(one(json!({ "created": true }), path).await, StatusCode::CREATED);
    assert_eq!(one(json!({ "rejected": true }), path).await, StatusCode::UNAUTHORIZED);
    assert_eq!(one(json!({}), "/").await, StatusCode::OK, "the root needs no token");
    let limited = json!({ "rejected": false, "requests_left": 0, "retry_after": 7 });
    assert_eq!(one(limited, path).await, StatusCode::TOO_MANY_REQUESTS);
    let outage = json!({ "requests_left": null, "outage": true });
    assert_eq!(one(outage, path).await, StatusCode::SERVICE_UNAVAILABLE);
    let (status, _) = control(&fake, "/_switches", json!({ "errors": 2 })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let everyone = json!({ "outage": false, "knows_everyone": true, "solves_each": 3 });
    assert_eq!(one(everyone, path).await, StatusCode::CREATED);
    let (_, scores) = get(&fake, "/scores/get_odl_scores?syned_user_id=anyone").await;
    assert_eq!(scores["total_challenges_solved"], json!(3));
    let (status, shown) = get_root(&fake, "/_calls").await;
    assert_eq!((status, &shown["calls"]["GET /users"]), (StatusCode::OK, &json!(5)));
}

#[tokio::test]
async fn a_request_whose_answer_is_lost_is_done() {
    let fake = fake().await;
    fake.switch(|switches| switches.drops = 1.0);
    let mut statuses = Vec::new();
    for number in 0..16 {
        let (id, client) = (format!("user-{number}"), Client::new());
        let request = client.post(format!("{}/users", fake.url()));
        let request = request.bearer_auth(TOKEN).json(&new_user(&id, "user"));
        let answer = request.send().await;
        let is_failed = |answer: &reqwest::Response| answer.status() == StatusCode::BAD_GATEWAY;
        statuses.push(answer.as_ref().is_ok_and(is_failed));
        let is_lost = match answer {
            Ok(answer) => is_failed(&answer) || answer.bytes().await.is_err(),
            Err(_) => true,
        };
        assert!(is_lost, "{id}");
        let (status, _) = get(&fake, &format!("/users?syned_user_id={id}")).await;
        assert_eq!(status, StatusCode::OK, "reading is answered");
        let (status, _) = post(&fake, "/users", new_user(&id, "user")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "a refusal is answered");
    }
    assert!(statuses.contains(&true) && statuses.contains(&false));
    assert_eq!(fake.users().len(), 16);
}

async fn get_root(fake: &FakeGamePlatform, path: &str) -> (StatusCode, Value) {
    send(format!("{}{path}", fake.root()), Method::GET, None).await
}
