//! Decisions about submissions that change afterwards: reopened deadlines, awards that are not valid any longer, and looks of judges
//! at earlier versions.

use chrono::TimeDelta;
use hackathons::{
    actions::{
        NewDeadline, RoundInput, close_round, edit_hackathon, edit_prize, extend_deadline,
        rule_submission, score, set_judging, set_tracks, submit, take_back_prize,
    },
    model::JuryOutcome,
    reads,
    rules::{
        details::HackathonInput, prizes::PrizeInput, rulings::Ruling, submissions::SubmissionInput,
        tracks::TrackInput,
    },
};
use platform::{ActionError, audit::Actor::Operator};

use super::{
    judging::{levels, rubric, scored},
    scene::{code, publish_results},
    submissions::gannet,
};
use crate::app::{TestApp, at};

const SLUG: &str = "low-tide";

impl TestApp {
    /// Moves the common deadline into the future of the closed event.
    async fn reopens(&self, slug: &str) -> Result<(), ActionError> {
        let mut input = HackathonInput::default();
        for (index, day) in [(3, "11-25"), (4, "11-26")] {
            input.dates[index] = Some(format!("2026-{day}T18:00:00Z"));
        }
        let edited = edit_hackathon(self.context(), Operator, slug, &input).await;
        edited.map(|_| ())
    }

    /// Gives one team or person a later deadline, in the future of the closed event.
    async fn extends(&self, slug: &str, name: &str) -> Result<(), ActionError> {
        let organizer = self.hacker_id("organizer").await;
        let new = NewDeadline {
            name: name.to_owned(),
            closes_at: at("2026-11-25T18:00:00Z"),
            reason: "The ferry was late.".to_owned(),
        };
        extend_deadline(self.context(), organizer, slug, &new).await
    }

    async fn rules(&self, slug: &str, login: &str, ruling: Ruling) {
        let organizer = self.hacker_id("organizer").await;
        let id = self.submission_of(slug, login).await.key();
        rule_submission(self.context(), organizer, slug, id, ruling, "See the rules.")
            .await
            .expect("ruled");
    }

    async fn is_frozen(&self, slug: &str, login: &str) -> bool {
        self.submission_of(slug, login).await.locked_at.is_some()
    }
}

#[tokio::test]
async fn submissions_open_again_once_decisions_about_them_are_taken_back() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.closed_event().await;
    app.run_schedule("SubmissionDeadlines").await;
    let harbor = app.prize(&slug, "Harbor prize", 1).await;
    let award = app.awards((&slug, &harbor), "ada").await.expect("awarded");
    for refused in [app.reopens(&slug).await, app.extends(&slug, "gannet").await] {
        assert_eq!(code(refused), "SUBMISSIONS_DECIDED");
    }
    assert!(app.is_frozen(&slug, "ada").await);
    // Another submission has no decision, and gets no decision until it is frozen again. Dates that open nothing change.
    app.extends(&slug, "cy").await.expect("extended");
    assert!(!app.is_frozen(&slug, "cy").await);
    let second = app.prize(&slug, "Pier prize", 1).await;
    let open = app.awards((&slug, &second), "cy").await;
    assert_eq!(code(open), "SUBMISSION_OPEN");
    let (organizer, cy) =
        (app.hacker_id("organizer").await, app.submission_of(&slug, "cy").await.key());
    let open = rule_submission(
        app.context(),
        organizer,
        &slug,
        cy,
        Ruling::Choose(Some(JuryOutcome::Finalist)),
        "",
    )
    .await;
    assert_eq!(code(open), "SUBMISSION_OPEN");
    let mut later = HackathonInput::default();
    later.dates[5] = Some("2026-11-30T18:00:00Z".to_owned());
    edit_hackathon(app.context(), Operator, &slug, &later).await.expect("judging ends later");

    take_back_prize(app.context(), Operator, &slug, award.key()).await.expect("taken back");
    let winner = Ruling::Choose(Some(JuryOutcome::Winner));
    app.rules(&slug, "ada", winner).await;
    let refused = app.reopens(&slug).await;
    assert_eq!(code(refused), "SUBMISSIONS_DECIDED");
    app.rules(&slug, "ada", Ruling::Choose(None)).await;
    let withdrawn = "UPDATE submissions SET withdrawn_at = created_at WHERE team_id IS NOT NULL";
    app.change(withdrawn).await.expect("withdrawn");
    app.reopens(&slug).await.expect("reopened");
    assert!(!app.is_frozen(&slug, "ada").await, "also if it is withdrawn");
    let ada = app.hacker_id("ada").await;
    submit(app.context(), ada, &slug, &gannet()).await.expect("submitted again");
    app.finish().await;
}

