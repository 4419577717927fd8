//! Competitors from spreadsheets, by page and API.

use std::collections::BTreeMap;

use ctf::{
    actions::{add_competitor, import_competitors},
    model::RosterId,
    reads,
    rules::{
        imports::{Mapping, RosterRows, Sheet},
        profile::ProfileInput,
    },
};
use platform::audit::Actor::Operator;
use serde_json::{Value, json};

use super::privacy_scene::minor;
use crate::app::{
    TestApp,
    browser::{Answer, Browser},
};

/// Reads lines whose columns are known.
pub(super) fn rows(text: &str) -> RosterRows {
    let sheet = Sheet::read(text).expect("a sheet");
    RosterRows::of(&sheet, &Mapping::of(&sheet, &BTreeMap::new()))
}

pub(super) fn page(roster: RosterId) -> String {
    format!("/ctf/rosters/{roster}/competitors/import")
}

pub(super) fn shown(review: &Answer) -> String {
    let found = review.text.split("name=\"shown\" value=\"").nth(1);
    found.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// Checks the rows of a form and imports what was shown.
pub(super) async fn import(
    browser: &Browser<'_>,
    roster: RosterId,
    form: &[(&str, &str)],
) -> Answer {
    let shown = shown(&browser.post(&page(roster), form).await);
    let mut form = form.to_vec();
    form.extend([("step", "import"), ("shown", shown.as_str())]);
    browser.post(&page(roster), &form).await
}

pub(super) async fn competitors(app: &TestApp, roster: RosterId) -> usize {
    reads::known_people(&app.context().db, roster).await.expect("read").len()
}

async fn roster(app: &TestApp) -> RosterId {
    app.roster("coach").await.1
}

fn named(first: &str, last: &str) -> ProfileInput {
    let (first_name, last_name) = (first.to_owned(), last.to_owned());
    ProfileInput { first_name, last_name, grade: "10".to_owned(), ..ProfileInput::default() }
}

#[tokio::test]
async fn a_file_is_reviewed_before_it_is_imported_and_adds_no_one_twice() {
    let app = TestApp::start().await;
    let (roster, browser) = (roster(&app).await, app.browser_of("coach").await);
    let form = browser.get(&page(roster)).await;
    assert!(form.text.contains(r#"enctype="multipart/form-data""#), "{}", form.text);
    let text = "Surname;Given name;E-mail;Year\nQuill;Ada;ada@school.example;10\nReed;Zoë;zoe@school.example;9\n";
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    let file: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    let checked = browser.upload(&page(roster), &file).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    assert!(checked.text.contains("2 competitors can be added"), "{}", checked.text);
    assert!(checked.text.contains("Read as UTF-16LE") && checked.text.contains("Zoë"));
    assert_eq!(competitors(&app, roster).await, 0);
    let imported = import(&browser, roster, &[("rows", text)]).await;
    assert_eq!(imported.location(), format!("/ctf/rosters/{roster}/competitors"));
    let list = browser.get(imported.location()).await;
    assert!(list.text.contains("Added 2 competitors"), "{}", list.text);
    let again = import(&browser, roster, &[("rows", text)]).await;
    assert!(again.text.contains("Added 0 competitors; 2 lines are about"), "{}", again.text);
    assert_eq!(competitors(&app, roster).await, 2);
    assert_eq!(app.audited("ctf_roster.import").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn unknown_columns_are_named_and_need_a_choice() {
    let app = TestApp::start().await;
    let (roster, browser) = (roster(&app).await, app.browser_of("coach").await);
    let rows = ("rows", "First,Last,Shoe size,Contact\nAda,Quill,39,ada@school.example\n");
    let refused = import(&browser, roster, &[rows]).await;
    assert_eq!(refused.status, 422);
    let words = "Choose what these columns contain, or leave them out: Shoe size, Contact.";
    assert!(refused.text.contains(words), "{}", refused.text);
    assert!(refused.text.contains(r#"name="column.2.Shoe size""#));
    let half = [rows, ("column.2.Shoe size", "left_out"), ("column.3.Other", "email_school")];
    assert_eq!(import(&browser, roster, &half).await.status, 422);
    assert_eq!(competitors(&app, roster).await, 0);
    let all = [rows, ("column.2.Shoe size", "left_out"), ("column.3.Contact", "email_school")];
    assert_eq!(import(&browser, roster, &all).await.status, 303);
    let stored = "SELECT count(*) FROM competitors WHERE email_school = 'ada@school.example'";
    assert_eq!(app.count(stored).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn lines_with_errors_stay_in_the_form_while_the_others_are_imported() {
    let app = TestApp::start().await;
    let (roster, browser) = (roster(&app).await, app.browser_of("coach").await);
    let rows = "First,Last,Email\nAda,Quill,ada@school.example\nBo,Reed,bo at school\n";
    let left = import(&browser, roster, &[("rows", rows)]).await;
    assert_eq!(left.status, 200, "{}", left.text);
    assert!(left.text.contains("Added 1 competitor.") && left.text.contains("1 line has an error"));
    assert!(!left.text.contains("ada@school.example"), "{}", left.text);
    let cell = "cell.3.2.bo at school";
    assert!(left.text.contains(&format!(r#"name="{cell}""#)), "{}", left.text);
    let rest = ("rows", "First,Last,Email\n\nBo,Reed,bo at school\n");
    // A correction of another text of the cell changes nothing.
    let other = ("cell.3.2.bo@home.example", "bo@school.example");
    assert_eq!(import(&browser, roster, &[rest, other]).await.status, 200);
    assert_eq!(competitors(&app, roster).await, 1);
    let corrected = import(&browser, roster, &[rest, (cell, "bo@school.example")]).await;
    assert_eq!(corrected.status, 303, "{}", corrected.text);
    assert_eq!(competitors(&app, roster).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_known_name_is_asked_about_and_added_only_as_another_person() {
    let app = TestApp::start().await;
    let (roster, browser) = (roster(&app).await, app.browser_of("coach").await);
    app.added(roster, &named("Ada", "Quill")).await;
    let rows = ("rows", "Name,Grade\n\"QUILL, Ada\",10\nBo Reed,9\n");
    let asked = import(&browser, roster, &[rows]).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    assert!(asked.text.contains("Ada Quill, grade 10, on the roster"), "{}", asked.text);
    assert_eq!(competitors(&app, roster).await, 2, "Bo Reed");
    let name = "answer.2.name=QUILL, Ada|grade=10";
    assert!(asked.text.contains(&format!(r#"name="{name}" value="same" checked"#)));
    for (answer, status, count) in [("same", 200, 2), ("other", 303, 3)] {
        let rest = ("rows", "Name,Grade\n\"QUILL, Ada\",10\n");
        let answered = import(&browser, roster, &[rest, (name, answer)]).await;
        assert_eq!(answered.status, status, "{}", answered.text);
        assert_eq!(competitors(&app, roster).await, count, "{answer}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_exported_list_is_imported_as_it_is() {
    let app = TestApp::start().await;
    let (roster, other) = (roster(&app).await, app.roster("other").await.1);
    app.added(roster, &minor()).await;
    let one = ProfileInput { only_name: "yes".to_owned(), ..named("Bo", "") };
    let bo = add_competitor(app.context(), Operator, roster, &one).await.expect("added");
    let browser = app.browser_of("coach").await;
    let file = browser.get(&format!("/ctf/rosters/{roster}/competitors.csv")).await.text;
    let again = import(&browser, roster, &[("rows", &file)]).await;
    assert!(again.text.contains("2 people may be known"), "{}", again.text);
    assert_eq!(competitors(&app, roster).await, 2);
    let elsewhere = app.browser_of("other").await;
    assert_eq!(import(&elsewhere, other, &[("rows", &file)]).await.status, 303);
    assert_eq!(competitors(&app, other).await, 2);
    let same = "SELECT count(*) FROM competitors a JOIN competitors b ON a.first_name = b.first_name \
                AND a.last_name = b.last_name AND a.grade = b.grade AND a.roster_id < b.roster_id";
    assert_eq!(app.count(same).await, 2);
    // A person with one name has a profile like everyone.
    let profile = format!("/ctf/competitors/{bo}/profile");
    let shown = browser.get(&profile).await;
    assert!(shown.text.contains(r#"name="only_name" value="yes" checked"#), "{}", shown.text);
    let form = [("first_name", "Bo"), ("grade", "11"), ("only_name", "yes")];
    assert_eq!(browser.post(&profile, &form).await.status, 303);
    app.finish().await;
}

#[tokio::test]
async fn files_that_are_no_sheets_are_refused_with_the_reason() {
    let app = TestApp::start().await;
    let (roster, browser) = (roster(&app).await, app.browser_of("coach").await);
    let large = vec![b'a'; 600 * 1024];
    for (file, words) in [
        (&b"PK\x03\x04\x00\x00"[..], "it may be a workbook"),
        (large.as_slice(), "larger than 512 KiB"),
        (b"first,last\nAda,\"Quill\nBo,Reed\n", "the quotation mark before"),
        (b"first,last\n", "There are no competitors"),
    ] {
        let refused = browser.upload(&page(roster), file).await;
        assert_eq!(refused.status, 422, "{words}");
        assert!(refused.text.contains(words), "{}", refused.text);
    }
    let huge = browser.upload(&page(roster), &vec![b'a'; 2 << 20]).await;
    assert_eq!(huge.status, 413);
    assert!(huge.text.contains("larger than 2 MB"), "{}", huge.text);
    let empty = browser.upload(&page(roster), b"").await;
    assert_eq!(empty.status, 422, "neither a file nor rows");
    app.finish().await;
}

#[tokio::test]
async fn imports_at_once_add_everyone_once() {
    let app = TestApp::start().await;
    let roster = roster(&app).await;
    let import = || async {
        let rows = rows("Name,Email\nAda Quill,ada@school.example\nBo Reed,\n");
        import_competitors(app.context(), Operator, roster, rows, &BTreeMap::new()).await
    };
    let (one, two, three) = tokio::join!(import(), import(), import());
    let added = [one, two, three].map(|review| review.expect("imported").add.len());
    assert_eq!(added.into_iter().sum::<usize>(), 2);
    assert_eq!(competitors(&app, roster).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_program_imports_and_answers() {
    let app = TestApp::start().await;
    let (roster, browser) = (roster(&app).await, app.browser_of("coach").await);
    let path = format!("/api/v1/ctf/rosters/{roster}/competitors/import");
    let call = async |body: Value| browser.call("POST", &path, Some(&body)).await;
    let rows = "First,Surname,E-mail,Grade,Shoe size\nAda,Quill,ada@school.example,10,39\nBo,Reed,,99,40\n";
    let columns = json!([{ "column": 5, "field": "left_out" }]);
    let refused = call(json!({ "rows": rows })).await;
    refused.refuses(422, "BAD_ROSTER", "leave them out: Shoe size.");
    let dry = call(json!({ "rows": rows, "columns": columns, "dry_run": true })).await.body();
    assert_eq!((&dry["added"], &dry["errors"][0]["line"]), (&json!(1), &json!(3)), "{dry}");
    assert_eq!(
        dry["columns"][4],
        json!({ "column": 5, "heading": "Shoe size", "field": "left_out" })
    );
    assert_eq!(competitors(&app, roster).await, 0);
    for added in [1, 0] {
        let result = call(json!({ "rows": rows, "columns": columns })).await.body();
        assert_eq!(result["added"], added, "{result}");
        assert_eq!(result["known"].as_array().map(Vec::len), Some(1 - added), "{result}");
    }
    let same = "Name,Grade\nAda Quill,10\n";
    let asked = call(json!({ "rows": same })).await.body();
    let like =
        json!({ "line": 2, "name": "Ada Quill", "like": "Ada Quill, grade 10, on the roster" });
    assert_eq!((&asked["added"], &asked["questions"]), (&json!(0), &json!([like])));
    let other = json!([{ "line": 2, "answer": "other" }]);
    assert_eq!(call(json!({ "rows": same, "answers": other })).await.body()["added"], 1);
    assert_eq!(competitors(&app, roster).await, 2);
    let bare = "Cy Sand,11\nDi Teal,12\n";
    let fields = json!([{ "column": 1, "field": "name" }, { "column": 2, "field": "grade" }]);
    let first = call(json!({ "rows": bare, "columns": fields, "first_line": "person" })).await;
    assert_eq!(first.body()["added"], 2);
    for wrong in [
        json!({ "rows": same, "first_line": "title" }),
        json!({ "rows": same, "columns": [{ "column": 1, "field": "shoe" }] }),
        json!({ "rows": same, "columns": [{ "column": 0, "field": "grade" }] }),
        json!({ "rows": same, "answers": [{ "line": 2, "answer": "perhaps" }] }),
        json!({ "rows": "Name\n" }),
    ] {
        call(wrong).await.refuses(422, "BAD_ROSTER", "");
    }
    app.finish().await;
}
