//! The work of organizers, judges, mentors and participants.

use hackathons::{
    actions::{ask_for_help, confirm_place, publish, set_judging, step_help, submit},
    rules::{
        details::HackathonInput,
        help::{HelpInput, HelpStep},
    },
};
use platform::audit::Actor::Operator;

use super::{
    judging::{levels, rubric},
    reward_scene::mug,
    scene::{november, publish_results, with_places},
    submissions::gannet,
};
use crate::app::{TestApp, at};

#[tokio::test]
async fn a_draft_applications_and_results_wait_for_organizers() {
    let app = TestApp::start().await;
    let review = HackathonInput { places: Some("review".to_owned()), ..november() };
    let draft = app.draft(review).await;
    let item = app.waits("organizer", "draft").await;
    assert_eq!(item["address"], format!("/hackathons/{}/edit", draft.slug));
    publish(app.context(), Operator, &draft.slug).await.expect("published");
    app.is_done("organizer", "draft").await;

    app.applied(&draft.slug, "ada").await;
    app.applied(&draft.slug, "bo").await;
    let item = app.waits("organizer", "application").await;
    assert_eq!(item["title"], "ada and 1 other want to join Low Tide");
    assert!(item["due"].is_string(), "{item}");
    app.is_done("ada", "application").await;
    app.change("UPDATE applications SET status = 'approved'").await.expect("decided");
    app.is_done("organizer", "application").await;

    app.clock.set(at("2026-11-29T18:00:00Z"));
    let item = app.waits("organizer", "results").await;
    assert_eq!(item["address"], format!("/hackathons/{}/results", draft.slug));
    publish_results(app.context(), Operator, &draft.slug, "Gannet wins.").await.expect("published");
    app.is_done("organizer", "results").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_place_waits_for_its_confirmation() {
    let app = TestApp::start().await;
    let by = "2026-11-10T18:00:00Z";
    let details = HackathonInput { confirm_by: Some(by.to_owned()), ..with_places(2) };
    let slug = app.hackathon(details).await;
    app.applied(&slug, "ada").await;
    let item = app.waits("ada", "place").await;
    assert_eq!((&item["due"], &item["action"]), (&by.into(), &"Confirm".into()));
    let ada = app.person_id("ada").await.into();
    confirm_place(app.context(), ada, &slug).await.expect("confirmed");
    app.is_done("ada", "place").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_submission_waits_for_each_member_until_it_is_handed_in_and_valid() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.building(november(), &["ada", "bo"]).await;
    let code = app.team_of(&slug, "ada", "Gannet").await;
    app.joins(&code, "bo").await.expect("joined");
    for login in ["ada", "bo"] {
        let item = app.waits(login, "submission").await;
        assert_eq!(
            (&item["line"], &item["due"]),
            (&"Gannet".into(), &"2026-11-22T18:00:00Z".into())
        );
    }
    let ada = app.hacker_id("ada").await;
    submit(app.context(), ada, &slug, &gannet()).await.expect("submitted");
    for login in ["ada", "bo"] {
        app.is_done(login, "submission").await;
        app.is_done(login, "check").await;
    }
    app.change("UPDATE submissions SET verdict = 'invalid', checked_at = updated_at")
        .await
        .expect("set");
    let item = app.waits("bo", "check").await;
    assert_eq!(item["address"], format!("/hackathons/{slug}/submission"));
    app.change("UPDATE submissions SET verdict = 'valid'").await.expect("set");
    app.is_done("bo", "check").await;

    app.change(
        "UPDATE submissions SET disqualified_at = updated_at, appeal = 'It is our own work.', reason = 'A copy.'",
    )
    .await
    .expect("appealed");
    let item = app.waits("organizer", "disqualified").await;
    assert_eq!(item["address"], format!("/hackathons/{slug}/submissions"));
    app.change("UPDATE submissions SET disqualified_at = NULL").await.expect("reinstated");
    app.is_done("organizer", "disqualified").await;
    app.finish().await;
}

#[tokio::test]
async fn projects_wait_for_judges_who_may_judge_them() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let judges = app.judged(2, 2).await;
    set_judging(app.context(), Operator, "low-tide", &rubric(2)).await.expect("criteria");
    let item = app.waits("judge-0", "judging").await;
    assert_eq!(item["address"], "/hackathons/low-tide/judging");
    assert_eq!(item["due"], "2026-11-29T18:00:00Z");
    app.is_done("hacker-0", "judging").await;
    let browser = app.browser_of("judge-0").await;
    let home = browser.get("/").await.text;
    assert!(home.contains("You judge it, 0 of 2 judged"), "{home}");
    for judged in 0..2 {
        app.waits("judge-0", "judging").await;
        let next = hackathons::actions::next_project(app.context(), judges[0], "low-tide", false);
        let project = next.await.expect("a project");
        let home = browser.get("/").await.text;
        let words = format!("You judge it, {judged} of 2 judged, next: ");
        assert!(home.contains(&words), "{words}: {home}");
        hackathons::actions::score(app.context(), judges[0], "low-tide", project, &levels(3))
            .await
            .expect("scored");
    }
    app.is_done("judge-0", "judging").await;
    let home = browser.get("/").await.text;
    assert!(home.contains("You judge it, 2 of 2 judged<"), "{home}");
    app.waits("judge-1", "judging").await;
    app.finish().await;
}

