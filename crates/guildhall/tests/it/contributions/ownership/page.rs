use super::*;

const PATH: &str = "/projects/season/maintainers";
const TO_WREN: &str = "/projects/season/maintainers/wren-oak/transfer";

#[tokio::test]
async fn the_owner_is_asked_transfers_and_stays_a_maintainer() {
    let app = scene().await;
    let own = app.browser_of(OWNER).await;
    let other = app.browser_of(MAINTAINER).await;
    let list = own.get(PATH).await.text;
    assert!(list.contains(">Owner</span>"), "{list}");
    let links = list.split("href=\"").skip(1);
    let mut links = links.filter_map(|rest| rest.split('"').next());
    let link = links.find(|link| link.ends_with("/transfer"));
    let link = link.expect("a link");
    let list = other.get(PATH).await.text;
    assert!(!list.contains("/transfer"), "{list}");
    let question = own.get(link).await;
    assert_eq!(question.status, 200);
    let heading = "<h1>Transfer <bdi>season</bdi> to <bdi>wren-oak</bdi>?</h1>";
    assert!(question.text.contains(heading), "{}", question.text);
    assert!(question.text.contains("You stay a maintainer"));
    assert_eq!(owners(&own).await, [OWNER], "asking changes nothing");
    assert_eq!(own.post(link, &[]).await.location(), PATH);
    let said = own.get(PATH).await.text;
    assert!(said.contains("wren-oak now owns season"), "{said}");
    assert_eq!(owners(&own).await, [MAINTAINER]);
    let again = own.post(TO_WREN, &[]).await;
    again.refuses(403, "OWNER_REQUIRED", "Only the owner of season");
    let acts = "SELECT count(*) FROM audit_logs WHERE action = 'project.transfer'";
    assert_eq!(app.count(acts).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn the_owner_cannot_be_removed() {
    let app = scene().await;
    let own = app.browser_of(OWNER).await;
    let other = app.browser_of(MAINTAINER).await;
    let admin = admin(&app).await;
    let remove = format!("{PATH}/{OWNER}/remove");
    let words = "Transfer it to another maintainer first";
    for browser in [&own, &other, &admin] {
        let asked = browser.get(&remove).await;
        asked.refuses(409, "OWNS_PROJECT", words);
        let removed = browser.post(&remove, &[]).await;
        removed.refuses(409, "OWNS_PROJECT", words);
    }
    assert_eq!(own.post(TO_WREN, &[]).await.location(), PATH);
    assert_eq!(other.post(&remove, &[]).await.location(), PATH);
    let gone = own.get(PATH).await;
    gone.refuses(403, "MAINTAINER_REQUIRED", "Ask one of them");
    app.finish().await;
}

#[tokio::test]
async fn transfers_are_refused() {
    let app = scene().await;
    let own = app.browser_of(OWNER).await;
    app.know_reviewer("season", "moss-fen").await;
    app.ban("moss-fen").await;
    let stranger = app.browser_of("hexacat").await;
    let maintainer = app.browser_of(MAINTAINER).await;
    for browser in [&stranger, &maintainer] {
        let words = "Only the owner of season";
        let asked = browser.get(TO_WREN).await;
        asked.refuses(403, "OWNER_REQUIRED", words);
        let posted = browser.post(TO_WREN, &[]).await;
        posted.refuses(403, "OWNER_REQUIRED", words);
    }
    for (login, status, code, words) in [
        ("hexacat", 409, "NOT_A_MAINTAINER", "is not a maintainer"),
        (OWNER, 409, "ALREADY_OWNER", "already owns season"),
        ("moss-fen", 409, "ACCOUNT_NOT_ACTIVE", "closed or banned"),
        ("unknown-login", 404, "PERSON_NOT_FOUND", "Unknown login"),
    ] {
        let path = format!("{PATH}/{login}/transfer");
        own.get(&path).await.refuses(status, code, words);
        own.post(&path, &[]).await.refuses(status, code, words);
    }
    let elsewhere = TO_WREN.replace("season", "nothing");
    let unknown = own.get(&elsewhere).await;
    unknown.refuses(404, "NOT_FOUND", "Unknown project");
    let long = "x".repeat(2_001);
    let refused = own.post(TO_WREN, &[("reason", &long)]).await;
    refused.refuses_form(422, Some("reason"), "2001 characters");
    assert_eq!(owners(&own).await, [OWNER]);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn admins_transfer_only_if_the_owner_cannot() {
    let app = scene().await;
    let admin = admin(&app).await;
    let list = admin.get(PATH).await.text;
    assert!(!list.contains("/transfer"), "{list}");
    let asked = admin.get(TO_WREN).await;
    asked.refuses(409, "OWNER_ACTIVE", "season has an owner");
    let posted = admin.post(TO_WREN, &[("reason", "to try")]).await;
    posted.refuses(409, "OWNER_ACTIVE", "season has an owner");
    app.ban(OWNER).await;
    assert!(admin.get(PATH).await.text.contains("/transfer"));
    let question = admin.get(TO_WREN).await.text;
    assert!(question.contains("rows=\"3\" required"), "{question}");
    let blank = admin.post(TO_WREN, &[("reason", " ")]).await;
    blank.refuses_form(422, Some("reason"), "Enter a reason");
    let done = admin.post(TO_WREN, &[("reason", "Banned")]).await;
    assert_eq!(done.location(), PATH);
    assert_eq!(owners(&admin).await, [MAINTAINER]);
    let other = app.browser_of(MAINTAINER).await;
    let closed = other.post("/settings/account/close", &[("login", MAINTAINER)]);
    assert_eq!(closed.await.location(), "/");
    app.work().await;
    app.know_reviewer("season", "moss-fen").await;
    let path = format!("{PATH}/moss-fen/transfer");
    let done = admin.post(&path, &[("reason", "Closed")]).await;
    assert_eq!(done.location(), PATH);
    assert_eq!(owners(&admin).await, ["moss-fen"]);
    app.work().await;
    app.finish().await;
}
