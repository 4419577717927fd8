//! Ties in the results of judging, and the decisions that settle them.

use futures_util::future::join_all;
use hackathons::{
    actions::{score, set_judging, settle_tie},
    reads,
};
use identity::model::UserId;
use platform::audit::Actor::Operator;
use serde_json::json;
use uuid::Uuid;

use super::{
    at_once::patiently,
    judging::{levels, order, rubric, scored},
    scene::{code, publish_results},
};
use crate::app::{TestApp, at};

const SLUG: &str = "low-tide";
const DECISIONS: &str = "/api/v1/hackathons/low-tide/judging/decisions";
const RESULTS: &str = "/api/v1/hackathons/low-tide/judging/results";

/// Sets the criteria and lets a judge give the projects these levels. Returns the projects.
async fn first_scored(app: &TestApp, judge: UserId, given: &[i64]) -> Vec<Uuid> {
    set_judging(app.context(), Operator, SLUG, &rubric(1)).await.expect("criteria");
    scored(app, judge, given).await
}

/// Returns the projects of a hackathon with their places.
async fn places(app: &TestApp) -> Vec<(Uuid, String)> {
    let id = app.hackathon_view(SLUG).await.key();
    let results = reads::judging_results(&app.context().db, id).await;
    let results = results.expect("read").into_iter();
    results.map(|it| (it.result.project, it.result.place())).collect()
}

#[tokio::test]
async fn an_organizer_settles_a_tie_by_api() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(4, 1).await;
    let [a, b, c, d] = first_scored(&app, judges[0], &[3, 5, 3, 1]).await[..] else {
        panic!("four projects");
    };
    let organizer = app.browser_of("organizer").await;
    let judge = app.browser_of("judge-0").await;
    let [tied, first, last] = ["Tied 2nd", "1st", "4th"].map(str::to_owned);
    assert_eq!(places(&app).await, [(b, first), (a, tied.clone()), (c, tied), (d, last)]);

    let said = json!({ "projects": [c, a], "reason": "The jury voted." });
    let answer = judge.call("POST", DECISIONS, Some(&said)).await;
    assert_eq!(answer.status, 403);
    for (projects, reason, expected) in [
        (vec![c], "The jury voted.", (409, "NOT_TIED")),
        (vec![c, a, d], "The jury voted.", (409, "NOT_TIED")),
        (vec![c, a, a], "The jury voted.", (409, "NOT_TIED")),
        (vec![b, d], "The jury voted.", (409, "NOT_TIED")),
        (vec![], "The jury voted.", (409, "NOT_TIED")),
        (vec![c, a], " ", (422, "BAD_HACKATHON")),
    ] {
        let body = json!({ "projects": projects, "reason": reason });
        let answer = organizer.call("POST", DECISIONS, Some(&body)).await;
        let found = (answer.status.as_u16(), answer.body()["code"].clone());
        assert_eq!(found, (expected.0, json!(expected.1)), "{body}");
    }
    let answer = organizer.call("POST", DECISIONS, Some(&said)).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    let results = organizer.json(RESULTS).await;
    let second = &results["items"][1];
    assert_eq!(second["id"], json!(c));
    assert_eq!(
        (&second["rank"], &second["is_tied"], &second["is_decided"]),
        (&json!(2), &json!(false), &json!(true))
    );
    assert_eq!(results["items"][2]["rank"], 3);

    // A later decision about the same projects replaces it, and another undoes both.
    let other = json!({ "projects": [a, c], "reason": "We voted again." });
    let answer = organizer.call("POST", DECISIONS, Some(&other)).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    assert_eq!(places(&app).await[1].0, a);
    let undone = json!({ "projects": [a, c], "reason": "A mistake.", "is_settled": false });
    let answer = organizer.call("POST", DECISIONS, Some(&undone)).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    assert_eq!(places(&app).await[1].1, "Tied 2nd");
    let listed = organizer.json(DECISIONS).await;
    let reasons: Vec<_> = (listed["items"].as_array().expect("items").iter())
        .map(|it| (it["reason"].clone(), it["decided_by"].clone()))
        .collect();
    let by = |reason: &str| (json!(reason), json!("organizer"));
    assert_eq!(reasons, [by("A mistake."), by("We voted again."), by("The jury voted.")]);
    assert_eq!(judge.get(DECISIONS).await.status, 403);
    app.finish().await;
}