#[tokio::test]
async fn requests_for_help_wait_for_mentors() {
    let app = TestApp::start().await;
    let slug = app.helped().await;
    let ada = app.hacker_id("ada").await;
    let input =
        HelpInput { topic: "The tide API answers 401.".to_owned(), place: "Table 7".to_owned() };
    let asked = ask_for_help(app.context(), ada, &slug, &input).await.expect("asked");
    for login in ["mo", "mia"] {
        let item = app.waits(login, "help").await;
        let title = item["title"].as_str().expect("a title");
        assert!(title.ends_with(" asks for help at Low Tide"), "{title}");
        assert_eq!(item["line"], "Table 7: “The tide API answers 401.”");
        assert!(item["due"].is_string(), "{item}");
        let page = app.browser_of(login).await.get("/work").await.text;
        assert!(page.contains("<h2 id=\"take\">Unassigned</h2>"), "{page}");
    }
    app.is_done("judy", "help").await;
    app.is_done("organizer", "help").await;
    let mo = app.hacker_id("mo").await;
    step_help(app.context(), mo, false, &slug, asked.key(), HelpStep::Take, "")
        .await
        .expect("taken");
    app.waits("mo", "help").await;
    let page = app.browser_of("mo").await.get("/work").await.text;
    assert!(page.contains("id=\"yours\"") && !page.contains("Unassigned"), "{page}");
    app.is_done("mia", "help").await;
    app.change("UPDATE help_requests SET state = 'answered'").await.expect("answered");
    app.is_done("mo", "help").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn tasks_prizes_networks_and_rewards_wait() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada"]).await;
    app.team_of(&slug, "ada", "Gannet").await;
    app.change(
        "INSERT INTO team_tasks (id, created_at, updated_at, hackathon_id, team_id, written_by_id, title, assignee_id, due_on, state) \
         SELECT m.id, m.created_at, m.created_at, m.hackathon_id, m.team_id, m.user_id, 'Draw the berths', m.user_id, \
         '2026-11-20', 'open' FROM team_members m",
    )
    .await
    .expect("a task");
    let item = app.waits("ada", "team_task").await;
    assert_eq!(
        (&item["title"], &item["due"]),
        (&"Draw the berths".into(), &"2026-11-21T00:00:00Z".into())
    );
    app.change("UPDATE team_tasks SET state = 'done'").await.expect("done");
    app.is_done("ada", "team_task").await;

    app.browser_with("admin", identity::model::Role::Admin).await;
    app.change("UPDATE hackathons SET venue_networks = '192.0.2.0/24'").await.expect("stated");
    app.waits("admin", "networks").await;
    app.is_done("organizer", "networks").await;
    app.change("UPDATE hackathons SET approved_networks = '192.0.2.0/24'").await.expect("approved");
    app.is_done("admin", "networks").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn points_wait_for_an_admin_until_they_are_approved() {
    let app = TestApp::start().await;
    let admin = app.browser_with("admin", identity::model::Role::Admin).await;
    let draft = app.draft(november()).await;
    app.is_done("admin", "points").await;
    publish(app.context(), Operator, &draft.slug).await.expect("published");
    let item = app.waits("admin", "points").await;
    let address = format!("/admin/hackathons/{}/points", draft.slug);
    assert_eq!((&item["address"], &item["action"]), (&address.as_str().into(), &"Review".into()));
    assert_eq!(item["due"], "2026-11-29T18:00:00Z");
    app.is_done("organizer", "points").await;
    let form = [("submission_points", "0"), ("finalist_points", "0"), ("winner_points", "0")];
    assert_eq!(admin.post(&address, &form).await.location(), "/admin/hackathons");
    app.is_done("admin", "points").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn prizes_wait_for_organizers_and_rewards_for_admins() {
    let app = TestApp::start().await;
    let slug = app.closed_event().await;
    let prize = app.prize(&slug, "Sextant", 1).await;
    app.awards((&slug, &prize), "ada").await.expect("awarded");
    app.prize_giving(&slug).await;
    app.is_done("organizer", "prizes").await;
    app.change("UPDATE prize_awards SET state = 'claimed'").await.expect("claimed");
    let item = app.waits("organizer", "prizes").await;
    assert_eq!(item["address"], format!("/hackathons/{slug}/prize-awards"));
    app.change("UPDATE prize_awards SET state = 'sent'").await.expect("sent");
    app.is_done("organizer", "prizes").await;

    app.browser_with("admin", identity::model::Role::Admin).await;
    let person = app.hacker("ada").await;
    app.earns(person, 100).await;
    let mug = app.reward(mug(30)).await;
    app.redeems(person, &mug).await;
    let item = app.waits("admin", "rewards").await;
    assert_eq!(item["title"], "Hand over “Mug” to ada");
    app.is_done("ada", "rewards").await;
    app.change("UPDATE reward_redemptions SET status = 'delivered'").await.expect("delivered");
    app.is_done("admin", "rewards").await;
    app.work().await;
    app.finish().await;
}
