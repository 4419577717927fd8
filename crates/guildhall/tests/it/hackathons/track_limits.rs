//! Prizes and judges that are limited to tracks.

use hackathons::{
    actions::{add_staff, edit_prize, next_project, set_judge_tracks, set_judging, set_tracks},
    model::StaffRole,
    reads,
    rules::{prizes::PrizeInput, tracks::TrackInput},
};
use platform::audit::Actor::Operator;
use serde_json::json;

use super::{judging::rubric, scene::code};
use crate::app::TestApp;

const SLUG: &str = "low-tide";
const STAFF: &str = "/api/v1/hackathons/low-tide/staff";

fn tracks(names: &[&str]) -> Vec<TrackInput> {
    let track = |name: &&str| TrackInput { name: (*name).to_owned(), ..TrackInput::default() };
    names.iter().map(track).collect()
}

/// Lets the submissions that satisfy a condition choose tracks.
async fn chose(app: &TestApp, condition: &str, tracks: &str) {
    let choice = format!("UPDATE submissions SET tracks = '{tracks}' WHERE {condition}");
    app.change(&choice).await.expect("chosen");
}

#[tokio::test]
async fn a_prize_of_a_track_goes_to_its_submissions() {
    let app = TestApp::start().await;
    let slug = app.closed_event().await;
    let context = app.context();
    set_tracks(context, Operator, &slug, &tracks(&["Harbors", "Birds"])).await.expect("tracks");
    chose(&app, "user_id IS NULL", "harbors").await;
    let prize = app.prize(&slug, "Harbor prize", 2).await;
    let of = |track: &str| PrizeInput { track: Some(track.to_owned()), ..PrizeInput::default() };
    let unknown = edit_prize(context, Operator, &slug, &prize, &of("boats")).await;
    assert_eq!(code(unknown), "BAD_HACKATHON");
    let edited = edit_prize(context, Operator, &slug, &prize, &of("harbors")).await;
    assert_eq!(edited.expect("edited").about(), "A day at sea, 2 times, track Harbors");
    let organizer = app.browser_of("organizer").await;
    let page = format!("/hackathons/{slug}/prizes/{prize}");
    let page = organizer.get(&page).await.text;
    let offered = page.matches("<option value=\"0").count();
    assert_eq!(offered, 1, "only the submission in the track is offered");
    let other = app.awards((&slug, &prize), "cy").await;
    assert_eq!(code(other), "PRIZE_TRACK");
    app.awards((&slug, &prize), "ada").await.expect("awarded");
    // The track stays while a prize is limited to it.
    let removed = set_tracks(context, Operator, &slug, &tracks(&["Birds"])).await;
    assert_eq!(code(removed), "TRACK_IN_USE");
    edit_prize(context, Operator, &slug, &prize, &of("")).await.expect("for all");
    app.awards((&slug, &prize), "cy").await.expect("awarded");
    set_tracks(context, Operator, &slug, &tracks(&["Birds"])).await.expect("removed");
    app.abandon().await;
}

