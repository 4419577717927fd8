//! The page that checks and publishes rules, without JavaScript.

use identity::model::Role;

use super::publishing::publish;
use crate::app::{
    TestApp,
    browser::Browser,
    scenarios::{Scenario, person, repo},
};

const EDIT: &str = "/projects/season/rules/edit";
const PUBLISH: &str = "/projects/season/rules/publish";

async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    let opened =
        Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-20T08:00:00Z");
    app.deliver_all(&[&opened.merged("2026-10-21T08:00:00Z")]).await;
    app.browser_of("finch-ash").await;
    app.add_maintainer("season", "finch-ash").await;
    app
}

/// Returns the fields of the form as the page shows them, with some replaced.
async fn fields(own: &Browser<'_>, replaced: &[(&str, &str)]) -> Vec<(String, String)> {
    let page = own.get(EDIT).await.text;
    let form = page.split("<form").find(|form| form.contains("id=\"merged\""));
    let form = form.expect("the form");
    let attribute = |input: &str, name: &str| {
        let rest = input.split(&format!(" {name}=\"")).nth(1);
        rest.and_then(|rest| rest.split('"').next()).map(str::to_owned)
    };
    let mut fields = Vec::new();
    for input in form.split("<input").skip(1) {
        let input = input.split('>').next().expect("a tag");
        let name = attribute(input, "name").expect("a name");
        let is_box = input.contains("checkbox");
        if !is_box || input.ends_with("checked") {
            let value = attribute(input, "value").unwrap_or_else(|| "on".to_owned());
            fields.push((name, value));
        }
    }
    for (name, text) in replaced {
        fields.retain(|(field, _)| field != name);
        fields.push(((*name).to_owned(), (*text).to_owned()));
    }
    fields
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, text)| (&**name, &**text)).collect()
}

/// Returns the fields that the button to publish sends.
fn to_publish(page: &str) -> Vec<(String, String)> {
    let form = page.split(&format!("action=\"{PUBLISH}\"")).nth(1);
    let form = form.and_then(|rest| rest.split("</form>").next());
    let value = |name: &str| {
        let rest = form?.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
        Some(rest.split('"').next()?.replace("&#34;", "\""))
    };
    ["based_on", "document"].map(|name| (name.to_owned(), value(name).expect(page))).into()
}

