//! Descriptions of public pages for search engines and other sites.

use super::{html, server};

#[tokio::test]
async fn public_pages_describe_themselves() {
    let app = server().await;
    for (path, title, description) in [
        ("/", "Guildhall", "See what each contribution earned"),
        ("/projects", "Projects", "scoring rules"),
        ("/projects/lantern", "lantern", "Repositories, scoring rules"),
        ("/projects/lantern/rules", "lantern", "All versions"),
        ("/leaderboards", "Leaderboard", "points"),
        ("/people/wren-oak", "wren-oak", "60 points on Guildhall"),
        ("/pull-requests/octo-org/lantern/1", "octo-org/lantern #1", "60 points. See each step"),
        ("/guides/contributing", "Contribute to a project", "what earns points"),
    ] {
        let page = html(&app, path).await;
        let value = |start: &str| {
            let rest = page.split(start).nth(1);
            let rest = rest.unwrap_or_else(|| panic!("{path} has no {start}: {page}"));
            rest.split("\">").next().expect("an end").to_owned()
        };
        let shown = value("<meta property=\"og:title\" content=\"");
        assert!(shown.contains(title), "{path}: {shown}");
        for name in [
            "<meta name=\"description\" content=\"",
            "<meta property=\"og:description\" content=\"",
        ] {
            let shown = value(name);
            assert!(shown.contains(description), "{path}: {shown}");
        }
    }
    app.finish().await;
}
