//! Submissions of many teams, honest and not, are judged by when and how their code came to be. The generator was written from a
//! description of how teams work and cheat, by someone who had not seen the checks.

mod generator;

use std::{collections::BTreeMap, fmt::Write as _};

use chrono::TimeDelta;
use hackathons::{
    actions::submit,
    model::{CheckKind, CheckOutcome},
    reads,
    rules::{details::HackathonInput, submissions::SubmissionInput},
};

use self::generator::{Case, Truth, submissions};
use super::{scene::november, submissions::gannet};
use crate::{
    app::{at, browser::Browser, github_scene::Scene},
    process::print_line,
};

/// The number of generated submissions.
const COUNT: usize = 120;

/// The window of the generated submissions.
const OPENS: &str = "2026-11-14T18:00:00Z";
const CLOSES: &str = "2026-11-18T18:00:00Z";

/// Returns a hackathon with the window.
fn event() -> HackathonInput {
    let mut event = HackathonInput { team_max: Some(10), ..november() };
    event.dates[3] = Some(CLOSES.to_owned());
    event
}

/// Signs everyone in with GitHub, and lets each team submit its repository. Returns the captains.
async fn submit_all(scene: &Scene, made: &[Case]) -> String {
    let app = &scene.app;
    let slug = app.hackathon(event()).await;
    for case in made {
        for person in case.people() {
            scene.github.add_user(&person);
        }
        for member in &case.members {
            let browser = Browser::new(app);
            browser.sign_in(&scene.github, member).await.location();
            app.applied(&slug, member).await;
        }
        if let [captain, others @ ..] = &case.members[..]
            && !others.is_empty()
        {
            let code = app.team_of(&slug, captain, captain).await;
            for other in others {
                app.joins(&code, other).await.expect("joined");
            }
        }
    }
    scene.clock.set(at(CLOSES) + TimeDelta::days(5));
    for case in made {
        scene.github.add_code(&case.story).expect("added");
    }
    app.clock.set(at(CLOSES) - TimeDelta::minutes(1));
    for case in made {
        let input = SubmissionInput {
            title: case.members[0].clone(),
            repository: case.story.repository.clone(),
            ..gannet()
        };
        let captain = app.hacker_id(&case.members[0]).await;
        submit(app.context(), captain, &slug, &input).await.expect("submitted");
    }
    app.clock.set(at(CLOSES) + TimeDelta::days(5));
    slug
}

/// Returns the checks of a submission that found something about its window, its authors or copies.
async fn findings(scene: &Scene, slug: &str, case: &Case) -> Vec<(CheckKind, String)> {
    let app = &scene.app;
    let submission = app.submission_of(slug, &case.members[0]).await;
    let report = reads::latest_report(&app.context().db, submission.key()).await;
    let report = report.expect("read").expect("a report");
    let telling = [CheckKind::Window, CheckKind::Authors, CheckKind::Copies];
    let found = report.checks().into_iter().filter_map(|check| {
        let kind = check.kind().filter(|kind| telling.contains(kind))?;
        (check.outcome != CheckOutcome::Pass).then(|| (kind, check.evidence.join(" ")))
    });
    found.collect()
}

#[tokio::test]
async fn dishonest_work_is_found_and_honest_work_is_left_alone() {
    measure(21).await;
}

#[tokio::test]
async fn the_same_holds_for_other_teams() {
    measure(22).await;
}

/// Generates submissions from a seed, checks them, and compares what the checks say with the truth.
async fn measure(seed: u64) {
    let scene = Scene::start(|config| {
        config.github_api_token = Some("token-hexacat".to_owned().into());
    });
    let scene = scene.await;
    scene.github.add_user("hexacat");
    let made = submissions(seed, COUNT, (at(OPENS), at(CLOSES)));
    let slug = submit_all(&scene, &made).await;
    scene.app.run_schedule("SubmissionDeadlines").await;
    scene.app.work().await;
    // The first to be checked had fewer others to be compared with.
    let actor = platform::audit::Actor::Operator;
    hackathons::actions::check_all(scene.app.context(), actor, &slug).await.expect("checked");
    scene.app.work().await;
    let (mut right, mut false_alarms, mut missed) = (0, 0, 0);
    let (mut says, mut counts) = (String::new(), BTreeMap::<Truth, (usize, usize)>::new());
    for case in &made {
        let found = findings(&scene, &slug, case).await;
        let count = counts.entry(case.truth).or_default();
        count.1 += 1;
        match (case.truth == Truth::Honest, found.is_empty()) {
            (true, true) => {}
            (true, false) => {
                false_alarms += 1;
                let _ = writeln!(says, "false alarm: {} {found:?}", case.story.repository);
            }
            (false, true) => {
                missed += 1;
                let _ = writeln!(says, "missed: {:?} {}", case.truth, case.story.repository);
            }
            (false, false) => right += 1,
        }
        count.0 += usize::from(!found.is_empty());
    }
    let precision = f64::from(right) / f64::from(right + false_alarms);
    let recall = f64::from(right) / f64::from(right + missed);
    print_line(format_args!(
        "precision {precision:.3}, recall {recall:.3}, found of all {counts:?}"
    ));
    assert!(precision >= 0.95 && recall >= 0.9, "{precision:.3} {recall:.3}\n{counts:?}\n{says}");
    scene.app.abandon().await;
}
