//! A whole event by API alone: from its announcement to the archive, with its window witnessed, prizes handed out and points posted.

use hackathons::actions::add_host;
use identity::model::Role;
use kernel::Timestamp;
use platform::audit::Actor::Operator;
use serde_json::{Value, json};
use testkit::fake_github::code::{CodeStory, CommitStory, PushStory};

use crate::app::{at, browser::Browser, github_scene::Scene};

const EVENT: &str = "/api/v1/hackathons/low-tide";
const OWN: &str = "/api/v1/me/hackathons/low-tide";

/// Sends a request that must succeed. Returns the body.
async fn ask(browser: &Browser<'_>, method: &str, path: &str, body: Value) -> Value {
    let answer = browser.call(method, path, Some(&body)).await;
    assert!(answer.status.is_success(), "{method} {path}: {}", answer.text);
    answer.body()
}

/// Sets the time of the server and of GitHub.
fn set(scene: &Scene, now: &str) {
    let now: Timestamp = at(now);
    scene.clock.set(now);
    scene.app.clock.set(now);
}

/// Signs a person in with GitHub.
async fn person<'a>(scene: &'a Scene, login: &str) -> Browser<'a> {
    scene.github.add_user(login);
    let browser = Browser::new(&scene.app);
    browser.sign_in(&scene.github, login).await.location();
    browser
}

/// Returns the work of a team: two pushes in the window.
fn work(login: &str) -> CodeStory {
    let text = |lines: usize| format!("{login} keeps the berths\n").repeat(lines);
    let commit = |hour: &str, file: &str, lines| {
        CommitStory::new(login, at(hour), "Keep the berths").file(file, &text(lines))
    };
    let push = |hour: &str, commit| PushStory::new(login, at(hour)).commit(commit);
    CodeStory::new(&format!("{login}/berthlist"), at("2026-11-14T18:30:00Z"))
        .license("MIT")
        .push(push("2026-11-14T19:05:00Z", commit("2026-11-14T19:00:00Z", "README.md", 20)))
        .push(push("2026-11-15T07:00:00Z", commit("2026-11-15T06:00:00Z", "src/main.rs", 200)))
}

/// Creates and publishes the event with its staff, its judging and a prize.
async fn announce(scene: &Scene, organizer: &Browser<'_>) {
    add_host(scene.app.context(), Operator, "organizer").await.expect("a host");
    let event = json!({
        "title": "Low Tide", "timezone": "Europe/Lisbon", "capacity": 2,
        "application_opens_at": "2026-10-12T17:00:00Z", "application_closes_at": "2026-11-06T18:00:00Z",
        "submission_opens_at": "2026-11-14T18:00:00Z", "submission_closes_at": "2026-11-22T18:00:00Z",
        "judging_opens_at": "2026-11-23T18:00:00Z", "judging_closes_at": "2026-11-29T18:00:00Z"
    });
    ask(organizer, "POST", "/api/v1/hackathons", event).await;
    let judging = json!({
        "mode": "rubric", "looks": 1, "minutes_per_look": 5, "minutes": 120,
        "criteria": [{ "name": "Craft", "min": 1, "max": 5, "weight": 1 }]
    });
    ask(organizer, "PUT", &format!("{EVENT}/judging"), judging).await;
    let prize = json!({ "name": "Harbor prize", "value": "A day at sea" });
    ask(organizer, "POST", &format!("{EVENT}/prizes"), prize).await;
    let judge = json!({ "role": "judge" });
    ask(organizer, "PUT", &format!("{EVENT}/staff/judge"), judge).await;
    ask(organizer, "POST", &format!("{EVENT}/publish"), json!({})).await;
}

/// Lets the judge score all projects, those of `best` higher.
async fn judge(judge: &Browser<'_>, best: &str) {
    loop {
        let path = format!("{OWN}/judging");
        let next = judge.call("POST", &path, Some(&json!({}))).await;
        if next.status == 409 {
            next.refuses(409, "NO_PROJECT_LEFT", "");
            return;
        }
        let next = next.json();
        let project = next["submission"].as_str().expect("a project");
        let levels = if project == best { [5] } else { [2] };
        let path = format!("{path}/{project}/score");
        ask(judge, "PUT", &path, json!({ "levels": levels })).await;
    }
}

