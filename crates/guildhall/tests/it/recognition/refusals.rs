//! Refused leaderboard requests and their messages.

use super::grants::board_of;
use crate::app::TestApp;

#[tokio::test]
async fn an_unknown_leaderboard_or_person_is_not_found() {
    let app = TestApp::start().await;
    board_of(&app, &["month:2026-10"], &[5]).await;
    app.project("season").await;
    for (path, words) in [
        ("global/ranks/no-one", "Unknown login 'no-one'"),
        ("global/ranks/p1", "p1 has no points on this leaderboard yet"),
        ("global/ranks/p%001", "has no points on this leaderboard yet"),
        ("months/2026-11/ranks/p1", "has no points"),
        ("projects/none", "Unknown project 'none'"),
        ("projects/none/ranks/p1", "Unknown project 'none'"),
        ("projects/season/ranks/p1", "has no points"),
        ("weeks/7", ""),
    ] {
        app.refuses(&format!("/api/v1/leaderboards/{path}"), 404, "NOT_FOUND", words).await;
    }
    app.finish().await;
}

#[tokio::test]
async fn an_invalid_query_is_refused() {
    let app = TestApp::start().await;
    board_of(&app, &["global"], &[5]).await;
    for (query, code) in [
        ("limit=0", "BAD_LIMIT"),
        ("limit=101", "BAD_LIMIT"),
        ("limit=-1", "BAD_LIMIT"),
        ("limit=many", "BAD_QUERY"),
        ("limit=99999999999999999999", "BAD_QUERY"),
        ("limit=1&limit=2", "BAD_QUERY"),
        ("rank=0", "BAD_RANK"),
        ("rank=-9223372036854775808", "BAD_RANK"),
        ("rank=first", "BAD_QUERY"),
        ("cursor=", "BAD_CURSOR"),
        ("cursor=5", "BAD_CURSOR"),
        ("cursor=%00", "BAD_CURSOR"),
        ("cursor=5.2026-10-02T080000.000000Z.00&rank=1", "BAD_CURSOR"),
    ] {
        for board in ["global", "months/2026-10"] {
            let path = format!("/api/v1/leaderboards/{board}?{query}");
            app.refuses(&path, 400, code, "").await;
        }
    }
    for month in ["2026-13", "2026-1", "october", "2026-10-01", "+026-10"] {
        let path = format!("/api/v1/leaderboards/months/{month}");
        app.refuses(&path, 400, "BAD_MONTH", "").await;
        app.refuses(&format!("{path}/ranks/p1"), 400, "BAD_MONTH", "").await;
    }
    app.finish().await;
}

#[tokio::test]
async fn an_unreadable_parameter_is_named() {
    let app = TestApp::start().await;
    for (path, code, says) in [
        (
            "leaderboards/global?rank=2&limit=many",
            "BAD_QUERY",
            "limit is 'many': use a whole number",
        ),
        (
            "projects?limit=99999999999999999999",
            "BAD_QUERY",
            "limit is '99999999999999999999': use a whole number",
        ),
        ("projects?limit=", "BAD_QUERY", "limit is '': use a whole"),
        ("projects?limit=1&limit=2", "BAD_QUERY", "limit is set more than once. Set it once."),
        ("pull-requests/octo-org/lantern/one", "BAD_PATH", "number is 'one': use a whole number"),
        ("people/%ff", "BAD_PATH", "login is not valid UTF-8"),
    ] {
        app.refuses(&format!("/api/v1/{path}"), 400, code, says).await;
    }
    app.finish().await;
}

/// A well-formed cursor with a position that no row can have.
#[tokio::test]
async fn an_invented_cursor_causes_no_server_error() {
    let app = TestApp::start().await;
    board_of(&app, &["global"], &[5]).await;
    let user = "00000000000000000000000000000001";
    for points in [i64::MIN, i64::MIN + 1, -1, i64::MAX] {
        for year in ["-9999", "0000", "9999", "-262143"] {
            let path = format!(
                "/api/v1/leaderboards/global?cursor={points}.{year}-01-01T000000.000000Z.{user}"
            );
            let status = app.get(&path).send().await.expect("an answer").status();
            assert!(status == 200 || status == 400, "{path}: {status}");
        }
    }
    app.finish().await;
}
