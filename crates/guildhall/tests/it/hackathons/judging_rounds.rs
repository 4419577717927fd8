//! Rounds of judging, which move the first projects on.

use futures_util::future::join_all;
use hackathons::{
    actions::{RoundInput, close_round, next_project, score, set_judging, settle_tie},
    reads,
};
use platform::audit::Actor::Operator;
use serde_json::json;
use uuid::Uuid;

use super::{
    at_once::patiently,
    judging::{levels, order, rubric, scored},
    scene::{code, publish_results},
};
use crate::app::TestApp;

const SLUG: &str = "low-tide";
const ROUNDS: &str = "/api/v1/hackathons/low-tide/judging/rounds";
const RESULTS: &str = "/api/v1/hackathons/low-tide/judging/results";
const PAGE: &str = "/hackathons/low-tide/judging/rounds";

fn first(carried: i64) -> RoundInput {
    RoundInput { round: 1, carried, is_confirmed: false }
}

/// Returns the projects of a hackathon with their places and rounds.
async fn places(app: &TestApp) -> Vec<(Uuid, String, i64)> {
    let id = app.hackathon_view(SLUG).await.key();
    let results = reads::judging_results(&app.context().db, id).await;
    let results = results.expect("read").into_iter().map(|it| it.result);
    results.map(|it| (it.project, it.place(), it.round)).collect()
}

#[tokio::test]
async fn a_round_carries_the_first_projects_forward_by_api() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(5, 2).await;
    let context = app.context();
    let organizer = app.browser_of("organizer").await;
    let judge = app.browser_of("judge-0").await;
    let close = async |round: i64, carried: i64, is_confirmed: bool| {
        let body = json!({ "round": round, "carried": carried, "is_confirmed": is_confirmed });
        let answer = organizer.call("POST", ROUNDS, Some(&body)).await;
        (answer.status.as_u16(), answer.body())
    };
    let refused = async |round, carried, is_confirmed| {
        let (status, body) = close(round, carried, is_confirmed).await;
        (status, body["code"].as_str().unwrap_or_default().to_owned())
    };
    let conflict = |code: &str| (409, code.to_owned());
    set_judging(context, Operator, SLUG, &rubric(1)).await.expect("criteria");
    assert_eq!(refused(1, 2, true).await, conflict("NO_SCORES"));
    let mut projects = scored(&app, judges[0], &[5, 3, 4, 3]).await;
    assert_eq!(refused(1, 2, false).await, conflict("LOOKS_MISSING"));
    projects.extend(scored(&app, judges[1], &[1]).await);
    let [a, b, c, d, e] = projects[..] else {
        panic!("five projects");
    };
    assert_eq!(refused(1, 5, false).await, conflict("ROUND_CARRIES_ALL"));
    assert_eq!(refused(2, 2, false).await, conflict("ROUND_CLOSED"));
    for number in [0, -1, 1_001] {
        let (status, body) = close(1, number, false).await;
        assert_eq!((status, &body["code"]), (422, &json!("BAD_HACKATHON")));
    }
    let body = json!({ "round": 1, "carried": 2 });
    assert_eq!(judge.call("POST", ROUNDS, Some(&body)).await.status, 403);
    assert_eq!(judge.get(ROUNDS).await.status, 403);

    // The tie at the third rank moves on as a whole.
    let (status, closed) = close(1, 3, false).await;
    assert_eq!(status, 200, "{closed}");
    assert_eq!(closed["current"], 2);
    assert_eq!(closed["closed"][0]["forward"], json!([a, c, b, d]));
    assert_eq!(closed["closed"][0]["closed_by"], "organizer");
    assert_eq!(refused(1, 1, true).await, conflict("ROUND_CLOSED"));

    // Scores of the first round are final, and only projects that went forward are judged again.
    let late = score(context, judges[0], SLUG, a.into(), &levels(1)).await;
    assert_eq!(code(late), "ROUND_CLOSED");
    let late = settle_tie(context, Operator, SLUG, Some(1), &order(&[d, b]), "Late.").await;
    assert_eq!(code(late), "ROUND_CLOSED");
    let mut again = scored(&app, judges[1], &[2, 5, 5]).await;
    again.sort_unstable();
    let mut three = [a, b, c, d];
    three.sort_unstable();
    assert_eq!(again, three[..3]);
    let left = next_project(context, judges[0], SLUG, false).await;
    assert_eq!(left.expect("the fourth").0, three[3]);
    let conflicting = places(&app).await;
    assert_eq!(conflicting.len(), 5);
    assert_eq!(conflicting[4], (e, "5th".to_owned(), 1));
    assert_eq!(conflicting[3].2, 1);
    assert!(conflicting[..3].iter().all(|it| it.2 == 2));

    // Each round has its own results, coverage and scores.
    let all = organizer.json(&format!("{RESULTS}?round=1")).await;
    assert_eq!(all["items"][0]["id"], json!(a));
    assert_eq!(all["items"].as_array().map(Vec::len), Some(5));
    let second = organizer.json(&format!("{RESULTS}?round=2")).await;
    assert_eq!(second["items"].as_array().map(Vec::len), Some(3));
    let coverage = "/api/v1/hackathons/low-tide/judging/coverage";
    let counts = async |path: &str| {
        let found = organizer.json(path).await;
        let projects = found["projects"].as_array().expect("projects").clone();
        let judged = projects.iter().map(|it| it["judged"].as_i64());
        let judged: i64 = judged.map(|it| it.expect("a number")).sum();
        (found["round"].as_i64(), projects.len(), judged)
    };
    assert_eq!(counts(coverage).await, (Some(2), 4, 3));
    let earlier = format!("{coverage}?round=1");
    assert_eq!(counts(&earlier).await, (Some(1), 5, 5));
    let own = judge.json("/api/v1/me/hackathons/low-tide/judging").await;
    assert_eq!(own["round"], 2);
    let rounds: Vec<_> = (own["items"].as_array().expect("items").iter())
        .map(|it| (it["round"].clone(), it["status"].clone()))
        .collect();
    let judged = (json!(1), json!("judged"));
    assert_eq!(rounds[..4], vec![judged; 4]);
    assert_eq!(rounds[4], (json!(2), json!("open")));
    app.finish().await;
}

