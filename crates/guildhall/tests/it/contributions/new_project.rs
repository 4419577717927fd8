//! Projects that admins create on a page, and the button that leads there.

use identity::model::Role;
use serde_json::{Value, json};

use crate::app::TestApp;

const BUTTON: &str = r#"href="/projects/new">New project</a>"#;

async fn visited(app: &TestApp, path: &str) -> String {
    let answer = app.get(path).send().await.expect("an answer");
    answer.text().await.expect("text")
}

#[tokio::test]
async fn an_admin_creates_a_project_for_an_owner() {
    let app = TestApp::start().await;
    let (admin, owner) =
        (app.browser_with("rook-elm", Role::Admin).await, app.browser_of("finch-ash").await);
    let form = admin.get("/projects/new").await;
    assert_eq!(form.status, 200);
    assert!(form.text.contains("Create project"), "{}", form.text);
    let fields = [
        ("name", " Lantern Works "),
        ("description", "A build tool."),
        ("tags", "rust, cli,, rust"),
        ("difficulty", "beginner"),
        ("owner", "Finch-Ash"),
    ];
    let created = admin.post("/projects/new", &fields).await;
    assert_eq!(created.location(), "/projects/lantern-works");
    let page = admin.get("/projects/lantern-works").await.text;
    for words in [
        "Lantern Works is created. Register its repository next, then start a season",
        r#"href="/projects/lantern-works/repositories/new""#,
        "/people/finch-ash",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let own = owner.get("/projects/lantern-works/repositories").await;
    assert_eq!(own.status, 200, "{}", own.text);
    let shown = app.json("/api/v1/projects/lantern-works").await;
    assert_eq!(
        (&shown["tags"], &shown["difficulty"]),
        (&json!(["rust", "cli"]), &json!("beginner"))
    );
    app.work().await;
    let inbox = app.inbox(&owner).await;
    assert_eq!(inbox, ["*You are now a maintainer of Lantern Works"]);
    let roles = "SELECT role AS value FROM project_maintainers";
    assert_eq!(app.values(roles).await, ["owner"]);
    let noted = "SELECT actor_kind || ' ' || after AS value FROM audit_logs WHERE action = 'project.create'";
    let noted = app.values(noted).await;
    let [noted] = &noted[..] else {
        panic!("not one record: {noted:?}");
    };
    let after = noted.strip_prefix("person ").expect("a person's");
    let expected = json!({
        "slug": "lantern-works", "name": "Lantern Works", "owner": app.person_id("finch-ash").await,
    });
    let after: Value = serde_json::from_str(after).expect("JSON");
    assert_eq!(after, expected);
    app.finish().await;
}

#[tokio::test]
async fn an_admin_who_names_no_owner_owns_the_project() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let created = admin.post("/projects/new", &[("name", "New"), ("owner", " ")]).await;
    assert_eq!(created.location(), "/projects/new-2");
    let roles = "SELECT m.role || ' ' || u.login AS value FROM project_maintainers m \
                 JOIN users u ON u.id = m.user_id";
    assert_eq!(app.values(roles).await, ["owner rook-elm"]);
    app.work().await;
    let inbox = app.inbox(&admin).await;
    assert!(inbox.iter().all(|title| !title.contains("maintainer")), "{inbox:?}");
    app.finish().await;
}

#[tokio::test]
async fn errors_are_shown_at_their_fields_and_typed_values_stay() {
    let app = TestApp::start().await;
    app.project("taken").await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let long = "x".repeat(1_001);
    let tags = "x".repeat(51);
    for (field, value, status, words) in [
        ("name", " ", 422, "must have 1 to 100 characters"),
        ("name", "?!", 422, "Set a slug."),
        ("slug", "A b", 422, "is not a valid slug"),
        ("slug", "new", 422, "is not a valid slug"),
        ("slug", "taken", 409, "is already in use"),
        ("description", &*long, 422, "has at most 1000 characters"),
        ("tags", &*tags, 422, "has at most 50 characters"),
        ("difficulty", &*tags, 422, "has at most 50 characters"),
        ("difficulty", "a\u{202e}b", 422, "is an invisible character"),
        ("owner", "unknown-login", 422, "Unknown login"),
    ] {
        let mut fields = vec![("name", "Lantern Works"), ("owner", "rook-elm")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let refused = admin.post("/projects/new", &fields).await;
        let at = match words {
            "Set a slug." => "slug",
            _ => field,
        };
        refused.refuses_form(status, Some(at), words);
        for (_, typed) in fields {
            // Pages leave out the characters that turn text.
            let kept = format!("value=\"{}\"", typed.replace('\u{202e}', ""));
            assert!(refused.text.contains(&kept), "{kept}: {}", refused.text);
        }
    }
    assert_eq!(app.count("SELECT count(*) FROM projects").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn only_admins_see_the_button_on_the_cached_list() {
    let app = TestApp::start().await;
    let (admin, person) =
        (app.browser_with("rook-elm", Role::Admin).await, app.browser_of("wren-oak").await);
    for has_projects in [false, true] {
        if has_projects {
            app.project("season").await;
        }
        // Each page is read twice, so that the second answer comes from the cache.
        for _ in 0..2 {
            let list = admin.get("/projects").await.text;
            assert_eq!(list.matches(BUTTON).count(), 1, "{list}");
            let others = [person.get("/projects").await.text, visited(&app, "/projects").await];
            for list in others {
                assert!(!list.contains("/projects/new"), "{list}");
                assert!(!list.contains(platform::web::slot()), "{list}");
                let is_said = list.contains("An admin of this server adds the first project.");
                assert_eq!(is_said, !has_projects, "{list}");
            }
        }
    }
    let archived = admin.get("/projects?archived=true").await.text;
    assert!(!archived.contains("/projects/new"), "{archived}");
    app.finish().await;
}