#[tokio::test]
async fn an_event_from_nothing_to_the_archive() {
    let scene = Scene::start(|config| {
        config.github_api_token = Some("token-hexacat".to_owned().into());
    });
    let scene = scene.await;
    set(&scene, "2026-11-01T08:00:00Z");
    scene.github.add_user("hexacat");
    let [organizer, judging, ada, bo, cy] =
        ["organizer", "judge", "ada", "bo", "cy"].map(|login| person(&scene, login));
    let (organizer, judging) = (organizer.await, judging.await);
    let (ada, bo, cy) = (ada.await, bo.await, cy.await);
    announce(&scene, &organizer).await;

    // Two get a place, and the third one gets it when another withdraws.
    for (browser, status) in [(&ada, "auto_accepted"), (&bo, "auto_accepted"), (&cy, "waitlisted")]
    {
        let path = format!("{OWN}/application");
        let applied = ask(browser, "PUT", &path, json!({ "conduct_version": 1 })).await;
        assert_eq!(applied["status"], status);
    }
    ask(&bo, "DELETE", &format!("{OWN}/application"), json!({})).await;
    let moved = cy.json(&format!("{OWN}/application")).await;
    assert_eq!(moved["status"], "auto_accepted");
    let named = json!({ "name": "Gannet" });
    ask(&ada, "POST", &format!("{OWN}/team"), named).await;
    let dinner =
        json!({ "segment": "accepted", "subject": "Dinner is at eight", "body": "Come hungry." });
    let sent = ask(&organizer, "POST", &format!("{EVENT}/announcements"), dinner).await;
    assert_eq!(sent["recipients"], 2);
    scene.app.work().await;

    // The work of both is witnessed inside the window.
    set(&scene, "2026-11-20T08:00:00Z");
    for (browser, login) in [(&ada, "ada"), (&cy, "cy")] {
        scene.github.add_code(&work(login)).expect("added");
        let submission = json!({
            "title": format!("Berths of {login}"), "summary": "A berth list.",
            "repository": format!("https://github.com/{login}/berthlist")
        });
        ask(browser, "PUT", &format!("{OWN}/submission"), submission).await;
    }
    scene.app.work().await;
    let own = ada.json(&format!("{OWN}/submission")).await;
    assert_eq!(own["verdict"], "valid", "{own}");
    let gannet = own["id"].as_str().expect("an ID").to_owned();
    let checks = own["report"]["checks"].as_array().expect("checks");
    let window = checks.iter().find(|check| check["check"] == "window");
    let window = window.expect("a check").to_string();
    assert!(window.contains("2 pushes witnessed"), "{window}");

    set(&scene, "2026-11-22T18:00:30Z");
    scene.app.run_schedule("SubmissionDeadlines").await;
    scene.app.work().await;
    set(&scene, "2026-11-24T08:00:00Z");
    judge(&judging, &gannet).await;
    let ranked = organizer.json(&format!("{EVENT}/judging/results")).await;
    assert_eq!(ranked["items"][0]["id"], gannet.as_str(), "{ranked}");
    let winner = json!({ "ruling": "winner" });
    ask(&organizer, "POST", &format!("{EVENT}/submissions/{gannet}"), winner).await;
    let won = json!({ "submission": gannet });
    let path = format!("{EVENT}/prizes/harbor-prize/awards");
    ask(&organizer, "POST", &path, won).await;

    // Before the results, others learn nothing of them.
    assert!(cy.json(&format!("{EVENT}/prizes")).await["items"][0]["winners"] == json!([]));
    set(&scene, "2026-11-29T18:00:00Z");
    let reason = "The jury decided it.";
    let overrides: Vec<_> = ["open_tie", "prize_without_winner", "missing_scores"]
        .iter()
        .map(|blocker| json!({ "blocker": blocker, "reason": reason }))
        .collect();
    let results = json!({ "results": "**Gannet** wins.", "overrides": overrides });
    ask(&organizer, "POST", &format!("{EVENT}/results"), results).await;
    let published = organizer.call("POST", &format!("{EVENT}/results/now"), None).await;
    assert_eq!(published.status, 200, "{}", published.text);
    let admin = person(&scene, "hexacat").await;
    identity::actions::grant_role(scene.app.context(), Operator, "hexacat", Role::Admin)
        .await
        .expect("an admin");
    let path = "/api/v1/admin/hackathons/low-tide/points";
    ask(&admin, "PUT", path, json!({})).await;
    scene.app.work().await;
    let shown = scene.app.json(&format!("{EVENT}/prizes")).await;
    assert_eq!(shown["items"][0]["winners"][0]["team"], "Gannet");
    let recap = scene.app.inbox(&ada).await;
    assert!(recap.iter().any(|it| it.contains("Low Tide")), "{recap:?}");
    for (login, points) in [("ada", 1_350), ("cy", 150)] {
        let sql = format!("SELECT total_points FROM users WHERE login = '{login}'");
        assert_eq!(scene.app.count(&sql).await, points, "{login}");
    }

    // The prize is claimed, sent and received.
    let prizes = ada.json(&format!("{OWN}/prizes")).await;
    let award = prizes["items"][0]["id"].as_str().expect("a prize");
    let claim = json!({ "claim": "Ada\n1 Quay Street" });
    ask(&ada, "PUT", &format!("{OWN}/prizes/{award}/claim"), claim).await;
    for state in ["sent", "received"] {
        let path = format!("{EVENT}/prize-awards/{award}/state");
        let stepped = ask(&organizer, "POST", &path, json!({ "state": state })).await;
        assert_eq!(stepped["state"], state);
    }
    let archived = ask(&organizer, "POST", &format!("{EVENT}/archive"), json!({})).await;
    assert_eq!(archived["phase"], "archived");
    let projects = scene.app.json(&format!("{EVENT}/projects")).await;
    assert_eq!(projects["items"].as_array().map(Vec::len), Some(2));
    scene.app.work().await;
    scene.app.verify().await;
    scene.app.abandon().await;
}
