//! Wrong codes: which of them count, and what ends the wait.

use super::*;

const CONFIRM: &str = "/api/v1/me/second-factor/confirm";

async fn type_in(browser: &Browser<'_>, path: &str, code: &str) -> Answer {
    browser.call("POST", path, Some(&json!({ "code": code }))).await
}

#[tokio::test]
async fn a_reset_ends_the_wait() {
    let app = TestApp::start().await;
    let (_, finder, lost) = admin(&app, "wren-oak").await;
    for _ in 0..5 {
        prove(&finder, &lost.wrong_code()).await.refuses(422, "WRONG_CODE", "wrong");
    }
    prove(&finder, &lost.next_code()).await.refuses(429, "TOO_MANY_CODES", "Wait 15 minutes");
    reset_second_factor(app.context(), Operator, "wren-oak").await.expect("reset");
    assert_eq!(app.count("SELECT count(*) FROM wrong_codes").await, 0);
    let owner = app.browser_of("wren-oak").await;
    let phone = app.second_factor(&owner).await;
    let again = app.browser_of("wren-oak").await;
    assert_eq!(prove(&again, &phone.next_code()).await.status, 204);
    app.finish().await;
}

#[tokio::test]
async fn what_is_not_a_code_does_not_count() {
    let app = TestApp::start().await;
    let (_, browser, phone) = admin(&app, "wren-oak").await;
    for typed in ["abc", "", "12345", "1234567", "01234-56789", "28708a"] {
        prove(&browser, typed).await.refuses(422, "NOT_A_CODE", "recovery code");
    }
    let form = [("code", "abc")];
    let refused = browser.post("/sign-in/second-factor", &form).await;
    refused.refuses_form(422, Some("code"), "This is not a code");
    assert_eq!(app.count("SELECT count(*) FROM wrong_codes").await, 0);
    assert_eq!(prove(&browser, &phone.next_code()).await.status, 204);
    app.finish().await;
}

#[tokio::test]
async fn mistakes_before_the_first_code_do_not_count() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let first = browser.call("POST", OWN, None).await.json();
    let first = Authenticator::reading(&app, first["secret"].as_str().expect("a secret"));
    for _ in 0..6 {
        let refused = type_in(&browser, CONFIRM, &first.wrong_code()).await;
        refused.refuses(422, "WRONG_CODE", "for this secret");
        assert!(!refused.text.contains("recovery"), "there are none: {}", refused.text);
    }
    assert_eq!(app.count("SELECT count(*) FROM wrong_codes").await, 0);
    // The page offers a new secret, after which the former is worth nothing.
    let page = browser.get(PAGE).await.text;
    let form = format!("<form class=\"card stack-s\" method=\"post\" action=\"{PAGE}\">");
    assert!(page.contains(&form) && page.contains("Create a new secret"), "{page}");
    assert_eq!(browser.post(PAGE, &[]).await.location(), PAGE);
    let page = browser.get(PAGE).await.text;
    let secret = page.split("<code class=\"id\">").nth(1).and_then(|it| it.split('<').next());
    let second = Authenticator::reading(&app, secret.expect("a secret"));
    type_in(&browser, CONFIRM, &first.code()).await.refuses(422, "WRONG_CODE", "for this secret");
    assert_eq!(type_in(&browser, CONFIRM, &second.code()).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn each_form_of_the_page_has_one_button() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let phone = app.second_factor(&browser).await;
    let page = browser.get(PAGE).await.text;
    let (_, main) = page.split_once("<main").expect("a main part");
    for part in ["recovery-codes", "remove"] {
        let (_, form) = main.split_once(&format!("action=\"{PAGE}/{part}\"")).expect("a form");
        let (form, _) = form.split_once("</form>").expect("an end");
        assert_eq!(form.matches("<button").count(), 1, "Enter does what the form says: {form}");
    }
    assert!(!main.contains("formaction"), "{main}");
    // The refused form has the error, and only one field has each id.
    for (part, said) in [("recovery-codes", "were not replaced"), ("remove", "was not removed")] {
        let form = [("code", phone.wrong_code())];
        let form = form.each_ref().map(|(name, code)| (*name, code.as_str()));
        let refused = browser.post(&format!("{PAGE}/{part}"), &form).await;
        refused.refuses_form(422, Some("code"), "This code is wrong");
        assert!(refused.text.contains(said), "{}", refused.text);
        for id in ["id=\"code\"", "id=\"code-2\"", "id=\"code-e\""] {
            assert_eq!(refused.text.matches(id).count(), 1, "{id}: {}", refused.text);
        }
        let (_, own) =
            refused.text.split_once(&format!("action=\"{PAGE}/{part}\"")).expect("a form");
        let (own, _) = own.split_once("</form>").expect("an end");
        assert!(own.contains("id=\"code-e\""), "{own}");
    }
    app.finish().await;
}
