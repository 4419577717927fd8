//! Every status of an error page, by a real route: what happened, what was kept, and the way on.

use identity::model::Role;
use platform::config::PublicContact;
use reqwest::{RequestBuilder, header};

use crate::app::{
    TestApp,
    browser::{Browser, SESSION},
    client,
};

/// Returns the status and the main part of the page, without the header and the footer of the layout.
async fn main_of(request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, main_part(&answer.text().await.expect("HTML")).to_owned())
}

fn main_part(html: &str) -> &str {
    let (_, rest) = html.split_once("<main").expect("a main part");
    rest.split_once("</main>").expect("its end").0
}

/// Returns a request with the session of a browser, from a page of this server.
fn from_page(
    app: &TestApp,
    browser: &Browser<'_>,
    request: RequestBuilder,
    page: &str,
) -> RequestBuilder {
    let session = browser.cookie(SESSION);
    let request = match session {
        Some(session) => request.header(header::COOKIE, format!("{SESSION}={session}")),
        None => request,
    };
    let from = format!("{}{page}", app.url);
    request.header(header::REFERER, from).header("sec-fetch-site", "same-origin")
}

/// Checks that one action is primary and that it is this one.
fn leads(main: &str, action: &str) {
    assert_eq!(main.matches("btn primary").count(), 1, "{main}");
    assert!(main.contains(action), "{action}: {main}");
    assert!(!main.contains("/leaderboards"), "{main}");
}

#[tokio::test]
async fn a_page_that_is_not_found_leads_to_its_list_to_the_search_and_back() {
    let app = TestApp::start().await;
    let visitor = Browser::new(&app);
    for path in ["/projects/low-tide-hak", "/projects/a/b/c/d/low-tide-hak"] {
        let asked = from_page(&app, &visitor, app.get(path), "/guides");
        let (status, main) = main_of(asked).await;
        assert_eq!(status, 404, "{path}");
        leads(&main, r#"<button class="btn primary">Search</button>"#);
        for part in [
            r#"<li><a href="/projects">Projects</a></li>"#,
            r#"<a class="btn" href="/projects">Projects</a>"#,
            r#"value="low tide hak""#,
            r#"href="/guides">Go back</a>"#,
            r#"href="/">Home page</a>"#,
            r#"write to <a href="/contact">the people who run this server</a>"#,
        ] {
            assert!(main.contains(part), "{part}: {main}");
        }
        let has_details = main.contains("<summary>Details</summary>");
        assert_eq!(has_details, main.contains("There is no such project"), "{main}");
        let html = super::page(&app, path).await.1;
        assert!(html.contains("aria-current=\""), "the section is current: {html}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_refused_person_goes_back_to_the_page_before() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let asked = from_page(&app, &wren, app.get("/admin/overview"), "/inbox?show=unread");
    let (status, main) = main_of(asked).await;
    assert_eq!(status, 403);
    leads(&main, r#"<a class="btn primary" href="/inbox?show=unread">Go back</a>"#);
    let alone = wren.get("/admin/overview").await;
    assert!(alone.text.contains(r#"<a class="btn primary" href="/">Home page</a>"#), "{alone:?}");
    app.finish().await;
}

#[tokio::test]
async fn pages_of_another_site_are_no_way_back() {
    let app = TestApp::start().await;
    for from in ["https://evil.example/a", "http://evil.example"] {
        let asked = app.get("/admin/nothing").header(header::REFERER, from);
        let (status, main) = main_of(asked).await;
        assert_eq!(status, 404);
        assert!(!main.contains("evil.example") && !main.contains("Go back"), "{main}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_form_that_a_page_does_not_accept_keeps_its_text() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let form = client().post(format!("{}/projects", app.url)).form(&[("note", "Typed for long")]);
    let (status, main) = main_of(from_page(&app, &wren, form, "/projects/new")).await;
    assert_eq!(status, 405);
    leads(&main, r#"<a class="btn primary" href="/projects/new">Back to the form</a>"#);
    for part in ["This page accepts no form", "What you entered is below.", "Typed for long</text"]
    {
        assert!(main.contains(part), "{part}: {main}");
    }
    let opened = wren.get("/sign-out").await;
    opened.refuses(405, "METHOD_NOT_ALLOWED", "This page only accepts forms");
    app.finish().await;
}

#[tokio::test]
async fn a_conflict_leads_back_to_the_form() {
    const UNKNOWN: &str = "0198a000-0000-7000-8000-000000000000";
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let retry = format!("{}/admin/notifications/{UNKNOWN}/retry", app.url);
    let form = client().post(retry).form(&[("reason", "Typed for long")]);
    let (status, main) = main_of(from_page(&app, &admin, form, "/admin/notifications")).await;
    assert_eq!(status, 409);
    leads(&main, r#"<a class="btn primary" href="/admin/notifications">Back to the form</a>"#);
    for part in ["This is not possible now", "Nothing was changed.", "Typed for long</textarea>"] {
        assert!(main.contains(part), "{part}: {main}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused_as_such() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let large = wren.post("/settings/listing", &[("reason", &"a".repeat(2 << 20))]).await;
    large.refuses(413, "TOO_LARGE", "The form is larger than 2 MB");
    leads(main_part(&large.text), r#"href="/">Home page</a>"#);
    app.finish().await;
}

#[tokio::test]
async fn an_invalid_url_leads_back() {
    let app = TestApp::start().await;
    let asked = app
        .get("/projects?archived=perhaps")
        .header(header::REFERER, format!("{}/projects", app.url));
    let (status, main) = main_of(asked).await;
    assert_eq!(status, 400);
    leads(&main, r#"<a class="btn primary" href="/projects">Go back</a>"#);
    app.finish().await;
}

#[tokio::test]
async fn too_many_requests_show_the_frame_and_a_way_to_try_again() {
    let app = TestApp::with(|config| {
        config.requests_per_minute = 1;
        config.exempt_networks.clear();
        config.community_name = "Fenwick Commons".to_owned();
    })
    .await;
    app.get("/projects").send().await.expect("an answer");
    let answer = app.get("/projects?archived=true").send().await.expect("an answer");
    assert_eq!(answer.status(), 429);
    let html = answer.text().await.expect("HTML");
    assert!(html.contains("Fenwick Commons") && html.contains("Try again in"), "{html}");
    leads(
        main_part(&html),
        r#"<a class="btn primary" href="/projects?archived=true">Try again</a>"#,
    );
    assert!(html.contains("aria-current=\""), "the section is current: {html}");
    app.finish().await;
}

#[tokio::test]
async fn failures_name_the_contact_of_the_operator() {
    let app = TestApp::with(|config| {
        config.community_contact = PublicContact::read("help@guild.example");
        config.contact_operations = PublicContact::read("ops@guild.example");
    })
    .await;
    let (_, missing) = main_of(app.get("/projects/none")).await;
    assert!(missing.contains("mailto:help@guild.example"), "{missing}");
    app.change("DROP TABLE project_repositories").await.expect("dropped");
    let (status, main) = main_of(app.get("/projects")).await;
    assert_eq!(status, 500);
    leads(&main, r#"<a class="btn primary" href="/projects">Try again</a>"#);
    assert!(main.contains(r#"<a href="mailto:ops@guild.example">ops@guild.example</a>"#), "{main}");
    app.abandon().await;
}
