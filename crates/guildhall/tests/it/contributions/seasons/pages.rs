//! The pages of seasons.

use contributions::rules::seasons::SeasonInput;
use identity::model::Role;

use super::{AUTUMN, merged, october};
use crate::app::TestApp;

#[tokio::test]
async fn an_admin_creates_a_season_by_forms() {
    let app = TestApp::of_lantern().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let form = [
        ("name", "Autumn"),
        ("slug", AUTUMN),
        ("first_day", "2026-10-01"),
        ("last_day", "2026-10-31"),
        ("goal", "4"),
        ("who", "everyone"),
    ];
    let mut wrong = form;
    wrong[3] = ("last_day", "2026-09-01");
    let refused = admin.post("/seasons/new", &wrong).await;
    assert_eq!(refused.status, 422);
    for words in ["is before the first", "value=\"Autumn\"", "aria-invalid=\"true\""] {
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    let created = admin.post("/seasons/new", &form).await;
    assert_eq!(created.location(), "/seasons/autumn/projects");
    let added = admin.post("/seasons/autumn/projects", &[("project", "season")]).await;
    assert_eq!(added.location(), "/seasons/autumn/projects");
    let unknown = admin.post("/seasons/autumn/projects", &[("project", "nothing")]).await;
    assert_eq!(unknown.status, 422);
    let list = admin.get("/seasons").await.text;
    assert!(list.contains("Not public"), "{list}");
    let edit = admin.get("/seasons/autumn/edit").await.text;
    for words in [
        "/seasons/autumn/publish",
        "· the usual rules",
        "agree to the usual text",
        "The usual rules: 10 points",
    ] {
        assert!(edit.contains(words), "{words}: {edit}");
    }
    let published = admin.post("/seasons/autumn/publish", &[]).await;
    assert_eq!(published.location(), "/seasons/autumn");
    let page = admin.get("/seasons/autumn").await.text;
    for words in ["Running", "4 merged pull requests", "Manage", "Invite people next."] {
        assert!(page.contains(words), "{words}: {page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_new_season_proposes_days_a_name_a_goal_and_projects() {
    let app = TestApp::of_lantern().await;
    app.project("quiet").await;
    app.deliver_all(&[&merged(1, "hexacat", "2026-10-03T08:00:00Z")]).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let page = admin.get("/seasons/new").await.text;
    assert!(page.contains("The usual rules: 10 points for a pull request"), "{page}");
    for part in [
        "value=\"2026-11-01/2026-11-30\" checked",
        "1–30 November 2026",
        "value=\"2026-12-01/2026-12-31\">",
        "value=\"2026-11-01/2026-12-12\">",
        "value=\"choose\">",
        "name=\"name\" value=\"November 2026\"",
        "name=\"goal\" value=\"4\"",
        "name=\"project\" value=\"season\" checked",
        "name=\"project\" value=\"quiet\">",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let form = [
        ("name", "November 2026"),
        ("when", "2026-12-01/2026-12-31"),
        ("first_day", ""),
        ("last_day", ""),
        ("goal", "4"),
        ("project", "season"),
        ("project", "quiet"),
    ];
    let created = admin.post("/seasons/new", &form).await;
    assert_eq!(created.location(), "/seasons/december-2026/publish");
    let ask = admin.get(created.location()).await.text;
    for part in ["December 2026 is a draft", "1 Dec to 31 Dec 2026", "4 merged pull requests"] {
        assert!(ask.contains(part), "{part}: {ask}");
    }
    assert_eq!(admin.post(created.location(), &[]).await.location(), "/seasons/december-2026");
    let projects = admin.get("/seasons/december-2026/projects").await.text;
    assert!(projects.contains("\"/projects/season\"") && projects.contains("\"/projects/quiet\""));
    let audited = "SELECT action AS value FROM audit_logs WHERE target_kind = 'season' ORDER BY id";
    let expected = ["season.create", "season.add_project", "season.add_project", "season.publish"];
    assert_eq!(app.values(audited).await, expected);
    app.finish().await;
}

#[tokio::test]
async fn a_refused_season_keeps_its_choices_and_what_was_typed() {
    let app = TestApp::of_lantern().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let own = [
        ("name", "Winter Lights"),
        ("when", "choose"),
        ("first_day", "2026-12-05"),
        ("last_day", "2026-12-01"),
        ("project", "season"),
    ];
    let refused = admin.post("/seasons/new", &own).await;
    refused.refuses_form(422, Some("last_day"), "is before the first");
    let preset = [("name", " "), ("when", "2026-12-01/2026-12-31"), ("first_day", "2026-11-20")];
    let chosen = admin.post("/seasons/new", &preset).await;
    chosen.refuses_form(422, Some("name"), "Enter a name of the season");
    for (page, parts) in [
        (
            &refused.text,
            ["value=\"choose\" checked", "value=\"2026-12-05\"", "value=\"season\" checked"],
        ),
        (
            &chosen.text,
            [
                "value=\"2026-12-01/2026-12-31\" checked",
                "value=\"2026-11-20\"",
                "value=\"season\">",
            ],
        ),
    ] {
        for part in parts {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    let unknown = [("name", "Winter Lights"), ("when", "2026-12-01/2026-12-31"), ("project", "x")];
    admin.post("/seasons/new", &unknown).await.refuses_form(422, None, "Unknown project");
    assert_eq!(app.count("SELECT count(*) FROM seasons").await, 0);
    let typed = [
        ("name", "December 2026"),
        ("when", "choose"),
        ("first_day", "2027-02-01"),
        ("last_day", "2027-02-28"),
    ];
    let created = admin.post("/seasons/new", &typed).await;
    assert_eq!(created.location(), "/seasons/february-2027/projects");
    app.finish().await;
}

#[tokio::test]
async fn the_days_of_registration_are_cleared_in_the_form() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let path = "/seasons/autumn/edit";
    for (first, last, shown) in [
        ("2026-09-20", "2026-10-10", "from 20 Sep to 10 Oct 2026"),
        ("", "2026-10-10", "until 10 Oct 2026"),
        ("", "", "until 31 Oct 2026"),
    ] {
        let form = [
            ("name", "Autumn"),
            ("first_day", "2026-10-01"),
            ("last_day", "2026-10-31"),
            ("registration_first_day", first),
            ("registration_last_day", last),
        ];
        let saved = admin.post(path, &form).await;
        assert_eq!(saved.location(), path, "{}", saved.text);
        let form = admin.get(path).await.text;
        for (field, day) in [("registration_first_day", first), ("registration_last_day", last)] {
            let filled = format!("name=\"{field}\" value=\"{day}\"");
            assert!(form.contains(&filled), "{filled}: {form}");
        }
        let page = admin.get("/seasons/autumn").await.text;
        let shown = format!("<dt>Registration</dt><dd>{shown}<");
        assert!(page.contains(&shown), "{shown}: {page}");
        assert!(!page.contains("2008-01-01"), "{page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_closed_registration_names_its_days() {
    let app = TestApp::of_lantern().await;
    let details = SeasonInput { registration_last_day: Some("2026-10-10".to_owned()), ..october() };
    app.season(details).await;
    let own = app.browser_of("wren-oak").await;
    for path in ["/seasons/autumn", "/seasons/autumn/register"] {
        let page = own.get(path).await.text;
        assert!(page.contains("was open until 10 Oct 2026 (UTC)"), "{page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_person_registers_on_the_page() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let own = app.browser_of("wren-oak").await;
    let form = own.get("/seasons/autumn/register").await.text;
    for part in ["I agree to this text", "keeps when you registered", "href=\"/settings/listing\""]
    {
        assert!(form.contains(part), "{part}: {form}");
    }
    let refused = own.post("/seasons/autumn/register", &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    let agreed = [("consent_version", "1"), ("shares_email", "yes")];
    let registered = own.post("/seasons/autumn/register", &agreed).await;
    assert_eq!(registered.location(), "/seasons/autumn");
    let page = own.get("/seasons/autumn").await.text;
    assert!(page.contains("You registered on") && !page.contains(">Register<"), "{page}");
    let again = own.get("/seasons/autumn/register").await.text;
    assert!(again.contains("value=\"yes\" checked"), "{again}");
    let asked = own.get("/seasons/autumn/withdraw").await.text;
    assert!(asked.contains("Withdraw from Autumn?"), "{asked}");
    let withdrawn = own.post("/seasons/autumn/withdraw", &[]).await;
    assert_eq!(withdrawn.location(), "/seasons/autumn");
    let page = own.get("/seasons/autumn").await.text;
    assert!(page.contains("Register, so that"), "{page}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_person_is_asked_for_a_time_zone_once() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let (own, path) = (app.browser_of("wren-oak").await, "/seasons/autumn/register");
    let form = own.get(path).await.text;
    assert!(form.contains("name=\"timezone\" value=\"\""), "{form}");
    let with = |zone| [("consent_version", "1"), ("timezone", zone)];
    let wrong = own.post(path, &with("Mars/Olympus")).await;
    wrong.refuses_form(422, Some("timezone"), "Mars/Olympus");
    own.post(path, &with("Europe/Lisbon")).await.location();
    let saved = "SELECT timezone AS value FROM users WHERE login = 'wren-oak'";
    assert_eq!(app.values(saved).await, ["Europe/Lisbon"]);
    let form = own.get(path).await.text;
    assert!(form.contains("in the time zone Europe/Lisbon"), "{form}");
    assert!(!form.contains("name=\"timezone\""), "{form}");
    app.finish().await;
}

#[tokio::test]
async fn organizers_see_participants_and_decide() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let own = app.browser_of("wren-oak").await;
    app.registers("wren-oak").await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let list = admin.get("/seasons/autumn/participants").await.text;
    assert!(list.contains("wren-oak"), "{list}");
    let path = "/seasons/autumn/participants/wren-oak";
    let refused = admin.post(path, &[("kind", "warning"), ("reason", " ")]).await;
    assert_eq!(refused.status, 422);
    let decided = admin.post(path, &[("kind", "warning"), ("reason", "Whitespace <only>")]).await;
    assert_eq!(decided.location(), path);
    let page = own.get("/seasons/autumn").await.text;
    assert!(page.contains("Whitespace &#60;only&#62;"), "{page}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn results_and_their_csv_agree() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    app.browser_of("wren-oak").await;
    app.registers("wren-oak").await;
    let pull = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&pull]).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let page = admin.get("/seasons/autumn/results").await.text;
    for words in ["Provisional", "wren-oak", "Reached"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let csv = admin.get("/seasons/autumn/results.csv").await.text;
    assert_eq!(
        csv.trim_start_matches('\u{feff}').replace("\r\n", "\n"),
        "rank,person,points,merged,goal_reached,state\n1,\"wren-oak\",60,1,\"yes\",\"provisional\"\n"
    );
    let prizes = admin.get("/seasons/autumn/prizes.csv").await;
    assert_eq!(prizes.status, 200, "{}", prizes.text);
    app.finish().await;
}
