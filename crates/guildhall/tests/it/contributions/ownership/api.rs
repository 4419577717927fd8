use serde_json::{Value, json};

use super::*;

const PATH: &str = "/api/v1/projects/season/owner";

fn body(login: &str) -> Value {
    json!({ "login": login })
}

#[tokio::test]
async fn the_owner_transfers_the_project() {
    let app = scene().await;
    let own = app.browser_of(OWNER).await;
    let list = own.json("/api/v1/projects/season/maintainers").await;
    let expected = json!([
        { "login": OWNER, "role": "owner" },
        { "login": MAINTAINER, "role": "maintainer" },
    ]);
    assert_eq!(list["items"], expected);
    let done = own.call("PUT", PATH, Some(&body("Wren-Oak"))).await;
    assert_eq!((done.status.as_u16(), &*done.text), (204, ""));
    assert_eq!(owners(&own).await, [MAINTAINER]);
    let again = own.call("PUT", PATH, Some(&body(OWNER))).await;
    again.refuses(403, "OWNER_REQUIRED", "Only the owner of season");
    let other = app.browser_of(MAINTAINER).await;
    let remove = format!("/api/v1/projects/season/maintainers/{MAINTAINER}");
    let kept = other.call("DELETE", &remove, None).await;
    kept.refuses(409, "OWNS_PROJECT", "wren-oak owns this project");
    let back = json!({ "login": OWNER, "reason": "Back again" });
    let done = other.call("PUT", PATH, Some(&back)).await;
    assert_eq!(done.status, 204, "{}", done.text);
    assert_eq!(owners(&own).await, [OWNER]);
    app.finish().await;
}

#[tokio::test]
async fn transfers_are_refused() {
    let app = scene().await;
    let own = app.browser_of(OWNER).await;
    let admin = admin(&app).await;
    app.know_reviewer("season", "moss-fen").await;
    app.ban("moss-fen").await;
    let stranger = app.browser_of("hexacat").await;
    let (anonymous, wren) = (Browser::new(&app), body(MAINTAINER));
    let unknown = anonymous.call("PUT", PATH, Some(&wren)).await;
    unknown.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    let refused = stranger.call("PUT", PATH, Some(&wren)).await;
    refused.refuses(403, "OWNER_REQUIRED", "Only the owner of season");
    let active = admin.call("PUT", PATH, Some(&wren)).await;
    active.refuses(409, "OWNER_ACTIVE", "season has an owner");
    for (input, status, code, words) in [
        (body("hexacat"), 409, "NOT_A_MAINTAINER", "not a maintainer"),
        (body(OWNER), 409, "ALREADY_OWNER", "already owns season"),
        (body("moss-fen"), 409, "ACCOUNT_NOT_ACTIVE", "closed or banned"),
        (body("unknown-login"), 404, "PERSON_NOT_FOUND", "Unknown login"),
        (json!({}), 400, "BAD_BODY", "login"),
        (
            json!({ "login": MAINTAINER, "reason": "x".repeat(2_001) }),
            422,
            "REASON_TOO_LONG",
            "2001 characters",
        ),
    ] {
        let refused = own.call("PUT", PATH, Some(&input)).await;
        refused.refuses(status, code, words);
    }
    let elsewhere = PATH.replace("season", "nothing");
    let unknown = admin.call("PUT", &elsewhere, Some(&wren)).await;
    unknown.refuses(404, "NOT_FOUND", "Unknown project");
    assert_eq!(owners(&own).await, [OWNER]);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_admin_gives_a_project_its_first_owner_with_a_reason() {
    let app = TestApp::start().await;
    app.project("season").await;
    app.know_reviewer("season", MAINTAINER).await;
    let admin = admin(&app).await;
    let maintainer = app.browser_of(MAINTAINER).await;
    let refused = maintainer.call("PUT", PATH, Some(&body(MAINTAINER))).await;
    refused.refuses(403, "OWNER_REQUIRED", "Only the owner of season");
    let without = admin.call("PUT", PATH, Some(&body(MAINTAINER))).await;
    without.refuses(422, "REASON_REQUIRED", "Enter a reason");
    let input = json!({ "login": MAINTAINER, "reason": "They founded it" });
    let done = admin.call("PUT", PATH, Some(&input)).await;
    assert_eq!(done.status, 204, "{}", done.text);
    assert_eq!(owners(&admin).await, [MAINTAINER]);
    app.finish().await;
}