#[tokio::test]
async fn a_judge_gets_the_projects_of_their_tracks() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(3, 2).await;
    let context = app.context();
    set_judging(context, Operator, SLUG, &rubric(1)).await.expect("criteria");
    set_tracks(context, Operator, SLUG, &tracks(&["Harbors", "Birds"])).await.expect("tracks");
    chose(&app, "title = 'Project 1'", "birds,harbors").await;
    chose(&app, "title = 'Project 2'", "harbors").await;
    let limit = async |login: &str, tracks: &[&str]| {
        let tracks: Vec<String> = tracks.iter().map(|it| (*it).to_owned()).collect();
        set_judge_tracks(context, Operator, SLUG, login, &tracks).await
    };
    assert_eq!(code(limit("judge-0", &["boats"]).await), "BAD_HACKATHON");
    assert_eq!(code(limit("hacker-0", &[]).await), "NOT_A_JUDGE");
    assert_eq!(code(limit("unknown-login", &[]).await), "PERSON_NOT_FOUND");
    limit("judge-0", &["birds"]).await.expect("limited");
    limit("judge-1", &["birds"]).await.expect("limited");

    let id = app.hackathon_view(SLUG).await.key();
    let unseen = async || {
        let coverage = reads::coverage(&context.db, id, None).await;
        let projects = coverage.expect("the coverage").projects.into_iter();
        let unseen = projects.filter(|it| it.is_without_judge);
        unseen.map(|it| it.title).collect::<Vec<_>>()
    };
    assert_eq!(unseen().await, ["Project 0", "Project 2"]);
    let organizer = app.browser_of("organizer").await;
    let coverage = organizer.get("/hackathons/low-tide/judging/coverage").await;
    assert!(coverage.text.contains("Project 0, Project 2"));

    let project = next_project(context, judges[0], SLUG, false).await;
    assert_eq!(project.expect("a project"), app.submission_of(SLUG, "hacker-1").await.key());
    let none = next_project(context, judges[1], SLUG, false).await;
    assert_eq!(code(none), "PROJECTS_OCCUPIED");
    // The judge and organizers see the limit, others do not.
    let judge = app.browser_of("judge-0").await;
    let page = judge.get("/hackathons/low-tide/judging").await.text;
    assert!(page.contains("limited you to the track <bdi>Birds</bdi>"));
    for (login, seen) in
        [("organizer", ["birds", "birds"]), ("judge-0", ["birds", ""]), ("hacker-0", ["", ""])]
    {
        let staff = app.browser_of(login).await.json(STAFF).await;
        let tracks = ["judge-0", "judge-1"].map(|judge| {
            let items = staff["items"].as_array().expect("items");
            let own = items.iter().find(|it| it["login"] == judge);
            let first = own.and_then(|it| it["tracks"][0].as_str());
            first.unwrap_or_default().to_owned()
        });
        assert_eq!(tracks, seen, "{login}");
    }
    let any_case = "/hackathons/low-tide/staff/Judge-0/tracks";
    assert_eq!(organizer.get(any_case).await.status, 200);
    limit("judge-1", &[]).await.expect("all tracks");
    assert_eq!(unseen().await, Vec::<String>::new());
    let project = next_project(context, judges[1], SLUG, false).await;
    assert_eq!(project.expect("a project"), app.submission_of(SLUG, "hacker-0").await.key());
    let removed = set_tracks(context, Operator, SLUG, &tracks(&["Harbors"])).await;
    assert_eq!(code(removed), "TRACK_IN_USE");

    // Another role has no tracks.
    let staff = organizer.json(STAFF).await;
    assert_eq!(staff["items"][1]["tracks"], json!(["birds"]));
    for role in [StaffRole::Mentor, StaffRole::Judge] {
        add_staff(context, Operator, SLUG, "judge-0", role).await.expect("a role");
    }
    assert_eq!(organizer.json(STAFF).await["items"][1]["tracks"], json!([]));
    app.finish().await;
}

#[tokio::test]
async fn an_organizer_limits_a_judge_by_page_and_by_the_api() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    app.judged(1, 1).await;
    let organizer = app.browser_of("organizer").await;
    let page = "/hackathons/low-tide/staff/judge-0/tracks";
    let empty = organizer.get(page).await.text;
    assert!(empty.contains("No tracks yet"));
    set_tracks(app.context(), Operator, SLUG, &tracks(&["Harbors", "Birds"]))
        .await
        .expect("tracks");
    let saved = organizer.post(page, &[("tracks", "birds")]).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let shown = organizer.get(page).await.text;
    assert_eq!(shown.matches(" checked").count(), 1);
    let staff = organizer.get("/hackathons/low-tide/staff").await.text;
    assert!(staff.contains("<bdi>Birds</bdi>"));
    let refused = organizer.post(page, &[("tracks", "boats")]).await;
    assert_eq!(refused.status, 422);
    let body = json!({ "tracks": ["harbors"] });
    let path = format!("{STAFF}/judge-0/tracks");
    let set = organizer.call("PUT", &path, Some(&body)).await;
    assert_eq!(set.status, 204);
    let path = format!("{STAFF}/organizer/tracks");
    let no_judge = organizer.call("PUT", &path, Some(&body)).await;
    assert_eq!(no_judge.status, 409);
    let unknown = organizer.get("/hackathons/low-tide/staff/hacker-0/tracks");
    assert_eq!(unknown.await.status, 404);
    app.finish().await;
}
