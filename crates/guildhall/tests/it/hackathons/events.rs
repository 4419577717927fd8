//! The page of events lists hackathons where their flag allows it.

use hackathons::FLAG;
use platform::{
    audit::Actor,
    flags::{FlagChange, change},
};

use crate::app::{TestApp, browser::Browser};

#[tokio::test]
async fn events_are_listed_where_a_flag_allows_them() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let page = browser.get("/events").await.text;
    assert!(page.contains("<h1>Events</h1>") && page.contains("No events yet"), "{page}");
    for list in ["href=\"/seasons\"", "href=\"/hackathons\""] {
        assert!(page.contains(list), "{list}");
    }
    let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
    let flag = FLAG.name;
    change(app.context(), Actor::Operator, flag, off, "to try").await.expect("off");
    let page = browser.get("/events").await.text;
    assert!(!page.contains("href=\"/hackathons\"") && page.contains("href=\"/seasons\""));
    app.finish().await;
}