#[tokio::test]
async fn an_organizer_closes_a_round_on_its_page() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(3, 1).await;
    let context = app.context();
    set_judging(context, Operator, SLUG, &rubric(1)).await.expect("criteria");
    let [a, b, c] = scored(&app, judges[0], &[3, 3, 1]).await[..] else {
        panic!("three projects");
    };
    let organizer = app.browser_of("organizer").await;
    let preview = organizer.get(&format!("{PAGE}?carried=1")).await.text;
    assert!(preview.contains("2 projects would move on, because of a tie at the border"));
    let decision = order(&[b, a]);
    settle_tie(context, Operator, SLUG, None, &decision, "By lot.").await.expect("settled");
    let preview = organizer.get(&format!("{PAGE}?carried=1")).await.text;
    assert!(preview.contains("1 projects would move on<"), "{preview}");
    let send = async |carried: &str| {
        let form = [("round", "1"), ("carried", carried)];
        organizer.post(PAGE, &form).await
    };
    let refused = send("many").await;
    refused.refuses_form(422, Some("carried"), "Enter how many projects move on.");
    assert_eq!(send("3").await.status, 409);
    assert_eq!(send("1").await.status, 303);
    assert!(organizer.get(PAGE).await.text.contains("Round 2"));

    // The judge sees the closed round, and what they gave in it.
    let judge = app.browser_of("judge-0").await;
    let page = format!("/hackathons/low-tide/judging?project={c}&round=1");
    let page = judge.get(&page).await.text;
    assert!(page.contains("Round 1 is closed."), "{page}");
    assert!(!page.contains("Save and next"));
    let next = next_project(context, judges[0], SLUG, false).await;
    assert_eq!(next.expect("a project").0, b);

    // Rounds end with judging, and after the results everyone sees them.
    let over = "UPDATE hackathons SET judging_closes_at = judging_opens_at";
    app.change(over).await.expect("changed");
    let round = RoundInput { round: 2, ..first(1) };
    let late = close_round(context, Operator, SLUG, round).await;
    assert_eq!(code(late), "JUDGING_CLOSED");
    let expected = [(b, "1st", 1), (a, "2nd", 1), (c, "3rd", 1)];
    let expected = expected.map(|it| (it.0, it.1.to_owned(), it.2));
    assert_eq!(places(&app).await, expected);
    let stranger = app.browser_of("hacker-0").await;
    let results = "/hackathons/low-tide/judging/results?round=1";
    assert!(!stranger.get(results).await.text.contains("Round 1"));
    publish_results(context, Operator, SLUG, "**Project 1** wins.").await.expect("published");
    assert!(stranger.get(results).await.text.contains("Round 1"));
    app.finish().await;
}