#[tokio::test]
async fn a_maintainer_checks_the_fields_and_publishes_what_was_checked() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let page = own.get(EDIT).await.text;
    assert!(!page.contains("Publish version"), "{page}");
    assert!(page.contains(r#"name="merged" value="50""#), "{page}");
    let typed = fields(
        &own,
        &[("merged", "60"), ("docs", ""), ("types.6.name", "Level 1"), ("types.6.factor", "0.5")],
    )
    .await;
    let checked = own.post(EDIT, &pairs(&typed)).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    for words in [
        "What would change",
        "<ins>60 points</ins> (previously <del>50 points</del>)",
        "Publish version 2",
        r#"name="merged" value="60""#,
        r#"value="Level 1""#,
        "octo-org/lantern #1",
    ] {
        assert!(checked.text.contains(words), "{words}: {}", checked.text);
    }
    let publish = to_publish(&checked.text);
    let document = r#"{"exclude":{"self_requested_merges":true},"low_value":{"patches":true},"merged":60,"types":{"level-1":0.5}}"#;
    assert_eq!(publish[1].1, document);
    let done = own.post(PUBLISH, &pairs(&publish)).await;
    assert_eq!(done.location(), "/projects/season/rules");
    let rules = own.get("/projects/season/rules").await.text;
    assert!(rules.contains("Version 2 is published"), "{rules}");
    assert!(rules.contains(r##"<a href="#rule-merged">Merged</a>"##), "{rules}");
    let stored = "SELECT document AS value FROM project_rules WHERE version = 2";
    assert_eq!(app.values(stored).await, [document]);
    // The same button again, as after going back.
    let again = own.post(PUBLISH, &pairs(&publish)).await;
    again.refuses_form(409, None, "Version 2 is current");
    assert!(again.text.contains("edit version 2"), "{}", again.text);
    app.finish().await;
}

#[tokio::test]
async fn errors_are_beside_their_fields_and_keep_what_was_typed() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let bad = [
        ("merged", "fifty <b>"),
        ("size_bonus.1.points", "5"),
        ("spam.labels", "spam, \u{1f6ab}"),
        ("types.6.name", "fix"),
        ("types.6.factor", "2"),
        ("maturing_days", "14"),
    ];
    let typed = fields(&own, &bad[..1]).await;
    let refused = own.post(EDIT, &pairs(&typed)).await;
    refused.refuses_form(422, Some("merged"), "must be a whole number from 0 to 10000");
    assert!(refused.text.contains(r##"<a href="#merged">"##), "{}", refused.text);
    assert!(refused.text.contains("value=\"fifty &#60;b&#62;\""), "{}", refused.text);
    assert!(!refused.text.contains("Publish version"));
    for (at, field, words) in [
        (1, "size_bonus.1.lines", "must require more lines"),
        (2, "spam.labels", "must contain a letter or a digit"),
    ] {
        let typed = fields(&own, &[bad[at], bad[5]]).await;
        let refused = own.post(EDIT, &pairs(&typed)).await;
        refused.refuses_form(422, Some(field), words);
        let kept = r#"name="maturing_days" value="14""#;
        assert!(refused.text.contains(kept), "{}", refused.text);
    }
    let typed = fields(&own, &bad[3..5]).await;
    let refused = own.post(EDIT, &pairs(&typed)).await;
    refused.refuses_form(422, None, "The type fix is listed twice");
    app.finish().await;
}

#[tokio::test]
async fn the_document_can_be_typed_as_json() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    for (json, words) in [
        ("{", "The rules document is not JSON"),
        ("", "The rules document is not JSON"),
        (r#"{"merged": -1, "nothing": "<i>"}"#, "nothing is not a known field"),
    ] {
        let refused = own.post(EDIT, &[("based_on", "1"), ("json", json)]).await;
        refused.refuses_form(422, Some("json"), "");
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
        assert!(!refused.text.contains("<i>"), "{}", refused.text);
    }
    let json = "{\r\n  \"merged\": 60, \"opened\": 10\r\n}";
    let checked = own.post(EDIT, &[("based_on", "1"), ("json", json)]).await;
    assert_eq!(checked.status, 200);
    let publish = to_publish(&checked.text);
    let document = r#"{"exclude":{"self_requested_merges":true},"low_value":{"patches":true},"merged":60,"opened":10}"#;
    assert_eq!(publish[1].1, document);
    // The fields show the document.
    assert!(checked.text.contains(r#"name="merged" value="60""#));
    let same = own.post(EDIT, &[("based_on", "1"), ("json", "{}")]).await;
    assert!(same.text.contains("These rules equal version 1"), "{}", same.text);
    assert!(!same.text.contains("Publish version"));
    app.finish().await;
}

#[tokio::test]
async fn a_version_of_someone_else_is_not_overwritten() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    assert_eq!(publish(&app, r#"{"opened": 20}"#, None).await, Ok(2));
    let checked = own.post(EDIT, &[("based_on", "1"), ("json", r#"{"merged": 60}"#)]);
    let checked = checked.await.text;
    let words = "Version 2 was published while you edited version 1";
    assert!(checked.contains(words) && !checked.contains("Publish version"), "{checked}");
    app.finish().await;
}

#[tokio::test]
async fn rules_of_an_archived_project_can_be_checked_but_not_published() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    admin.post("/projects/season/archive", &[]).await.location();
    let draft = [("based_on", "1"), ("json", r#"{"merged": 60}"#)];
    let checked = own.post(EDIT, &draft).await.text;
    assert!(checked.contains("cannot be published while the project is archived"), "{checked}");
    assert!(!checked.contains("Publish version"), "{checked}");
    let publish = [("based_on", "1"), ("document", r#"{"merged": 60}"#)];
    let refused = own.post(PUBLISH, &publish).await;
    refused.refuses_form(409, None, "season is archived");
    app.finish().await;
}

#[tokio::test]
async fn a_project_without_pull_requests_can_publish() {
    let app = TestApp::start().await;
    app.project("season").await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let draft = [("based_on", "1"), ("json", r#"{"merged": 60}"#)];
    let checked = admin.post(EDIT, &draft).await.text;
    assert!(checked.contains("No pull request was opened in that time"), "{checked}");
    let done = admin.post(PUBLISH, &pairs(&to_publish(&checked))).await;
    assert_eq!(done.location(), "/projects/season/rules");
    app.finish().await;
}

#[tokio::test]
async fn others_are_refused() {
    let app = scene().await;
    let stranger = app.browser_of("wren-oak").await;
    let publish = [("based_on", "1"), ("document", r#"{"merged": 60}"#)];
    for answer in [
        stranger.get(EDIT).await,
        stranger.post(EDIT, &[("json", "{}")]).await,
        stranger.post(PUBLISH, &publish).await,
    ] {
        answer.refuses(403, "MAINTAINER_REQUIRED", "maintainers of season");
    }
    assert_eq!(app.count("SELECT count(*) FROM project_rules").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn rules_that_the_current_version_does_not_have_are_offered() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let offered = "New rules that version";
    assert!(!own.get(EDIT).await.text.contains(offered));
    app.publish_as_before("{}").await;
    let page = own.get(EDIT).await.text;
    for words in [offered, "version 2 does not have", "only white space", "the merge queue"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let rules = own.get("/projects/season/rules").await.text;
    assert!(rules.contains("New rules to publish"), "{rules}");
    let typed = fields(&own, &[]).await;
    let checked = own.post(EDIT, &pairs(&typed)).await.text;
    own.post(PUBLISH, &pairs(&to_publish(&checked))).await.location();
    let stored = "SELECT document AS value FROM project_rules WHERE version = 3";
    let document = r#"{"exclude":{"self_requested_merges":true},"low_value":{"patches":true}}"#;
    assert_eq!(app.values(stored).await, [document]);
    assert!(!own.get(EDIT).await.text.contains(offered));
    app.finish().await;
}
