//! `/discover` and the page of one opportunity.

use super::*;

#[tokio::test]
async fn a_server_that_follows_nothing_says_so() {
    let app = TestApp::start().await;
    let page = crate::app::browser::Browser::new(&app).get("/discover").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("No repository is followed"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn results_mark_the_words_and_keep_the_filters() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Report <which> page failed its checksum", &["bug", "good first issue"]);
    reef.open(LANTERN, "Explain the tide table", &["documentation"]);
    follow(&app, &[LANTERN]).await;
    let browser = crate::app::browser::Browser::new(&app);
    let all = browser.get("/discover").await;
    assert!(all.text.contains("2 issues"), "{}", all.text);
    assert!(all.text.contains("Sign in</a> to see the issues that fit you first"), "{}", all.text);
    assert!(!all.text.contains("What you watch"), "{}", all.text);
    let own = app.browser_of("hexacat").await.get("/discover").await;
    assert!(own.text.contains("id=\"followed\">What you watch"), "{}", own.text);
    assert!(own.text.contains("href=\"/discover/watching\">Watch a repository"), "{}", own.text);
    assert!(all.text.contains("Report &#60;which&#62; page"), "{}", all.text);
    let found = browser.get("/discover?q=cheksum&type=bug").await;
    assert!(found.text.contains("<mark>checksum</mark>"), "{}", found.text);
    assert!(found.text.contains("No issue has “cheksum”; searched for “checksum”."));
    let other = "/discover?q=cheksum&amp;type=documentation";
    assert!(!found.text.contains("tide table"));
    assert!(found.text.contains("value=\"bug\" selected"));
    let narrowed = browser.get(&other.replace("&amp;", "&")).await;
    assert!(narrowed.text.contains("No issue matches “cheksum” with these filters"));
    assert!(narrowed.text.contains("Without the type</a> there is 1."), "{}", narrowed.text);
    let wrong = browser.get("/discover?sort=worst").await;
    assert_eq!(wrong.status, 400);
    app.finish().await;
}

#[tokio::test]
async fn visitors_see_who_reviews_the_issues_of_projects_first() {
    let reef = Reef::new().await;
    reef.repository("octo-org", "tidewright");
    let app = reef.server().await;
    reef.open("octo-org/tidewright", "Report the last tide", &["good first issue"]);
    reef.open(LANTERN, "Explain the tide table", &[]);
    reef.register(&app).await;
    follow(&app, &[LANTERN, "octo-org/tidewright"]).await;
    let issues = async || {
        let page = crate::app::browser::Browser::new(&app).get("/").await.text;
        let part = page.split("class=\"offers titles\"").nth(1);
        part.and_then(|part| part.split("</ul>").next()).expect("issues").to_owned()
    };
    let place = |part: &str, title: &str| part.find(&format!("<bdi>{title}</bdi>")).expect("shown");
    let before = issues().await;
    assert!(place(&before, "Report the last tide") < place(&before, "Explain the tide table"));
    app.browser_of("hexacat").await;
    app.add_maintainer("season", "hexacat").await;
    let after = issues().await;
    assert!(place(&after, "Explain the tide table") < place(&after, "Report the last tide"));
    let reviewer = "href=\"/people/hexacat\"><bdi>hexacat</bdi></a>";
    assert_eq!(after.matches(reviewer).count(), 1, "{after}");
    assert!(after.contains("maintains season") && !before.contains("hexacat"), "{after}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn one_opportunity_shows_what_it_is_made_of() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let number = reef.open_with(LANTERN, "Report the page", |issue| {
        issue.body = Some(
            "**Bold** <script>alert(1)</script> and [a link](https://example.org).".to_owned(),
        );
    });
    follow(&app, &[LANTERN]).await;
    let list = app.json("/api/v1/opportunities").await;
    let address = format!("/discover/{}", list["items"][0]["id"].as_str().expect("an ID"));
    let browser = crate::app::browser::Browser::new(&app);
    let page = browser.get(&address).await;
    assert_eq!(page.status, 200);
    for part in [
        "<strong>Bold</strong>",
        "&lt;script&gt;",
        "Why it is worth",
        "/guides/first-issue#numbers",
        "Repository health",
        "https://github.com/octo-org/lantern/issues/1",
    ] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    reef.pass(&app, TimeDelta::minutes(20));
    reef.act(LANTERN, number, &IssueAct::Closed(true));
    read_again(&app).await;
    let page = browser.get(&address).await;
    assert!(page.text.contains("This issue is no longer listed"), "{}", page.text);
    let unknown = browser.get("/discover/00000000-0000-0000-0000-000000000001").await;
    assert_eq!(unknown.status, 404);
    app.finish().await;
}