#[tokio::test]
async fn a_decision_has_no_effect_once_other_projects_are_tied() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(3, 1).await;
    let [a, b, c] = first_scored(&app, judges[0], &[3, 3, 1]).await[..] else {
        panic!("three projects");
    };
    let context = app.context();
    settle_tie(context, Operator, SLUG, None, &order(&[b, a]), "By lot.").await.expect("settled");
    assert_eq!(places(&app).await[0], (b, "1st".to_owned()));
    for (level, expected) in [(3, "Tied 1st"), (2, "1st")] {
        score(context, judges[0], SLUG, c.into(), &levels(level)).await.expect("scored");
        assert_eq!(places(&app).await[0].1, expected);
    }
    let over = "UPDATE hackathons SET judging_closes_at = judging_opens_at";
    app.change(over).await.expect("changed");
    settle_tie(context, Operator, SLUG, None, &order(&[a, b]), "The jury voted.")
        .await
        .expect("settled");
    publish_results(context, Operator, SLUG, "**Project 0** wins.").await.expect("published");
    let late = settle_tie(context, Operator, SLUG, None, &order(&[b, a]), "Late.").await;
    assert_eq!(code(late), "HACKATHON_PHASE");
    assert_eq!(places(&app).await[0], (a, "1st".to_owned()));

    // The reasons are removed with the other words.
    let reasons = "SELECT count(*) FROM judging_decisions WHERE reason <> ''";
    assert_eq!(app.count(reasons).await, 2);
    app.clock.set(at("2028-01-01T00:00:00Z"));
    assert_eq!(app.run_schedule("HackathonRetention").await, "1 hackathon");
    assert_eq!(app.count(reasons).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn the_page_of_the_results_settles_a_tie() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(2, 1).await;
    let [a, b] = first_scored(&app, judges[0], &[3, 3]).await[..] else {
        panic!("two projects");
    };
    let organizer = app.browser_of("organizer").await;
    let page = "/hackathons/low-tide/judging/results";
    let [place_a, place_b] = [a, b].map(|id| format!("place_{id}"));
    let send = async |first: &str, second: &str, reason: &str, then: &str| {
        let form = [
            ("tie", a.min(b).to_string()),
            (place_a.as_str(), first.to_owned()),
            (place_b.as_str(), second.to_owned()),
            ("reason", reason.to_owned()),
            ("then", then.to_owned()),
        ];
        let form: Vec<(&str, &str)> = form.iter().map(|it| (it.0, it.1.as_str())).collect();
        let path = "/hackathons/low-tide/judging/decisions";
        organizer.post(path, &form).await
    };
    assert!(organizer.get(page).await.text.contains("Tied 1st"));
    let refused = send("1", "1", "By halcyon lot.", "settle").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Give each project a place of its own, from 1 to 2."));
    assert!(refused.text.contains("By halcyon lot."));
    let refused = send("2", "1", "", "settle").await;
    assert_eq!(refused.status, 422);
    assert_eq!(send("2", "1", "By halcyon lot.", "settle").await.status, 303);
    let settled = organizer.get(page).await.text;
    assert!(settled.contains("Tie decided") && settled.contains("By halcyon lot."));
    let csv = organizer.get(&format!("{page}.csv")).await.text;
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[1].starts_with("1,1,\"false\",\"true\""), "{csv}");
    assert!(lines[1].contains(&b.to_string()), "{csv}");
    assert_eq!(send("2", "1", "A mistake.", "tie").await.status, 303);
    assert!(organizer.get(page).await.text.contains("Tied 1st"));

    // After the results, everyone sees the places, and only organizers the reasons.
    assert_eq!(send("1", "2", "By halcyon lot.", "settle").await.status, 303);
    let over = "UPDATE hackathons SET judging_closes_at = judging_opens_at";
    app.change(over).await.expect("changed");
    publish_results(app.context(), Operator, SLUG, "**Project 0** wins.").await.expect("published");
    let public = app.browser_of("hacker-0").await.get(page).await.text;
    assert!(public.contains("1st") && !public.contains("halcyon"));
    let theirs = organizer.get(page).await.text;
    assert!(theirs.contains("halcyon") && !theirs.contains("Decide the tie"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_decisions_at_once_the_last_one_holds() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(3, 1).await;
    let projects = first_scored(&app, judges[0], &[3, 3, 3]).await;
    let deciding = (0..8).map(|turn| {
        let (context, mut decision) = (app.context().clone(), order(&projects));
        decision.projects.rotate_left(turn % 3);
        tokio::spawn(async move {
            patiently(|| settle_tie(&context, Operator, SLUG, None, &decision, "By lot.")).await
        })
    });
    for outcome in join_all(deciding.collect::<Vec<_>>()).await {
        outcome.expect("ended").expect("settled");
    }
    let id = app.hackathon_view(SLUG).await.key();
    let decisions = reads::decisions(&app.context().db, id, 1).await.expect("read");
    assert_eq!(decisions.len(), 8);
    let last = &decisions.last().expect("a decision").projects;
    let ranked: Vec<Uuid> = places(&app).await.into_iter().map(|it| it.0).collect();
    assert_eq!(&ranked, last);
    app.finish().await;
}
