//! The tables and links of submissions at the demos.

use hackathons::{
    actions::{number_tables, set_place, set_tracks, submit, withdraw_submission},
    reads::{SubmissionPart, submissions},
    rules::{submissions::SubmissionInput, tracks::TrackInput},
};
use platform::audit::Actor::{Operator, Person};
use serde_json::json;

use super::{
    app::ORGANIZER,
    scene::{code, november},
    submission_rows::organized,
    submissions::gannet,
};
use crate::{
    app::{TestApp, at},
    auth::{
        objects::{Make, ObjectRow},
        rows::{Access::Hidden, Form, NONE, Row},
    },
};

const PLACE: Form = &[("place", "B12")];

/// The rows of the permission matrix. `hush` is private and has no submissions.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("POST", "/hackathons/{slug}/submissions/tables", "/hackathons/hush/submissions/tables", NONE, Hidden(ORGANIZER, 303)),
    ("POST", "/hackathons/{slug}/submissions/{id}/place", "/hackathons/hush/submissions/01900000-0000-7000-8000-000000000002/place", PLACE, Hidden(ORGANIZER, 404)),
    ("POST", "/api/v1/hackathons/{slug}/submissions/tables", "/api/v1/hackathons/hush/submissions/tables", NONE, Hidden(ORGANIZER, 200)),
    ("PUT", "/api/v1/hackathons/{slug}/submissions/{id}/place", "/api/v1/hackathons/hush/submissions/01900000-0000-7000-8000-000000000002/place", PLACE, Hidden(ORGANIZER, 404)),
];

/// Makes a submission to a private hackathon that the person organizes.
const ORGANIZED: Make = |app, login| Box::pin(organized(app, login));

/// The routes with real submissions.
pub(super) const OBJECTS: &[ObjectRow] = &[
    ("POST", "/hackathons/{slug}/submissions/{id}/place", ORGANIZED, PLACE, 303),
    ("PUT", "/api/v1/hackathons/{slug}/submissions/{id}/place", ORGANIZED, PLACE, 204),
];

/// Lets the person give places to submissions of a hackathon that they hold.
pub(super) async fn act(app: &TestApp, (person, login): (identity::model::UserId, &str)) {
    let (context, actor) = (app.context(), Person(person.0));
    let [slug, id] = <[String; 2]>::try_from(organized(app, login).await).expect("a submission");
    let id: uuid::Uuid = id.parse().expect("an ID");
    number_tables(context, actor, &slug).await.expect("placed");
    set_place(context, actor, &slug, id.into(), "B12").await.expect("placed");
}

impl TestApp {
    /// Returns the places of the submissions to a hackathon, in the order in which teams began them.
    async fn places(&self, slug: &str) -> Vec<String> {
        let id = self.hackathon_view(slug).await.key();
        let part = SubmissionPart::Submitted;
        let found = submissions(&self.context().db, id, part, None, 100).await;
        let found = found.expect("read").into_iter();
        found.map(|it| it.place).collect()
    }
}

#[tokio::test]
async fn submissions_get_tables_and_links() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada", "bo", "cy"]).await;
    let context = app.context();
    let mut made = Vec::new();
    for login in ["ada", "bo", "cy"] {
        let person = app.hacker_id(login).await;
        let one = submit(context, person, &slug, &gannet()).await;
        made.push(one.expect("submitted").key());
    }
    let place = async |index: usize, typed: &str| {
        set_place(context, Operator, &slug, made[index], typed).await
    };
    place(1, "2").await.expect("placed");
    for same in ["2", "Table 02", "table 2 "] {
        assert_eq!(code(place(0, same).await), "TABLE_TAKEN", "{same}");
    }
    assert_eq!(code(place(0, "B\n2").await), "BAD_HACKATHON");
    let unknown = context.ids.next().into();
    let unknown = set_place(context, Operator, &slug, unknown, "3").await;
    assert_eq!(code(unknown), "NOT_FOUND");

    // Projects of one track are beside each other, those without one come last, and those with a place keep it.
    let track = TrackInput { name: "Harbors".to_owned(), ..TrackInput::default() };
    set_tracks(context, Operator, &slug, &[track]).await.expect("a track");
    let input = SubmissionInput { tracks: vec!["harbors".to_owned()], ..gannet() };
    let cy = app.hacker_id("cy").await;
    submit(context, cy, &slug, &input).await.expect("in a track");
    let numbered = number_tables(context, Operator, &slug).await;
    assert_eq!(numbered.expect("numbered"), 2);
    assert_eq!(app.places(&slug).await, ["3", "2", "1"]);
    let again = number_tables(context, Operator, &slug).await;
    assert_eq!(again.expect("numbered"), 0);
    for index in [0, 2] {
        let link = place(index, "https://meet.example/low-tide").await;
        link.expect("several have one link");
    }
    let own = app.browser_of("ada").await;
    let page = own.get(&format!("/hackathons/{slug}/submission")).await.text;
    assert!(page.contains("href=\"https://meet.example/low-tide\""));
    let organizer = app.browser_of("organizer").await;
    let csv = format!("/hackathons/{slug}/submissions.csv");
    let csv = organizer.get(&csv).await.text;
    assert!(csv.contains("https://meet.example/low-tide"));
    let api = format!("/api/v1/hackathons/{slug}/submissions");
    let cleared = json!({ "place": "" });
    let path = format!("{api}/{}/place", made[1].0);
    let cleared = organizer.call("PUT", &path, Some(&cleared)).await;
    assert_eq!(cleared.status, 204, "{}", cleared.text);
    assert_eq!(organizer.json(&api).await["items"][1]["place"], "");
    let list = format!("/hackathons/{slug}/submissions/tables");
    let numbered = organizer.post(&list, &[]).await;
    assert_eq!(numbered.status, 303);
    assert_eq!(app.places(&slug).await[1], "1");
    let none = organizer.post(&list, &[]).await;
    assert!(organizer.get(none.location()).await.text.contains("have a table already"));
    // Without the field, the place stays. A team that withdraws frees its table.
    let form = format!("/hackathons/{slug}/submissions/{}/place", made[1].0);
    assert_eq!(organizer.post(&form, &[]).await.status, 422);
    assert_eq!(app.places(&slug).await[1], "1");
    let bo = app.hacker_id("bo").await;
    withdraw_submission(context, bo, &slug).await.expect("withdrawn");
    place(0, "Table 1").await.expect("free again");
    let list = format!("/hackathons/{slug}/submissions");
    let list = organizer.get(&list).await.text;
    assert!(list.contains("<bdi>Table 1</bdi>") && list.contains(", track <bdi>Harbors</bdi>"));
    app.clock.set(at("2026-11-24T18:00:00Z"));
    let long = "x".repeat(41);
    let refused = organizer.post(&form, &[("place", &long)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains(&long));
    app.abandon().await;
}