#[tokio::test]
async fn submissions_stay_frozen_after_a_closed_round() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(2, 1).await;
    app.run_schedule("SubmissionDeadlines").await;
    set_judging(app.context(), Operator, SLUG, &rubric(1)).await.expect("criteria");
    scored(&app, judges[0], &[5, 1]).await;
    let close = || {
        let round = RoundInput { round: 1, carried: 1, is_confirmed: false };
        close_round(app.context(), Operator, SLUG, round)
    };
    // A round is closed when no team can submit any longer.
    app.extends(SLUG, "hacker-1").await.expect("extended");
    assert_eq!(code(close().await), "SUBMISSION_OPEN");
    app.clock.set(at("2026-11-25T18:00:00Z"));
    close().await.expect("closed");
    app.clock.set(at("2026-11-25T12:00:00Z"));
    for refused in [app.reopens(SLUG).await, app.extends(SLUG, "hacker-1").await] {
        assert_eq!(code(refused), "SUBMISSIONS_DECIDED");
    }
    app.finish().await;
}

#[tokio::test]
async fn versions_are_late_by_the_deadline_in_force() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.closed_event().await;
    app.run_schedule("SubmissionDeadlines").await;
    app.clock.set(at("2026-11-22T19:00:00Z"));
    let dee = app.hacker_id("dee").await;
    submit(app.context(), dee, &slug, &gannet()).await.expect("submitted late");
    let id = app.submission_of(&slug, "dee").await.key();
    let late = async || {
        let versions = reads::versions(&app.context().db, id).await;
        versions.expect("read").iter().any(|it| it.is_late)
    };
    assert!(late().await);
    app.extends(&slug, "dee").await.expect("extended");
    assert!(!late().await);
    app.finish().await;
}

#[tokio::test]
async fn awards_that_are_not_valid_any_longer_are_not_published() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.closed_event().await;
    let harbor = app.prize(&slug, "Harbor prize", 1).await;
    let award = app.awards((&slug, &harbor), "ada").await.expect("awarded");
    app.rules(&slug, "ada", Ruling::Disqualify).await;
    let organizer = app.browser_of("organizer").await;
    let awards = format!("/hackathons/{slug}/prize-awards");
    assert!(organizer.get(&awards).await.text.contains("Disqualified"));
    app.clock.set(at("2026-11-29T18:00:00Z"));
    let publish = || publish_results(app.context(), Operator, &slug, "**Gannet** wins.");
    assert_eq!(code(publish().await), "AWARD_NOT_VALID");
    app.rules(&slug, "ada", Ruling::Reinstate).await;
    let limited = "UPDATE prizes SET track = 'harbors'";
    let track = TrackInput { name: "Harbors".to_owned(), ..TrackInput::default() };
    set_tracks(app.context(), Operator, &slug, &[track]).await.expect("a track");
    app.change(limited).await.expect("limited");
    assert_eq!(code(publish().await), "AWARD_NOT_VALID");
    app.change("UPDATE prizes SET track = ''").await.expect("for all");
    let withdrawn = "UPDATE submissions SET withdrawn_at = created_at WHERE team_id IS NOT NULL";
    app.change(withdrawn).await.expect("withdrawn");
    assert!(organizer.get(&awards).await.text.contains("Withdrawn"));
    let page = format!("/hackathons/{slug}/results");
    let form = [("results", "**Gannet** wins.")];
    let refused = organizer.post(&page, &form).await;
    refused.refuses_form(409, None, "Harbor prize is awarded to Gannet, which does not count");
    take_back_prize(app.context(), Operator, &slug, award.key()).await.expect("taken back");
    publish().await.expect("published");
    app.finish().await;
}

