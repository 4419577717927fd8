//! The first run of a server: its log has the code that makes the first admin.

use reqwest::{Response, redirect::Policy};
use serde_json::Value;

use super::{Sandbox, program::Program};
use crate::app::client_builder;

fn location(answer: &Response) -> &str {
    assert_eq!(answer.status(), 303);
    answer.headers()["location"].to_str().expect("text")
}

/// Returns the line of the log that has the code.
fn offer(server: &Program) -> Value {
    let log = server.log();
    let line = log.lines().find(|line| line.contains("no admin yet")).expect("a line");
    serde_json::from_str(line).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_has_a_code_and_the_home_page_leads_to_it() {
    let sandbox = Sandbox::empty().await;
    let server = sandbox.serve(&[]).await.says("no admin yet").await;
    let client = client_builder().redirect(Policy::none()).build().expect("a client");
    let get = async |path: &str| {
        client.get(format!("{}{path}", sandbox.url())).send().await.expect("an answer")
    };
    let home = get("/").await;
    assert_eq!(location(&home), "/setup");
    assert_eq!(home.headers()["cache-control"], "no-store");
    assert_eq!(get("/projects").await.status(), 200, "only the home page leads there");
    let setup = get("/setup").await.text().await.expect("text");
    let command = "guildhall setup-code --data-dir ";
    assert!(setup.contains(command), "{setup}");

    let offer = offer(&server);
    assert!(offer["another"].as_str().is_some_and(|own| own.starts_with(command)), "{offer}");
    assert_eq!(offer["address"], format!("{}/setup", sandbox.url()));
    let form = [("code", offer["code"].as_str().expect("a code")), ("name", "Wren Oak")];
    let enter = async || {
        let request = client.post(format!("{}/setup", sandbox.url())).form(&form);
        request.header("sec-fetch-site", "same-origin").send().await.expect("an answer")
    };
    assert_eq!(location(&enter().await), "/setup/community");
    assert_eq!(enter().await.status(), 409);
    assert_eq!(get("/").await.status(), 200);

    let said = sandbox.succeed(&["setup-code"]);
    assert!(said.contains("to sign in as wren-oak.id."), "{said}");
    let refused = sandbox.run(&["setup-code", "--as", "finch-ash"]);
    assert!(!refused.status.success());
    drop(server);
    let next = sandbox.serve(&[]).await;
    assert_eq!(get("/").await.status(), 200);
    assert!(!next.log().contains("no admin yet"), "{}", next.log());
    drop(next);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_people_keeps_its_home_page() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["seed", "--people", "1"]);
    let said = sandbox.succeed(&["setup-code"]);
    assert!(said.contains("to become the first admin."), "{said}");
    let server = sandbox.serve(&[]).await.says("no admin yet").await;
    let client = client_builder().redirect(Policy::none()).build().expect("a client");
    let home = client.get(sandbox.url()).send().await.expect("an answer");
    assert_eq!(home.status(), 200);
    drop(server);
    sandbox.remove().await;
}
