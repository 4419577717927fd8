//! A mail server is tried before it is saved: `/setup/email`.

use identity::model::Role;
use platform::config::Config;
use testkit::fake_smtp::FakeSmtp;

use crate::app::{
    TestApp,
    browser::{Answer, Browser},
    logs,
};

const PAGE: &str = "/setup/email";
const PASSWORD: &str = "hunter2-of-the-owl";
const ADDRESS: &str = "finch@ash.example";

/// Starts a mail server that asks for a password, and a server that applies what is saved.
async fn scene() -> (FakeSmtp, TestApp) {
    let smtp = FakeSmtp::start().await.expect("a port");
    smtp.require("hall", PASSWORD);
    logs::plant(PASSWORD);
    let mut app = TestApp::following(|_| {}).await;
    app.may_leave_work();
    (smtp, app)
}

fn port(smtp: &FakeSmtp) -> &str {
    smtp.url().rsplit(':').next().expect("a port")
}

/// Enters a mail server on this machine.
async fn enter(
    admin: &Browser<'_>,
    port: &str,
    (username, password): (&str, &str),
    based_on: &str,
) -> Answer {
    let form = [
        ("host", "127.0.0.1"),
        ("port", port),
        ("username", username),
        ("password", password),
        ("mail_from", "Fenwick <hall@guild.example>"),
        ("address", ADDRESS),
        ("based_on", based_on),
    ];
    admin.post(PAGE, &form).await
}

/// Returns the token of the link in an email as it was sent, whose long lines are folded.
fn token(text: &str) -> String {
    let text = text.replace("=\r\n", "").replace("=3D", "=");
    let link = text.split("/settings/email/verify?token=").nth(1).expect("a link");
    link.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect()
}

async fn nothing_was_saved(app: &TestApp, smtp: &FakeSmtp) {
    for table in ["settings", "user_emails"] {
        assert_eq!(app.count(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    assert!(smtp.taken().is_empty());
}

#[tokio::test]
async fn nothing_is_saved_when_the_mail_server_refuses_the_password() {
    let (smtp, app) = scene().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let refused = enter(&admin, port(&smtp), ("hall", "hunter3-of-the-owl"), "0").await;
    refused.refuses_form(422, None, "127.0.0.1 refused the password.");
    for part in ["Nothing was saved.", "535 5.7.8 authentication failed", "value=\"hall\"", ADDRESS]
    {
        assert!(refused.text.contains(part), "{part}: {}", refused.text);
    }
    assert!(!refused.text.contains("hunter3"), "{}", refused.text);
    let without = enter(&admin, port(&smtp), ("", ""), "0").await;
    without.refuses_form(422, None, "530 5.7.0");
    nothing_was_saved(&app, &smtp).await;
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_saved_when_the_mail_server_is_not_there() {
    let (smtp, app) = scene().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = closed.local_addr().expect("an address").port().to_string();
    drop(closed);
    let refused = enter(&admin, &port, ("hall", PASSWORD), "0").await;
    refused.refuses_form(422, None, "127.0.0.1 cannot be reached");
    nothing_was_saved(&app, &smtp).await;
    app.finish().await;
}

#[tokio::test]
async fn a_mail_server_that_takes_the_test_is_saved_and_the_address_verified() {
    let (smtp, app) = scene().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let sent = enter(&admin, port(&smtp), ("hall", PASSWORD), "0").await;
    let waiting = sent.location().to_owned();
    assert!(waiting.starts_with("/setup/email?from=&asked="), "{waiting}");
    let taken = smtp.taken();
    assert_eq!((taken.len(), &*taken[0].recipients), (1, &[ADDRESS.to_owned()][..]));
    assert!(taken[0].text.contains("Subject: Your server can send email"), "{}", taken[0].text);
    let token = token(&taken[0].text);
    logs::plant(&token);
    let rows = "SELECT name || '=' || coalesce(value, '-') AS value FROM settings ORDER BY name";
    let rows = app.values(rows).await.join("\n");
    assert!(rows.contains("smtp_url=-") && rows.contains("smtp_password=-"), "{rows}");
    assert!(!rows.contains(PASSWORD), "{rows}");

    let page = admin.get(&waiting).await;
    assert_eq!(page.header("refresh"), "5");
    assert!(page.text.contains(ADDRESS) && page.text.contains("goes on by itself"));
    let text = taken[0].text.replace("=\r\n", "").replace("=3D", "=");
    assert!(text.contains(&format!("{token}&return=/setup")), "{text}");
    let verify = format!("/settings/email/verify?token={token}&return=/setup");
    let page = admin.get(&verify).await.text;
    assert!(page.contains("<input type=\"hidden\" name=\"return\" value=\"/setup\">"), "{page}");
    let form = [("token", &*token), ("return", "/setup")];
    let verified = admin.post("/settings/email/verify", &form).await;
    assert_eq!(verified.location(), "/setup");
    assert_eq!(admin.get("/setup").await.location(), "/setup/community", "the first step left");
    assert_eq!(admin.get(&waiting).await.location(), "/setup/done");

    // Without a password, the saved one stays for the same server and user, and for no other.
    let again = enter(&admin, port(&smtp), ("hall", ""), "1").await;
    assert_eq!(again.location(), "/setup/done", "the address is verified");
    assert_eq!(smtp.taken().len(), 2);
    enter(&admin, port(&smtp), ("wren", ""), "1").await.refuses_form(422, None, "refused");
    let outdated = enter(&admin, port(&smtp), ("hall", PASSWORD), "0").await;
    outdated.refuses_form(409, None, "saved other settings");
    app.finish().await;
}

#[tokio::test]
async fn a_mail_server_of_the_environment_cannot_be_changed_here() {
    let environment =
        [("SMTP_URL", "smtp://127.0.0.1:25"), ("GUILDHALL_MAIL_FROM", "hall@guild.example")];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let loaded = Config::load(&environment.into(), &Default::default()).expect("read");
    let app = TestApp::following(|config| config.settings = loaded.settings).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get("/setup/email?from=settings").await.text;
    assert!(page.contains("Set by SMTP_URL in the environment of the server."), "{page}");
    assert!(!page.contains("name=\"host\""), "{page}");
    enter(&admin, "25", ("", ""), "0").await.refuses_form(409, None, "Set by SMTP_URL");
    app.finish().await;
}
