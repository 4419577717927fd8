//! `/admin/settings` leads to the pages of the setup, which lead back there.

use identity::model::Role;
use platform::config::Config;

use crate::app::TestApp;

const STEPS: [&str; 4] = ["/setup/community", "/setup/programs", "/setup/github", "/setup/email"];

#[tokio::test]
async fn the_settings_lead_to_each_step_and_back() {
    let app = TestApp::following(|_| {}).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let settings = admin.get("/admin/settings").await.text;
    for step in STEPS {
        let path = format!("{step}?from=settings");
        assert!(settings.contains(&format!("href=\"{path}\"")), "{path}: {settings}");
        let page = admin.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let is_in_settings =
            page.text.contains(">Settings</p>") && page.text.contains("href=\"/admin/settings\"");
        assert!(is_in_settings && !page.text.contains("setup-steps"), "{}", page.text);
        let first = admin.get(step).await.text;
        assert!(first.contains("setup-steps") && !first.contains("value=\"settings\""), "{first}");
    }
    let form = [("community_name", "Fenwick"), ("from", "settings"), ("based_on", "0")];
    assert_eq!(admin.post(STEPS[0], &form).await.location(), "/admin/settings");
    assert!(admin.get("/admin/settings").await.text.contains("<td>Fenwick</td>"));
    let github = admin.get("/setup/github").await.text;
    assert!(github.contains("<a href=\"/setup/community\">Name and picture</a>"), "{github}");
    assert!(github.contains("<li aria-current=\"step\"><span>GitHub</span>"), "{github}");
    let form = [("programs", "hackathons"), ("programs", "discovery")];
    admin.post("/setup/programs", &form).await.location();
    for page in ["/setup/done", "/admin/settings"] {
        let page = admin.get(page).await.text;
        assert!(page.contains("Hackathons and Finding issues"), "{page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn what_is_set_elsewhere_has_no_link() {
    let environment = [
        ("SMTP_URL", "smtp://127.0.0.1:25"),
        ("GUILDHALL_MAIL_FROM", "hall@guild.example"),
        ("GITHUB_API_TOKEN", "token-of-the-server"),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let loaded = Config::load(&environment.into(), &Default::default()).expect("read");
    let app = TestApp::following(|config| config.settings = loaded.settings).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get("/admin/settings").await.text;
    assert!(page.contains("<td>Set by SMTP_URL in the environment of the server."), "{page}");
    assert!(!page.contains("/setup/email?"), "{page}");
    assert!(page.contains("/setup/github?from=settings"), "an App can still be created: {page}");
    app.finish().await;
}
