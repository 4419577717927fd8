//! An event by page alone: held, applied for, and run.

use hackathons::{actions::add_host, rules::details::HackathonInput};
use platform::audit::Actor::Operator;

use super::scene::november;
use crate::app::{TestApp, at, markup::joined};

const DETAILS: [(&str, &str); 15] = [
    ("title", "Low Tide"),
    ("summary", "Small tools for small harbors"),
    ("description", "# Tides\n\n<script>alert(1)</script>"),
    ("timezone", "Europe/Lisbon"),
    ("application_opens_at", "2026-10-12T18:00"),
    ("application_closes_at", "2026-11-06T18:00"),
    ("submission_opens_at", "2026-11-14T09:00"),
    ("submission_closes_at", "2026-11-22T18:00"),
    ("visibility", "public"),
    ("places", "review"),
    ("capacity", "1"),
    ("team_min", "1"),
    ("team_max", "4"),
    ("questions", "T-shirt size *"),
    ("tags", "rust, offline"),
];

#[tokio::test]
async fn an_event_is_held_by_page_alone() {
    let app = TestApp::start().await;
    let organizer = app.browser_of("organizer").await;
    assert_eq!(organizer.get("/hackathons/new").await.status, 403);
    add_host(app.context(), Operator, "organizer").await.expect("a host");
    let created = organizer.post("/hackathons/new", &DETAILS).await;
    assert_eq!(created.location(), "/hackathons/low-tide/edit", "{}", created.text);
    let published = organizer.post("/hackathons/low-tide/publish", &[]).await;
    assert_eq!(published.location(), "/hackathons/low-tide");
    let page = organizer.get("/hackathons/low-tide").await.text;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"), "{page}");
    assert!(
        page.contains("<h3>Tides</h3>") && page.contains("Applications close in 5 days 18 hours")
    );

    for login in ["ada", "bo"] {
        let browser = app.browser_of(login).await;
        let form = browser.get("/hackathons/low-tide/apply").await.text;
        assert!(form.contains("T-shirt size"), "{form}");
        let sent = [("motivation", "Tides."), ("skills", "rust"), ("conduct_version", "1")];
        let refused = browser.post("/hackathons/low-tide/apply", &sent).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("The answer to") && refused.text.contains("Tides."));
        let answered = [
            &sent[..],
            &[("question_1", "T-shirt size"), ("answer_1", "M"), ("is_looking_for_team", "yes")],
        ]
        .concat();
        let applied = browser.post("/hackathons/low-tide/apply", &answered).await;
        assert_eq!(applied.location(), "/hackathons/low-tide", "{}", applied.text);
        let again = browser.get("/hackathons/low-tide/apply").await.text;
        assert!(again.contains(">M</textarea>") && again.contains("Change your application"));
    }
    let list = organizer.get("/hackathons/low-tide/applications?status=pending_review").await.text;
    let ids = list.split("name=\"application\" value=\"").skip(1);
    let ids: Vec<String> = ids.map(|part| part[..36].to_owned()).collect();
    assert_eq!(ids.len(), 2, "{list}");
    let path = "/hackathons/low-tide/applications";
    let none = organizer.post(path, &[("decision", "approve")]).await;
    assert_eq!(none.status, 422);
    assert!(none.text.contains("Choose at least one"), "{}", none.text);
    let unread = [("decision", "approve"), ("application", &*ids[0]), ("reason", "Welcome, ada!")];
    let refused = organizer.post(path, &unread).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    for part in ["Remove it to approve.", "Welcome, ada!"] {
        assert!(refused.text.contains(part), "{part}: {}", refused.text);
    }
    let chosen = [
        ("decision", "approve"),
        ("application", ids[0].as_str()),
        ("application", ids[1].as_str()),
    ];
    let decided = organizer.post(path, &chosen).await;
    assert_eq!(decided.status, 303, "{}", decided.text);
    let csv = organizer.get("/hackathons/low-tide/applications.csv").await.text;
    assert!(csv.contains("\"ada\",\"approved\"") && csv.contains("\"bo\",\"waitlisted\""), "{csv}");
    let bo = app.browser_of("bo").await;
    let page = bo.get("/hackathons/low-tide").await.text;
    assert!(page.contains("Waitlist, place 1"), "{page}");

    let ada = app.browser_of("ada").await;
    let created = ada.post("/hackathons/low-tide/team/create", &[("name", "Gannet")]).await;
    assert_eq!(created.location(), "/hackathons/low-tide/team", "{}", created.text);
    let team = ada.get("/hackathons/low-tide/team").await.text;
    let link = team.split("/hackathon-teams/join?code=").nth(1).expect("a link");
    let code = &link[..8];
    let form = bo.get(&format!("/hackathon-teams/join?code={code}")).await;
    assert!(form.text.contains(code), "{}", form.text);
    let wrong = bo.post("/hackathon-teams/join", &[("code", "nothing")]).await;
    assert_eq!(wrong.status, 422);
    let joined = bo.post("/hackathon-teams/join", &[("code", code)]).await;
    assert_eq!(joined.location(), "/hackathons/low-tide/team", "{}", joined.text);
    for (path, form) in [
        ("team", &[("name", "Gannets"), ("is_locked", "yes")][..]),
        ("team/code", &[]),
        ("team/members/bo/role", &[("role", "co_leader")]),
        ("team/members/bo/remove", &[]),
        ("looking", &[]),
    ] {
        let done = ada.post(&format!("/hackathons/low-tide/{path}"), form).await;
        assert_eq!(done.status, 303, "{path}: {}", done.text);
    }
    let teams = bo.get("/hackathons/low-tide/teams").await.text;
    assert!(teams.contains("Gannets") && teams.contains("Locked"), "{teams}");
    assert_eq!(ada.get("/hackathons/low-tide/team/leave").await.status, 200);
    assert_eq!(ada.post("/hackathons/low-tide/team/leave", &[]).await.status, 303);
    assert_eq!(ada.get("/hackathons/low-tide/withdraw").await.status, 200);
    assert_eq!(ada.post("/hackathons/low-tide/withdraw", &[]).await.status, 303);
    let page = bo.get("/hackathons/low-tide").await.text;
    assert!(page.contains("Accepted"), "{page}");

    app.clock.set(at("2026-11-22T18:00:00Z"));
    let early = organizer.get("/hackathons/low-tide/results").await.text;
    assert!(early.contains("Publish results"), "{early}");
    let results = [("results", "**Gannets** win.")];
    let published = organizer.post("/hackathons/low-tide/results", &results).await;
    assert_eq!(published.location(), "/hackathons/low-tide/results", "{}", published.text);
    let published = organizer.post("/hackathons/low-tide/results/now", &[]).await;
    assert_eq!(published.location(), "/hackathons/low-tide", "{}", published.text);
    let page = bo.get("/hackathons/low-tide").await.text;
    assert!(page.contains("<strong>Gannets</strong> win."), "{page}");
    assert_eq!(organizer.post("/hackathons/low-tide/archive", &[]).await.status, 303);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn forms_keep_what_was_typed_and_name_the_field() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    let organizer = app.browser_of("organizer").await;
    for (path, form, field, says) in [
        (
            "edit",
            &[("title", "x"), ("team_min", "1"), ("team_max", "4"), ("timezone", "Mars")][..],
            "timezone",
            "Mars",
        ),
        ("edit", &[("title", "x"), ("team_min", "one"), ("team_max", "4")], "team_min", "one"),
        ("staff", &[("login", "unknown-login"), ("role", "judge")], "login", "unknown-login"),
        ("staff", &[("login", "organizer"), ("role", "king")], "role", "Choose a role"),
        ("cancel", &[("reason", "")], "reason", "missing"),
    ] {
        let refused = organizer.post(&format!("/hackathons/{slug}/{path}"), form).await;
        refused.refuses_form(422, Some(field), says);
    }
    let canceled = organizer
        .post(&format!("/hackathons/{slug}/cancel"), &[("reason", "The harbor is closed.")])
        .await;
    assert_eq!(canceled.status, 303, "{}", canceled.text);
    let page = organizer.get(&format!("/hackathons/{slug}")).await.text;
    assert!(page.contains("This hackathon is canceled.") && page.contains("The harbor is closed."));
    assert!(!page.contains("aria-current=\"step\""), "no phase is current: {page}");
    assert!(!page.contains("Now: ") && !page.contains("Upcoming: "), "none will come: {page}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn staff_are_named_by_login_and_help_first() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    app.hacker("ada").await;
    let organizer = app.browser_of("organizer").await;
    let path = format!("/hackathons/{slug}/staff");
    let page = organizer.get(&path).await.text;
    assert!(page.contains("<option value=\"mentor\" selected>"), "{page}");
    let address = [("login", "ada@hall.example"), ("role", "judge")];
    let refused = organizer.post(&path, &address).await;
    refused.refuses_form(422, Some("login"), "Ask the person for their login");
    assert!(refused.text.contains("<option value=\"judge\" selected>"), "{}", refused.text);
    let added = organizer.post(&path, &[("login", "@ada"), ("role", "mentor")]).await;
    assert_eq!(added.location(), path, "{}", added.text);
    assert!(organizer.get(&path).await.text.contains("<bdi>ada</bdi>"));
    let ada = app.browser_of("ada").await;
    ada.post("/settings/profile", &[("name", "Ada Brill")]).await.location();
    let by_name = "<bdi>Ada Brill</bdi></a><span class=\"meta\"><bdi>ada</bdi></span>";
    assert!(joined(&organizer.get(&path).await.text).contains(by_name));
    let shown = organizer.get(&format!("/hackathons/{slug}")).await.text;
    assert!(shown.contains("<bdi>Ada Brill</bdi>"), "{shown}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn all_times_of_a_page_are_in_the_time_zone_of_the_event() {
    let app = TestApp::start().await;
    let details = HackathonInput { timezone: Some("Asia/Tokyo".to_owned()), ..november() };
    let slug = app.hackathon(details).await;
    app.clock.set(at("2026-11-01T16:30:00Z"));
    app.applied(&slug, "ada").await;
    let organizer = app.browser_of("organizer").await;
    let page = organizer.get(&format!("/hackathons/{slug}/applications")).await.text;
    assert!(
        page.contains(
            "title=\"1 Nov 2026, 16:30 UTC\" data-when data-zone=\"Asia/Tokyo\">just now</time>"
        ),
        "{page}"
    );
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_page_says_where_an_event_is_only_if_it_is_known() {
    let app = TestApp::start().await;
    let organizer = app.browser_of("organizer").await;
    for (held, venue) in [(None, None), (Some("place"), Some("The boathouse"))] {
        let [held, venue] = [held, venue].map(|it: Option<&str>| it.map(str::to_owned));
        let slug = app.hackathon(HackathonInput { held, venue: venue.clone(), ..november() }).await;
        let page = joined(&organizer.get(&format!("/hackathons/{slug}")).await.text);
        assert_eq!(page.contains("<dt>Where</dt>"), venue.is_some(), "{page}");
        assert_eq!(page.contains("<bdi>The boathouse</bdi>"), venue.is_some(), "{page}");
    }
    app.work().await;
    app.finish().await;
}
