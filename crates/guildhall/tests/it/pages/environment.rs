//! The environment of a server, which pages say unless it is one to stay on.

use platform::config::Environment;

use crate::app::{TestApp, browser::Browser};

#[tokio::test]
async fn pages_of_a_preview_say_so_and_are_not_indexed() {
    for (environment, name, has_banner) in [
        (Environment::Staging, "staging", true),
        (Environment::Preview, "preview", true),
        (Environment::Production, "production", false),
    ] {
        let app = TestApp::with(|config| config.environment = environment).await;
        assert_eq!(app.json("/api/health").await["environment"], name);
        let visitor = Browser::new(&app);
        for path in ["/leaderboards", "/guides", "/none"] {
            let page = visitor.get(path).await.text;
            let said = format!("This is a {name} server");
            assert_eq!(page.contains(&said), has_banner, "{path}: {page}");
            let noindex = r#"<meta name="robots" content="noindex">"#;
            assert_eq!(page.contains(noindex), has_banner, "{path}: {page}");
        }
        app.finish().await;
    }
}