#[tokio::test]
async fn judges_who_rank_begin_a_new_order_in_each_round() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(3, 1).await;
    let (context, judge) = (app.context(), judges[0]);
    let mut ranking = rubric(1);
    ranking.mode = "ranking".to_owned();
    set_judging(context, Operator, SLUG, &ranking).await.expect("the mode");
    let place = async || {
        let project = next_project(context, judge, SLUG, false).await;
        let project = project.expect("a project");
        let mut answer = None;
        loop {
            use hackathons::{
                actions::compare,
                rules::judging::insertion::{InsertionStep, PairAnswer},
            };
            match compare(context, judge, SLUG, project, answer).await {
                Ok(InsertionStep::Ask(other)) => answer = Some((other, PairAnswer::Better)),
                placed => {
                    placed.expect("placed");
                    return project.0;
                }
            }
        }
    };
    let placed = [place().await, place().await, place().await];
    let round = first(2);
    let forward = close_round(context, Operator, SLUG, round).await;
    assert_eq!(forward.expect("closed"), [placed[2], placed[1]]);
    let again = [place().await, place().await];
    let id = app.hackathon_view(SLUG).await.key();
    for (round, count) in [(1, 3), (2, 2)] {
        let own = reads::ranking(&context.db, id, round, judge).await;
        assert_eq!(own.expect("read").places.len(), count);
    }
    let projects: Vec<Uuid> = places(&app).await.into_iter().map(|it| it.0).collect();
    assert_eq!(projects, [again[1], again[0], placed[0]]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_round_is_closed_once_while_judges_score() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(8, 6).await;
    set_judging(app.context(), Operator, SLUG, &rubric(3)).await.expect("criteria");
    scored(&app, judges[0], &[5, 4, 3]).await;
    let judging = judges.iter().zip(1..).map(|(judge, level)| {
        let (context, judge) = (app.context().clone(), *judge);
        tokio::spawn(async move {
            for _ in 0..8 {
                let next = patiently(|| next_project(&context, judge, SLUG, true)).await;
                let Ok(project) = next else { continue };
                let given = levels(1 + level % 5);
                let scored = patiently(|| score(&context, judge, SLUG, project, &given)).await;
                if scored.is_err() {
                    let code = code(scored);
                    assert!(["ROUND_CLOSED", "PROJECT_NOT_OPEN"].contains(&code), "{code}");
                }
            }
        })
    });
    let judging: Vec<_> = judging.collect();
    let closing = (0..4).map(|_| {
        let context = app.context().clone();
        tokio::spawn(async move {
            let round = RoundInput { is_confirmed: true, ..first(2) };
            patiently(|| close_round(&context, Operator, SLUG, round)).await
        })
    });
    let mut closed = Vec::new();
    for outcome in join_all(closing.collect::<Vec<_>>()).await {
        match outcome.expect("ended") {
            Ok(forward) => closed.push(forward),
            refused => assert_eq!(code(refused), "ROUND_CLOSED"),
        }
    }
    for judge in join_all(judging).await {
        judge.expect("ended");
    }
    assert_eq!(closed.len(), 1);
    let id = app.hackathon_view(SLUG).await.key();
    let db = &app.context().db;
    let first = reads::round_results(db, id, 1).await.expect("read");
    let forward: Vec<Uuid> =
        (first.iter().filter(|it| it.result.rank <= 2)).map(|it| it.result.project).collect();
    assert_eq!(closed[0], forward);
    let second = reads::assignments(db, id, 2).await.expect("read");
    assert!(second.iter().all(|it| forward.contains(&it.submission_id)));
    let open = "SELECT count(*) FROM judging_assignments WHERE status = 'open' AND round = 1";
    assert_eq!(app.count(open).await, 0);
    app.finish().await;
}
