//! Projects and their rules.

use contributions::actions::{NewProject, create_project};
use platform::audit::Actor;
use serde_json::{Value, json};

use crate::app::TestApp;

fn slugs(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().expect("items").iter();
    items.filter_map(|project| project["slug"].as_str()).collect()
}

#[tokio::test]
async fn projects_are_paged_by_slug_in_byte_order() {
    let app = TestApp::start().await;
    let empty = app.json("/api/v1/projects").await;
    assert_eq!(empty, json!({ "items": [], "next_cursor": null }));
    for slug in ["b-2", "b", "a-10", "a-9", "z", "b2"] {
        app.project(slug).await;
    }
    let first = app.json("/api/v1/projects?limit=4").await;
    assert_eq!(slugs(&first), ["a-10", "a-9", "b", "b-2"]);
    let cursor = first["next_cursor"].as_str().expect("more");
    let last = app.json(&format!("/api/v1/projects?limit=4&cursor={cursor}")).await;
    assert_eq!((slugs(&last), &last["next_cursor"]), (vec!["b2", "z"], &Value::Null));
    app.finish().await;
}

#[tokio::test]
async fn a_project_shows_its_details_and_repositories() {
    let app = TestApp::start().await;
    let new = NewProject {
        name: "Lantern & Co".to_owned(),
        slug: None,
        description: " Light for dark nights ".to_owned(),
        tags: vec!["light".to_owned()],
        difficulty: Some("beginner".to_owned()),
        owner: None,
    };
    let project = create_project(app.context(), Actor::Operator, new).await.expect("made");
    app.repository(&project.slug, "octo-org/wick", 2).await;
    app.repository(&project.slug, "octo-org/lantern", 1).await;
    let shown = app.json(&format!("/api/v1/projects/{}", project.slug)).await;
    let expected = json!({
        "slug": "lantern-co", "name": "Lantern & Co", "description": "Light for dark nights",
        "tags": ["light"], "difficulty": "beginner", "repository_count": 2, "stale_days": 30,
        "abandoned_days": 60, "closes_abandoned": false, "archived_at": null,
        "repositories": ["octo-org/lantern", "octo-org/wick"],
        "rules_versions": [{ "version": 1, "published_at": app.context().now() }],
    });
    assert_eq!(shown, expected);
    app.finish().await;
}

#[tokio::test]
async fn a_name_is_trimmed_and_becomes_a_slug() {
    let app = TestApp::start().await;
    let refusal = async |name: &str, description: &str| {
        let new = NewProject {
            name: name.to_owned(),
            description: description.to_owned(),
            ..NewProject::default()
        };
        let made = create_project(app.context(), Actor::Operator, new).await;
        made.expect_err("refused").to_string()
    };
    for unseen in ["\u{1b}[31m", "\n", "\u{202e}", "\u{2067}", "\u{7f}"] {
        let text = format!("Lantern{unseen}Works");
        for said in [refusal(&text, "").await, refusal("Lantern", &text).await] {
            assert!(said.contains("is an invisible character"), "{said}");
            assert!(!said.contains(unseen), "{said}");
        }
    }
    // `/projects/new` is the page that creates projects.
    let new =
        NewProject { name: "New".to_owned(), slug: Some(String::new()), ..NewProject::default() };
    let made = create_project(app.context(), Actor::Operator, new).await;
    assert_eq!(made.expect("made").slug, "new-2");
    let said = refusal("?!", "").await;
    assert!(said.contains("Set a slug"), "{said}");
    let new = NewProject {
        name: "日本".to_owned(),
        slug: Some("nihon".to_owned()),
        ..NewProject::default()
    };
    let made = create_project(app.context(), Actor::Operator, new).await;
    assert_eq!(made.expect("made").slug, "nihon");
    app.finish().await;
}

#[tokio::test]
async fn a_new_project_has_the_default_rules() {
    let app = TestApp::start().await;
    app.project("season").await;
    let rules = app.json("/api/v1/projects/season/rules").await;
    let document =
        json!({ "exclude": { "self_requested_merges": true }, "low_value": { "patches": true } });
    let expected =
        json!({ "version": 1, "published_at": "2026-11-01T00:00:00Z", "document": document });
    assert_eq!(rules["items"], json!([expected]));
    app.finish().await;
}