#[tokio::test]
async fn the_track_of_a_prize_fits_those_who_have_it() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.closed_event().await;
    let track = TrackInput { name: "Harbors".to_owned(), ..TrackInput::default() };
    set_tracks(app.context(), Operator, &slug, &[track]).await.expect("a track");
    let chosen = "UPDATE submissions SET tracks = 'harbors' WHERE team_id IS NOT NULL";
    app.change(chosen).await.expect("chosen");
    let harbor = app.prize(&slug, "Harbor prize", 2).await;
    let award = app.awards((&slug, &harbor), "cy").await.expect("awarded");
    let limited = PrizeInput { track: Some("harbors".to_owned()), ..PrizeInput::default() };
    let limit = || edit_prize(app.context(), Operator, &slug, &harbor, &limited);
    assert_eq!(code(limit().await), "PRIZE_TRACK");
    take_back_prize(app.context(), Operator, &slug, award.key()).await.expect("taken back");
    app.awards((&slug, &harbor), "ada").await.expect("awarded");
    limit().await.expect("all who have it are in the track");
    // By API, null is no track.
    let organizer = app.browser_of("organizer").await;
    let path = format!("/api/v1/hackathons/{slug}/prizes/{harbor}");
    let none = serde_json::json!({ "track": null });
    let changed = organizer.call("PATCH", &path, Some(&none)).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(changed.json()["track"], "");
    app.finish().await;
}

#[tokio::test]
async fn an_admission_is_for_the_code_that_was_admitted() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.closed_event().await;
    app.rules(&slug, "ada", Ruling::Admit).await;
    app.clock.set(at("2026-11-20T18:00:00Z"));
    let ada = app.hacker_id("ada").await;
    for (repository, title, is_admitted) in [
        ("ada/gannet", "Gannet 1", false),
        ("ada/gannet", "Gannet 2", true),
        ("ada/tern", "Gannet 2", false),
    ] {
        if is_admitted {
            app.rules(&slug, "ada", Ruling::Admit).await;
        }
        let input = SubmissionInput {
            repository: repository.to_owned(),
            title: title.to_owned(),
            ..gannet()
        };
        let version = submit(app.context(), ada, &slug, &input).await;
        assert_eq!(version.expect("submitted").is_admitted, is_admitted, "{title}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_judge_sees_that_a_version_came_after_their_look() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(1, 1).await;
    let context = app.context();
    set_judging(context, Operator, SLUG, &rubric(1)).await.expect("criteria");
    let project = scored(&app, judges[0], &[4]).await[0];
    let judge = app.browser_of("judge-0").await;
    let organizer = app.browser_of("organizer").await;
    let page = format!("/hackathons/{SLUG}/judging?project={project}");
    let coverage = format!("/hackathons/{SLUG}/judging/coverage");
    let own = format!("/api/v1/me/hackathons/{SLUG}/judging");
    let says = async || {
        let page = judge.get(&page).await.text;
        let coverage = organizer.get(&coverage).await.text;
        let own = judge.json(&own).await;
        (
            page.contains("The team submitted a new version after you scored it."),
            coverage.contains("1 score of an earlier version"),
            own["items"][0]["is_outdated"] == true,
        )
    };
    assert_eq!(says().await, (false, false, false));
    app.clock.set(context.now() + TimeDelta::minutes(1));
    let closes_at = context.now() + TimeDelta::hours(1);
    let new = NewDeadline {
        name: "hacker-0".to_owned(),
        closes_at,
        reason: "The ferry was late.".to_owned(),
    };
    let by = app.hacker_id("organizer").await;
    extend_deadline(context, by, SLUG, &new).await.expect("extended");
    let hacker = app.hacker_id("hacker-0").await;
    submit(context, hacker, SLUG, &gannet()).await.expect("a version");
    assert_eq!(says().await, (true, true, true));
    app.clock.set(context.now() + TimeDelta::minutes(1));
    score(context, judges[0], SLUG, project.into(), &levels(3)).await.expect("scored again");
    assert_eq!(says().await, (false, false, false));
    app.finish().await;
}
