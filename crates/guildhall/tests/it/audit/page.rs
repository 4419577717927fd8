//! `/admin/audit` and its exports.

use serde_json::Value;

use super::scene;

#[tokio::test]
async fn the_page_shows_and_filters_entries() {
    let app = scene().await;
    let admin = app.browser_of("finch-ash").await;
    let page = admin.get("/admin/audit?actor=operator").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let about = |login: &str| format!("<bdi>{login}</bdi></a>");
    assert!(page.text.contains("Role changed"), "{}", page.text);
    assert!(page.text.contains(&about("finch-ash")), "{}", page.text);
    assert!(!page.text.contains(&about("wren-oak")));
    let page = admin.get("/admin/audit?actor=unknown-login").await;
    assert!(page.text.contains("No matching entries"), "{}", page.text);
    let wrong = admin.get("/admin/audit?since=x").await;
    wrong.refuses(400, "BAD_QUERY", "Use a date");
    app.finish().await;
}

#[tokio::test]
async fn the_page_says_what_happened_without_codes_and_ids() {
    let app = scene().await;
    let named = "UPDATE users SET name = 'Wren Oak' WHERE login = 'wren-oak'";
    app.change(named).await.expect("named");
    let admin = app.browser_of("finch-ash").await;
    let page = admin.get("/admin/audit?action=user.grant").await.text;
    let rows = page.split("<tbody>").nth(1).expect("rows");
    for shown in ["Role changed", ">Wren Oak<", "role: user → role: moderator"] {
        assert!(rows.contains(shown), "{shown}: {rows}");
    }
    let id = app.person_id("wren-oak").await.to_string();
    assert_eq!(rows.matches(&id).count(), rows.matches(&format!("/people/{id}")).count());
    assert!(!rows.contains("user.grant"), "{rows}");
    app.finish().await;
}

#[test]
fn each_kind_is_said_in_words_of_its_own() {
    let mut said = std::collections::BTreeSet::new();
    for kind in guildhall::MODULES.audit() {
        assert!(kind.says.starts_with(char::is_uppercase), "{}", kind.says);
        assert!(!kind.says.contains(['.', '_']), "{}", kind.says);
        assert!(said.insert(kind.says), "{} twice", kind.says);
    }
}

#[tokio::test]
async fn many_entries_are_paged() {
    let app = scene().await;
    for number in 0..50 {
        app.project(&format!("project-{number}")).await;
    }
    let admin = app.browser_of("finch-ash").await;
    let page = admin.get("/admin/audit").await;
    let next = page.text.split("href=\"/admin/audit?after=").nth(1);
    let next = next.and_then(|rest| rest.split('"').next()).expect("more");
    let next = admin.get(&format!("/admin/audit?after={next}")).await;
    assert!(next.text.contains("<bdi>wren-oak</bdi></a>"), "{}", next.text);
    app.finish().await;
}

#[tokio::test]
async fn the_whole_search_can_be_exported() {
    let app = scene().await;
    let admin = app.browser_of("finch-ash").await;
    let csv = admin.get("/admin/audit/log.csv?target=wren-oak").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let rows: Vec<&str> = csv.text.trim_end().split("\r\n").collect();
    assert!(rows[0].ends_with("before,after,reason,request_id,network"));
    assert_eq!(rows.len(), 3, "{}", csv.text);
    assert!(rows[1].contains("\"finch-ash\",\"user.grant\",\"user\""));
    let lines = admin.get("/admin/audit/log.jsonl").await;
    let lines: Vec<Value> =
        lines.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let list = admin.json("/api/v1/admin/audit").await;
    assert_eq!(&lines, list["items"].as_array().expect("items"));
    let wrong = admin.get("/admin/audit/log.csv?until=x").await;
    wrong.refuses(400, "BAD_QUERY", "Use a date");
    app.finish().await;
}

#[tokio::test]
async fn an_export_has_no_length_limit() {
    let app = scene().await;
    let copy = "INSERT INTO audit_logs (id, created_at, actor_kind, action, target_kind, target_id) \
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)";
    let sql = match app.context().db.engine() {
        platform::db::Engine::Sqlite => format!(
            "{copy} SELECT randomblob(16), created_at, 'operator', 'x.y', 'z', target_id \
             FROM n, (SELECT * FROM audit_logs LIMIT 1) a"
        ),
        platform::db::Engine::Postgres => format!(
            "{copy} SELECT gen_random_uuid(), created_at, 'operator', 'x.y', 'z', target_id \
             FROM n, (SELECT * FROM audit_logs LIMIT 1) a"
        ),
    };
    app.change(&sql).await.expect("many lines");
    let admin = app.browser_of("finch-ash").await;
    let lines = admin.get("/admin/audit/log.jsonl?action=x.y").await;
    let mut ids: Vec<String> = lines
        .text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].to_string())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2_500);
    app.finish().await;
}
