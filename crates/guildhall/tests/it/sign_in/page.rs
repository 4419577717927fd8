use identity::model::Role;
use platform::config::PublicContact;

use super::scene;
use crate::app::{TestApp, browser::Browser, mailbox::Mailbox};

#[tokio::test]
async fn the_page_offers_github_and_remembers_the_return_path() {
    let (_github, app) = scene().await;
    let page = Browser::new(&app).get("/sign-in?return=/people/wren-oak").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("/sign-in/github?return=%2Fpeople%2Fwren-oak"), "{}", page.text);
    assert!(!page.text.contains("/sign-in/demo"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn sign_in_returns_to_the_page_that_linked_to_it() {
    let (_github, app) = scene().await;
    let own = format!("{}/leaderboards?rank=3", app.url);
    for (from, back) in
        [(own.as_str(), "%2Fleaderboards%3Frank%3D3"), ("https://evil.example/leaderboards", "%2F")]
    {
        let page = app.get("/sign-in").header("referer", from);
        let page = page.send().await.expect("an answer");
        let page = page.text().await.expect("text");
        let link = format!("/sign-in/github?return={back}\"");
        assert!(page.contains(&link), "{page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn without_a_sign_in_method_the_page_says_so() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let page = browser.get("/sign-in").await;
    assert!(page.text.contains("<a href=\"/setup\">set it up</a>"), "{}", page.text);
    assert!(!page.text.contains("With GitHub"), "{}", page.text);
    let begin = browser.get("/sign-in/github").await;
    begin.refuses(404, "SIGN_IN_NOT_SET_UP", "/admin/settings");
    let back = browser.get("/sign-in/github/callback?code=x&state=y").await;
    back.refuses(404, "SIGN_IN_NOT_SET_UP", "/admin/settings");
    app.browser_with("finch-ash", Role::Admin).await;
    let page = browser.get("/sign-in").await;
    assert!(!page.text.contains("href=\"/setup\""), "{}", page.text);
    assert!(page.text.contains("<code>guildhall setup-code</code>"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn with_email_alone_the_page_offers_it_alone() {
    let (app, _mailbox) = TestApp::mailing().await;
    app.browser_with("finch-ash", Role::Admin).await;
    let page = Browser::new(&app).get("/sign-in").await.text;
    assert!(page.contains("Email me a sign-in link"), "{page}");
    assert!(!page.contains("With GitHub") && !page.contains("No way to sign in"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn over_tls_cookies_are_host_only_and_hsts_is_sent() {
    let (github, app) = scene().await;
    let url = github.url().to_owned();
    let secure = TestApp::with(|config| {
        config.public_url = Some("https://guild.example".to_owned());
        config.github_client_id = Some("guildhall".to_owned());
        config.github_client_secret = Some("fake-secret".to_owned().into());
        config.github_url = url.clone();
        config.github_api_url = url;
    })
    .await;
    let browser = Browser::new(&secure);
    let back = browser.callback(&github, "wren-oak", "/sign-in/github").await;
    let path = back.strip_prefix("https://guild.example").expect("the public address");
    let came = browser.get(path).await;
    let set: Vec<&str> =
        came.headers.get_all("set-cookie").iter().map(|set| set.to_str().expect("text")).collect();
    assert!(
        set.iter().all(|set| set.starts_with("__Host-") && set.ends_with("; Secure")),
        "{set:?}"
    );
    let hsts = came.header("strict-transport-security");
    assert_eq!(hsts, "max-age=31536000; includeSubDomains");
    assert!(browser.get("/").await.text.contains("wren-oak"));
    secure.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn a_server_with_invitations_only_names_whom_to_ask() {
    let mailbox = Mailbox::default();
    let app = TestApp::posting(mailbox.channels(), |config| {
        config.community_contact = PublicContact::read("help@guild.example");
    });
    let app = app.await;
    app.browser_with("wren-oak", Role::Admin).await;
    let page = Browser::new(&app).get("/sign-in").await.text;
    let contact = r#"(<a href="mailto:help@guild.example">help@guild.example</a>) to invite you"#;
    assert!(page.contains("Accounts are by invitation") && page.contains(contact), "{page}");
    app.finish().await;
}
