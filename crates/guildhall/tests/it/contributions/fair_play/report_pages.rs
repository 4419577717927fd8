//! The form of a report, and the pages that lead to it.

use identity::model::Role;

use super::super::flags::series;
use super::{report, server, spam};
use crate::app::{browser::Browser, scenarios::repo};

const PULL: &str = "/pull-requests/octo-org/lantern/1";

#[tokio::test]
async fn the_pages_of_a_pull_request_and_a_project_lead_to_the_form() {
    let app = server().await;
    let visitor = Browser::new(&app);
    let of_pull = "/reports/new?repository=octo-org%2Flantern&#38;number=1";
    let page = visitor.get(PULL).await;
    assert!(page.text.contains(of_pull), "{}", page.text);
    let of_repository = "/reports/new?repository=octo-org/lantern";
    let page = visitor.get("/projects/season").await;
    assert!(page.text.contains(of_repository), "{}", page.text);
    let person = app.browser_of("wren-oak").await;
    let form = person.get(&of_pull.replace("&#38;", "&")).await.text;
    assert!(form.contains("Report <bdi>octo-org/lantern#1</bdi>"), "{form}");
    assert!(form.contains("value=\"junk_repository\""), "{form}");
    let form = person.get(of_repository).await;
    assert_eq!(form.status, 200, "{}", form.text);
    let unknown = person.get("/reports/new?repository=octo-org/none").await;
    assert_eq!(unknown.status, 404);
    let unknown = person.get("/reports/new?repository=octo-org/lantern&number=x").await;
    assert_eq!(unknown.status, 404);
    app.finish().await;
}

#[tokio::test]
async fn the_form_reports_and_keeps_what_was_typed() {
    let app = server().await;
    let person = app.browser_of("wren-oak").await;
    let subject = [("repository", "octo-org/lantern"), ("number", "1")];
    let other = [subject[0], subject[1], ("reason", "other"), ("words", " ")];
    let refused = person.post("/reports", &other).await;
    refused.refuses_form(422, Some("words"), "Describe what is wrong");
    assert!(refused.text.contains("value=\"other\" selected"));
    let refused = person.post("/reports", &subject).await;
    refused.refuses_form(422, Some("reason"), "Choose a reason from the list.");
    let fields = [subject[0], subject[1], ("reason", "copied"), ("words", "From <#3>")];
    let made = person.post("/reports", &fields).await;
    assert_eq!(made.location(), PULL);
    let again = person.post("/reports", &fields).await;
    again.refuses_form(409, None, "You already reported this");
    assert!(again.text.contains("From &#60;#3&#62;"), "{}", again.text);
    let of_repository = [("repository", "octo-org/lantern"), ("reason", "spam")];
    let made = person.post("/reports", &of_repository).await;
    assert_eq!(made.location(), "/projects/season");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let flag = moderator.get("/admin/fair-play/1").await.text;
    for words in [
        "Reported by people",
        "1 person reported copied work",
        "From &#60;#3&#62;",
        "wren-oak",
        "value=\"spam\"",
    ] {
        assert!(flag.contains(words), "{words}: {flag}");
    }
    let flag = moderator.get("/admin/fair-play/2").await.text;
    assert!(flag.contains("/admin/fair-play/repositories/1"), "{flag}");
    assert!(!flag.contains("value=\"spam\""), "{flag}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_queue_has_pages() {
    let app = server().await;
    let series = series(&repo(1, "lantern"), "hexacat", 101..=126);
    app.deliver_all(&series.iter().collect::<Vec<_>>()).await;
    for (login, numbers) in [("wren-oak", 101..=113), ("finch-ash", 114..=126)] {
        let person = app.browser_of(login).await;
        for number in numbers {
            assert_eq!(report(&person, &spam(number)).await.status, 201);
        }
    }
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let first = moderator.get("/admin/fair-play?kind=report").await.text;
    assert!(first.contains("F-25 ·") && !first.contains("F-26 ·"), "{first}");
    let next = first.split("rel=\"next\"").next().expect("a link");
    let next = next.rsplit("href=\"").next().expect("a link");
    let next = next.split('"').next().expect("a link").replace("&#38;", "&");
    let second = moderator.get(&next).await;
    assert_eq!(second.status, 200, "{next}: {}", second.text);
    assert!(second.text.contains("F-26 ·"), "{}", second.text);
    assert!(!second.text.contains("F-25 ·"), "{}", second.text);
    app.work().await;
    app.finish().await;
}
