//! Commands that try the channels of alerts and the server's email.

use testkit::fake_post::FakePost;

use super::Sandbox;

#[tokio::test(flavor = "multi_thread")]
async fn channels_are_tried_on_the_command_line() {
    let post = FakePost::start().await.expect("a port");
    let sandbox = Sandbox::new().await;
    let none = sandbox.run(&["alert", "test"]);
    let said = String::from_utf8_lossy(&none.stderr).into_owned();
    assert_eq!(none.status.code(), Some(1), "{said}");
    assert!(said.contains("no channel of critical alerts has an address"), "{said}");
    let mut command = sandbox.command(&["alert", "test", "--severity", "high", "--json"]);
    command.env("SLACK_WEBHOOK_URL", format!("{}/services/T0/B0/X", post.url()));
    let tried = command.output().expect("run");
    let said = String::from_utf8_lossy(&tried.stdout).into_owned();
    assert!(tried.status.success(), "{said}");
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["alerts"][0]["channel"], "slack");
    assert_eq!(said["alerts"][0]["is_sent"], true);
    assert_eq!(post.taken_by("slack").len(), 1);
    let no_mail = sandbox.run(&["mail", "test", "ops@guild.example"]);
    let said = String::from_utf8_lossy(&no_mail.stderr).into_owned();
    assert_eq!(no_mail.status.code(), Some(1), "{said}");
    assert!(said.contains("email is not set up"), "{said}");
    let no_severity = sandbox.run(&["alert", "test", "--severity", "low"]);
    assert_eq!(no_severity.status.code(), Some(2));
    sandbox.remove().await;
}