#[tokio::test]
async fn unknown_projects_are_not_found() {
    let app = TestApp::start().await;
    for path in ["none", "none/rules", "%00"] {
        let path = format!("/api/v1/projects/{path}");
        app.refuses(&path, 404, "NOT_FOUND", "Unknown project").await;
    }
    for (query, code) in
        [("limit=0", "BAD_LIMIT"), ("limit=101", "BAD_LIMIT"), ("limit=x", "BAD_QUERY")]
    {
        app.refuses(&format!("/api/v1/projects?{query}"), 400, code, "").await;
    }
    app.finish().await;
}

#[tokio::test]
async fn a_repository_belongs_to_one_project() {
    let app = TestApp::start().await;
    app.project("season").await;
    app.project("other").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let again = github::actions::NewRepository {
        full_name: "octo-org/lantern".to_owned(),
        github_id: 1,
        hook: None,
    };
    let (context, ring) = (app.context(), &app.server.ring);
    let add = |slug: &'static str| {
        contributions::actions::add_repository(context, ring, Actor::Operator, slug, &again)
    };
    let refusal = add("other").await.expect_err("refused").to_string();
    assert!(refusal.contains("already registered with the project 'season'"), "{refusal}");
    let refusal = add("none").await.expect_err("refused").to_string();
    assert!(
        refusal.contains("Unknown project 'none'") && refusal.contains("ask an admin to create it"),
        "{refusal}"
    );
    assert_eq!(app.count("SELECT count(*) FROM repositories").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_added_twice_at_once_is_refused_with_a_clear_message() {
    let app = TestApp::start().await;
    app.project("season").await;
    let other = app.sibling().await;
    for github_id in 1..=8 {
        let new = github::actions::NewRepository {
            full_name: format!("octo-org/lantern-{github_id}"),
            github_id,
            hook: Some((github_id, "the hook's own secret".into())),
        };
        let add = async |server: &guildhall::App| {
            let (context, ring) = (&server.context, &server.ring);
            contributions::actions::add_repository(context, ring, Actor::Operator, "season", &new)
                .await
        };
        let (one, two) = tokio::join!(add(&app.server), add(&other));
        let refused = match (one, two) {
            (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused.to_string(),
            both => panic!("not one of two: {both:?}"),
        };
        assert!(
            refused.ends_with(
                "the project 'season'. Ask a maintainer of that project, or an admin, to remove it there first."
            ),
            "{refused}"
        );
    }
    other.context.db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn repositories_are_identified_by_id_and_names_can_be_reused() {
    let app = TestApp::start().await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let (context, ring) = (app.context(), &app.server.ring);
    let refusal = async |full_name: &str, github_id, hook: Option<i64>| {
        let new = github::actions::NewRepository {
            full_name: full_name.to_owned(),
            github_id,
            hook: hook.map(|id| (id, "the hook's own secret".into())),
        };
        let add = contributions::actions::add_repository;
        let added = add(context, ring, Actor::Operator, "season", &new).await;
        added.expect_err("refused").to_string()
    };
    for (github_id, hook) in [(0, None), (-1, None), (2, Some(0)), (2, Some(-5))] {
        let said = refusal("octo-org/harbor", github_id, hook).await;
        assert!(said.contains("a whole number of 1 or more"), "{said}");
    }
    // Recreated on GitHub under the old name, before a delivery reports that the old repository was deleted.
    app.repository("season", "octo-org/lantern", 2).await;
    assert_eq!(app.count("SELECT count(*) FROM repositories").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_persons_changes_are_in_the_audit_log() {
    let app = TestApp::start().await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let sql = "SELECT actor_kind || ' ' || action AS value FROM audit_logs ORDER BY id";
    assert_eq!(app.values(sql).await, ["operator project.create", "operator repository.add"]);
    app.finish().await;
}
