//! Before results are published, only staff learn how projects are judged, by no route of the server.

use hackathons::{
    actions::{ScoreInput, next_project, score, set_judging, settle_tie},
    model::SubmissionId,
    rules::judging::{decisions::Decision, rubric::Criterion, settings::JudgingInput},
};
use platform::audit::Actor::Operator;

use crate::{
    app::{TestApp, browser::Browser},
    auth::routes,
};

const SLUG: &str = "low-tide";

/// The words of the judge's notes.
const NOTES: [&str; 2] = ["halcyon-for-the-team", "halcyon-for-the-judge"];

/// The reason of the organizer's decision about the tie.
const REASON: &str = "halcyon-for-organizers";

/// The points that the levels make: (4 × 90 + 3 × 30) ÷ 7, as pages and the API show them.
const POINTS: &str = "64.2";

fn criterion(name: &str, weight: i64) -> Criterion {
    Criterion { name: name.to_owned(), min: 0, max: 10, weight, ..Criterion::default() }
}

/// Lets a judge score all projects of a hackathon alike, and settles their tie. Returns one of them.
async fn judged(app: &TestApp) -> SubmissionId {
    let judges = app.judged(2, 1).await;
    let context = app.context();
    let input = JudgingInput {
        mode: "rubric".to_owned(),
        looks: 1,
        minutes_per_look: 5,
        minutes: 120,
        criteria: vec![criterion("Craft", 4), criterion("Use", 3)],
        unread: None,
    };
    set_judging(context, Operator, SLUG, &input).await.expect("criteria");
    let mut projects = Vec::new();
    for _ in 0..2 {
        let project = next_project(context, judges[0], SLUG, false).await;
        let project = project.expect("a project");
        let given = ScoreInput {
            levels: vec![Some(9), Some(3)],
            team_note: NOTES[0].to_owned(),
            private_note: NOTES[1].to_owned(),
            ..ScoreInput::default()
        };
        score(context, judges[0], SLUG, project, &given).await.expect("scored");
        projects.push(project.0);
    }
    let decision = Decision { projects, is_settled: true };
    settle_tie(context, Operator, SLUG, None, &decision, REASON).await.expect("settled");
    decision.projects[0].into()
}

/// Returns the paths of all routes to read, with the objects of the hackathon.
fn paths(app: &TestApp, project: SubmissionId) -> Vec<String> {
    let routes = routes::of(&app.server.router(None)).into_iter();
    let own = routes.filter(|(method, _)| method == "GET");
    let filled = own.map(|(_, path)| {
        path.replace("{slug}", SLUG)
            .replace("{id}", &project.0.to_string())
            .replace("{submission}", &project.0.to_string())
            .replace("{login}", "hacker-0")
    });
    // A stream does not end, and signing out is no reading.
    let ends = |path: &String| !path.contains("/events") && path != "/live" && !path.contains('{');
    filled.filter(ends).collect()
}

/// Returns true if a text says a word, or a number that is not the end of a longer one, such as of a drawing's coordinate.
fn says(text: &str, word: &str) -> bool {
    let mut places = text.match_indices(word);
    places.any(|(at, _)| !text[..at].ends_with(|it: char| it.is_ascii_digit()))
}

/// Returns the routes whose answers say how a project is judged.
async fn telling(browser: &Browser<'_>, paths: &[String], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in paths {
        let text = browser.get(path).await.text;
        let says = words.iter().filter(|word| says(&text, word));
        found.extend(says.map(|word| format!("{path}: {word}")));
    }
    found
}

#[tokio::test]
async fn only_staff_learn_of_scores_before_results() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let project = judged(&app).await;
    app.know_created("stranger", None).await;
    let paths = paths(&app, project);
    assert!(paths.len() > 100, "{}", paths.len());
    let all = [NOTES[0], NOTES[1], POINTS, REASON];
    let participant = app.browser_of("hacker-0").await;
    let stranger = app.browser_of("stranger").await;
    for browser in [&Browser::new(&app), &stranger, &participant] {
        assert_eq!(telling(browser, &paths, &all).await, [""; 0]);
    }
    // What the judge wrote for themselves is theirs, and organizers see the points.
    let organizer = app.browser_of("organizer").await;
    assert_eq!(telling(&organizer, &paths, &NOTES[1..]).await, [""; 0]);
    let seen = telling(&organizer, &paths, &[POINTS]).await;
    assert!(seen.iter().any(|it| it.contains("/judging/results")), "{seen:?}");
    let shown = telling(&organizer, &paths, &[REASON]).await;
    assert!(shown.iter().any(|it| it.contains("/judging/decisions")), "{shown:?}");
    let judge = app.browser_of("judge-0").await;
    assert_eq!(telling(&judge, &paths, &[POINTS, REASON]).await, [""; 0]);
    assert!(!telling(&judge, &paths, &NOTES).await.is_empty());
    app.finish().await;
}
