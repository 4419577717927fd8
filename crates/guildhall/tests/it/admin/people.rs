use identity::{
    model::{Person, Role},
    reads,
};

use crate::app::TestApp;

async fn person(app: &TestApp, login: &str) -> Person {
    let found = reads::find_person(&app.context().db, login).await;
    found.expect("a person")
}

#[tokio::test]
async fn people_are_found_by_login_and_role() {
    let app = TestApp::start().await;
    let browser = app.browser_with("finch-ash", Role::Moderator).await;
    for login in ["wren-oak", "wren-elm", "rook-elm"] {
        app.browser_of(login).await;
    }
    for (query, rows) in [
        ("", 4),
        ("q=WREN", 2),
        ("q=elm", 2),
        ("q=wren_", 0),
        ("role=moderator", 1),
        ("after=rook-elm", 2),
        ("q=unknown-login", 0),
    ] {
        let page = browser.get(&format!("/admin/people?{query}")).await;
        let found = page.text.matches(r#"<th scope="row">"#).count();
        assert_eq!((page.status.as_u16(), found), (200, rows), "{query}: {}", page.text);
        assert!(!page.text.contains("/role\""), "moderators grant nothing: {}", page.text);
    }
    app.finish().await;
}

#[tokio::test]
async fn people_are_found_by_name_and_for_admins_by_email() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let moderator = app.browser_with("moss-fen", Role::Moderator).await;
    app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    let named = "UPDATE users SET name = 'Odalys Quill' WHERE login = 'wren-oak'";
    app.change(named).await.expect("named");
    let found = "<bdi>Odalys Quill</bdi></a>";
    for (query, by_admin, by_moderator) in
        [("quill", true, true), ("wren", true, true), ("wren-oak@oak.example", true, false)]
    {
        for (browser, is_found, is_admin) in
            [(&admin, by_admin, true), (&moderator, by_moderator, false)]
        {
            let page = browser.get(&format!("/admin/people?q={query}")).await.text;
            assert_eq!(page.contains(found), is_found, "{query}: {page}");
            assert_eq!(page.contains("<bdi>wren-oak@oak.example</bdi>"), is_admin, "{page}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn an_admin_grants_a_role_and_the_audit_log_records_it() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let person = app.browser_of("wren-oak").await;
    person.get("/admin/people").await.refuses(403, "ROLE_REQUIRED", "moderators and admins");
    let form = [("role", "moderator"), ("why", "Helps with reports")];
    let granted = admin.post("/admin/people/wren-oak/role", &form).await;
    let page = admin.get(granted.location()).await;
    assert!(page.text.contains("wren-oak now has the role moderator<"), "{}", page.text);
    assert_eq!(person.get("/admin/people").await.status, 200);
    let noted = "SELECT a.after AS value FROM audit_logs a JOIN users u ON u.id = a.actor_id \
                 WHERE a.action = 'user.grant' AND u.login = 'finch-ash'";
    assert_eq!(app.values(noted).await, [r#"{"role":"moderator"}"#]);
    let page = admin.get("/admin/people/wren-oak").await.text;
    for shown in ["Role changed", "role: user → role: moderator", "Helps with reports"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn invalid_role_changes_are_refused() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let form = [("role", "user"), ("why", "to try")];
    let own = admin.post("/admin/people/finch-ash/role", &form).await;
    own.refuses_form(409, None, "You cannot change your own role");
    app.browser_of("wren-oak").await;
    for role in ["moderator", "admin"] {
        let silent = admin.post("/admin/people/wren-oak/role", &[("role", role)]).await;
        silent.refuses_form(422, None, "Enter a reason");
        assert!(silent.text.contains(r#"id="why-e""#), "{}", silent.text);
        assert!(silent.text.contains(&format!("<option value=\"{role}\" selected>")), "kept");
    }
    let missing = admin.post("/admin/people/unknown-login/role", &[("role", "user")]).await;
    missing.refuses(404, "PERSON_NOT_FOUND", "Unknown login");
    let king = admin.post("/admin/people/finch-ash/role", &[("role", "king")]).await;
    king.refuses_form(422, None, "use user, moderator or admin");
    app.finish().await;
}

#[tokio::test]
async fn making_someone_an_admin_is_asked_first() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let person = app.browser_of("wren-oak").await;
    let role = "/admin/people/wren-oak/role";
    let question = admin.post(role, &[("role", "admin"), ("why", "Runs the server")]).await;
    assert_eq!(question.status, 200, "{}", question.text);
    assert!(question.text.contains("<h1>Make wren-oak an admin?</h1>"), "{}", question.text);
    assert_eq!(person.get("/admin/jobs").await.status, 403);
    let form = [("role", "admin"), ("why", "Runs the server"), ("confirmed", "yes")];
    admin.post(role, &form).await.location();
    assert_eq!(person.get("/admin/jobs").await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn a_person_has_a_page_with_sessions_for_admins_only() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let moderator = app.browser_with("moss-fen", Role::Moderator).await;
    app.browser_of("wren-oak").await;
    let page = admin.get("/admin/people/Wren-Oak").await;
    assert_eq!(page.status, 200, "{}", page.text);
    for shown in [
        "<h1><bdi>wren-oak</bdi></h1>",
        "Change role",
        "Ban <bdi>wren-oak</bdi>",
        "Sessions of <bdi>wren-oak</bdi>",
    ] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    let id = page.text.split("/admin/audit?target=").nth(1);
    let id = id.and_then(|rest| rest.split('"').next()).expect("an ID");
    assert_eq!(admin.get(&format!("/admin/people/{id}")).await.status, 200);
    let page = moderator.get("/admin/people/wren-oak").await.text;
    for hidden in ["Change role", "Ban <bdi>wren-oak", "Sessions of"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let own = admin.get("/admin/people/finch-ash").await.text;
    assert!(!own.contains("Change role"), "{own}");
    admin.get("/admin/people/unknown-login").await.refuses(
        404,
        "PERSON_NOT_FOUND",
        "Unknown login",
    );
    app.finish().await;
}

#[tokio::test]
async fn the_list_links_to_people_by_id() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    app.browser_of("wren-oak").await;
    let id = person(&app, "wren-oak").await.id;
    let list = admin.get("/admin/people?login=wren").await.text;
    let link = format!(r#"<a href="/admin/people/{id}"><bdi>wren-oak</bdi></a>"#);
    assert!(list.contains(&link), "{list}");
    app.finish().await;
}

#[tokio::test]
async fn an_account_of_unknown_kind_counts_as_a_person() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    app.browser_of("wren-oak").await;
    let unknown = "UPDATE users SET kind = 'unknown' WHERE login = 'wren-oak'";
    app.change(unknown).await.expect("changed");
    let page = admin.get("/admin/people/wren-oak").await.text;
    assert!(page.contains("Change role") && !page.contains("class=\"tag\""), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn a_closed_account_is_no_member() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let id = person(&app, "wren-oak").await.id.into();
    let (db, now) = (&app.context().db, app.context().now());
    let member = reads::member(db, id, now).await.expect("read");
    assert_eq!(member.expect("a member").login, "wren-oak");
    browser.post("/settings/account/close", &[("login", "wren-oak")]).await.location();
    let closed = reads::member(db, id, now).await.expect("read");
    assert_eq!(closed, None);
    app.work().await;
    app.finish().await;
}
